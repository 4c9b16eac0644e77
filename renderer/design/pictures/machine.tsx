/**
 * This machine, seen from the front, with its slots where commissioning found them. The card always comes from the
 * outer side of the reader; `act` strokes show the one movement asked for.
 */
import type { Picture } from '../../../contract/picture.schema.ts';
import { Drawing, Still, Strokes } from './drawing.tsx';
import { CardAct } from './card-acts.tsx';
import { FingerComes } from './finger-acts.tsx';
import { box, circle, MIDDLE, READER_OFFSET, type Stroke } from './shapes.ts';

export type Side = 'left' | 'right';
export interface Slots {
  readonly cardReader: Side;
  readonly paperOutlet: Side;
  readonly fingerReader: Side;
  readonly portrait: boolean;
}

/** How much of the wide drawing is framed; the side where the act happens gets the room. */
const WIDTH = 208;
const HEIGHT = 210;
const NEAR_EDGE = 54;

export const MACHINE_PICTURES = [
  'card-on-reader',
  'card-reading',
  'card-left-early',
  'card-lift',
  'card-take',
  'id-card-on-reader',
  'id-card-reading',
  'id-card-left-early',
  'id-card-lift',
  'finger-place',
  'paper-comes-out',
] as const satisfies readonly Picture[];
export type MachinePicture = (typeof MACHINE_PICTURES)[number];

export function MachinePictureOf({ picture, slots }: { readonly picture: MachinePicture; readonly slots: Slots }) {
  return (
    <Drawing left={frameLeft(picture, slots)} width={WIDTH} height={HEIGHT} standing>
      <Body slots={slots} />
      <Outlet side={slots.paperOutlet} lower={slots.paperOutlet === slots.cardReader} paper={picture} />
      {picture === 'finger-place' ? (
        <Mirrored side={slots.fingerReader}>
          <Sensor />
          <FingerComes />
        </Mirrored>
      ) : (
        <Mirrored side={slots.cardReader}>
          <Reader />
          <CardAct picture={picture} />
        </Mirrored>
      )}
    </Drawing>
  );
}

function frameLeft(picture: MachinePicture, slots: Slots): number {
  const side = sideOf(picture, slots);
  return side === 'right' ? NEAR_EDGE : 2 * MIDDLE - NEAR_EDGE - WIDTH;
}

/** Where the act happens. */
function sideOf(picture: MachinePicture, slots: Slots): Side {
  if (picture === 'paper-comes-out') return slots.paperOutlet;
  return picture === 'finger-place' ? slots.fingerReader : slots.cardReader;
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

function Sensor() {
  const x = MIDDLE + READER_OFFSET;
  return (
    <Strokes
      of={[
        ['paper', box(x - 17, 138, 34, 42, 5)],
        ['deep', box(x - 9, 146, 18, 26, 9)],
        ['onDeep', `M${x - 4} 154a5 5 0 0 1 8 0M${x - 5} 160a6 6 0 0 1 10 0M${x - 4} 166a5 5 0 0 1 8 0`],
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

/** Small front view for scenes: the foot of the machine stands at (x, y). */
export const SMALL_MACHINE: readonly Stroke[] = [
  ['paper', 'M0 0V-68a5 5 0 0 1 5-5h32a5 5 0 0 1 5 5V0z'],
  ['tint', box(7, -66, 28, 32, 2)],
  ['paper', box(-4, -30, 50, 6, 2)],
  ['line', 'M7-16h12'],
  ['tint', circle(30, -15, 5)],
];
