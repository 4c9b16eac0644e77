/**
 * This machine, seen from the front, with its slots where commissioning found them. The card always comes from the
 * outer side of the reader; `act` strokes show the one movement asked for.
 */
import type { Picture } from '../../../contract/view.schema.ts';
import { Drawing, Still, Strokes } from './drawing.tsx';
import { box, circle, type Stroke } from './shapes.ts';

export type Side = 'left' | 'right';
export interface Slots {
  readonly cardReader: Side;
  readonly paperOutlet: Side;
  readonly portrait: boolean;
}

/** How much of the wide drawing is framed; the side where the act happens gets the room. */
const WIDTH = 208;
const HEIGHT = 210;
const NEAR_EDGE = 54;
/** Middle of the machine; slots lie this far to either side of it. */
const MIDDLE = 130;
const READER_OFFSET = 33;

export const MACHINE_PICTURES = [
  'card-on-reader',
  'card-reading',
  'card-left-early',
  'card-take',
  'paper-comes-out',
] as const satisfies readonly Picture[];
export type MachinePicture = (typeof MACHINE_PICTURES)[number];

export function MachinePictureOf({ picture, slots }: { readonly picture: MachinePicture; readonly slots: Slots }) {
  return (
    <Drawing left={frameLeft(picture, slots)} width={WIDTH} height={HEIGHT} standing>
      <Body slots={slots} />
      <Outlet side={slots.paperOutlet} lower={slots.paperOutlet === slots.cardReader} paper={picture} />
      <Mirrored side={slots.cardReader}>
        <Reader />
        <CardAct picture={picture} />
      </Mirrored>
    </Drawing>
  );
}

function frameLeft(picture: MachinePicture, slots: Slots): number {
  const side = picture === 'paper-comes-out' ? slots.paperOutlet : slots.cardReader;
  return side === 'right' ? NEAR_EDGE : 2 * MIDDLE - NEAR_EDGE - WIDTH;
}

/** Everything at the reader is drawn for the right side and turned over for the left. */
function Mirrored({ side, children }: { readonly side: Side; readonly children: React.ReactNode }) {
  return side === 'right' ? <g>{children}</g> : <g transform={`translate(${2 * MIDDLE} 0) scale(-1 1)`}>{children}</g>;
}

export function Body({ slots }: { readonly slots: Pick<Slots, 'portrait'> }) {
  const screen = slots.portrait ? box(98, 14, 64, 86, 4) : box(82, 20, 96, 60, 4);
  const lines = slots.portrait ? 'M107 28h30M107 38h20' : 'M92 33h36M92 43h24';
  return (
    <Strokes
      of={[
        ['paper', 'M70 210V16A12 12 0 0 1 82 4h96a12 12 0 0 1 12 12v194'],
        ['tint', screen],
        ['line', lines],
        ['paper', box(60, 112, 140, 14, 5)],
        ['soft', 'M70 200h120'],
        ['line', 'M-400 210H700'],
      ]}
    />
  );
}

function Reader() {
  const x = MIDDLE + READER_OFFSET;
  return (
    <Strokes
      of={[
        ['tint', box(x - 17, 138, 34, 42, 5)],
        ['line', `M${x - 4} 150a10 10 0 0 1 0 16M${x + 2} 146a15 15 0 0 1 0 24M${x - 9} 155a4 4 0 0 1 0 6`],
      ]}
    />
  );
}

function Outlet({ side, lower, paper }: { readonly side: Side; readonly lower: boolean; readonly paper: Picture }) {
  const x = MIDDLE + (side === 'right' ? READER_OFFSET : -READER_OFFSET);
  const y = lower ? 190 : 146;
  const slot: readonly Stroke[] = [
    ['tint', box(x - 19, y - 6, 38, 12, 5)],
    ['line', `M${x - 14} ${y}h28`],
  ];
  if (paper !== 'paper-comes-out') return <Strokes of={slot} />;
  return (
    <>
      <Strokes of={slot} />
      <Still frame="B">
        <Strokes of={sheet(x, y, 14)} />
      </Still>
      <Still frame="C">
        <Strokes of={sheet(x, y, 26)} />
      </Still>
      <Still frame="A">
        <Strokes of={[...sheet(x, y, 40), ...pull(x, y, side)]} />
      </Still>
    </>
  );
}

function sheet(x: number, y: number, length: number): Stroke[] {
  const tear = 'l-3-3-3 3-3-3-3 3-3-3-3 3-3-3-3 3';
  const text = [8, 15, 22, 29].filter((at) => at < length - 5).map((at) => `M${x - 7} ${y + at}h${at > 20 ? 8 : 14}`);
  return [
    ['paper', `M${x - 12} ${y}h24v${length}${tear}z`],
    ['line', text.join('')],
  ];
}

/** The arrow that asks to take the paper: down and towards the near edge. */
function pull(x: number, y: number, side: Side): Stroke[] {
  const out = side === 'right' ? 1 : -1;
  const fromX = x + out * 22;
  const toX = x + out * 66;
  return [
    ['actArrow', `M${fromX} ${y + 22}L${toX - out * 4} ${y + 22}`],
    ['actFill', `M${toX + out * 10} ${y + 22}l${-out * 15}-9v18z`],
  ];
}

/** A hand holding a card by its outer edge; (x, y) is the card's middle. */
function HandWithCard({ x, y, tilt = 0 }: { readonly x: number; readonly y: number; readonly tilt?: number }) {
  return (
    <g transform={`translate(${x} ${y}) rotate(${tilt})`}>
      <Strokes
        of={[
          ['tint', 'M44 26l20-24 120 100-20 24z'],
          ['paper', 'M14 8c-1 10 4 17 13 20l16 7c7 3 13-1 16-8 3-6 3-13-1-17L45-5C34-4 22 0 14 8z'],
          ['deep', box(-27, -17, 54, 34, 5)],
          ['onDeep', 'M-27-7h54M-19 6h14'],
          ['paper', 'M47-3C40-9 31-12 22-11c-7 1-6 10 1 10 6 0 11 3 15 8 4 4 9 3 11-2 1-3 0-6-2-8z'],
        ]}
      />
    </g>
  );
}

const AT_READER = MIDDLE + READER_OFFSET + 4;

function CardAct({ picture }: { readonly picture: MachinePicture }) {
  switch (picture) {
    case 'card-on-reader':
      return <CardComes />;
    case 'card-reading':
      return <CardStays />;
    case 'card-left-early':
      return <CardComesBack />;
    case 'card-take':
      return <CardGoes />;
    case 'paper-comes-out':
      return null;
  }
}

function CardComes() {
  return (
    <>
      <Still frame="A">
        <Strokes
          of={[
            ['actArrow', 'M200 98C196 112 188 122 178 131'],
            ['actFill', 'M165 141l6-20 12 15z'],
          ]}
        />
        <HandWithCard x={216} y={78} tilt={-8} />
      </Still>
      <Still frame="B">
        <HandWithCard x={192} y={122} tilt={-4} />
      </Still>
      <Still frame="C">
        <HandWithCard x={AT_READER} y={159} />
        <Strokes of={[['act', waves(AT_READER, 134)]]} />
      </Still>
    </>
  );
}

function CardStays() {
  return (
    <>
      <HandWithCard x={AT_READER} y={159} />
      <Still frame="A">
        <Strokes of={[['blue', waves(AT_READER, 134)]]} />
      </Still>
    </>
  );
}

function CardComesBack() {
  return (
    <>
      <Strokes
        of={[
          ['dash', box(AT_READER - 27, 142, 54, 34, 5)],
          ['actArrow', 'M214 104C210 122 204 132 194 140'],
          ['actFill', 'M184 149l4-18 13 12z'],
        ]}
      />
      <HandWithCard x={218} y={84} tilt={-8} />
    </>
  );
}

function CardGoes() {
  return (
    <>
      <Still frame="A">
        <HandWithCard x={AT_READER} y={159} />
        <Strokes
          of={[
            ['actArrow', 'M196 132C202 118 208 106 216 96'],
            ['actFill', 'M224 84l-17 8 13 11z'],
          ]}
        />
      </Still>
      <Still frame="B">
        <HandWithCard x={196} y={120} tilt={-4} />
      </Still>
      <Still frame="C">
        <HandWithCard x={220} y={76} tilt={-8} />
      </Still>
    </>
  );
}

function waves(x: number, y: number): string {
  return `M${x - 7} ${y}a9 9 0 0 1 14 0M${x - 14} ${y - 6}a18 18 0 0 1 28 0`;
}

/** Small front view for scenes: the foot of the machine stands at (x, y). */
export const SMALL_MACHINE: readonly Stroke[] = [
  ['paper', 'M0 0V-68a5 5 0 0 1 5-5h32a5 5 0 0 1 5 5V0z'],
  ['tint', box(7, -66, 28, 32, 2)],
  ['paper', box(-4, -30, 50, 6, 2)],
  ['line', 'M7-16h12'],
  ['tint', circle(30, -15, 5)],
];
