/** What a hand does with a card at this machine's reader, drawn for the right side. */
import type { ComponentType } from 'react';
import type { Picture } from '../../../contract/picture.schema.ts';
import { Still, Strokes } from './drawing.tsx';
import { box, circle, MIDDLE, READER_OFFSET, type Stroke } from './shapes.ts';

export type HeldCard = 'card' | 'id-card';

const CARDS: Readonly<Record<HeldCard, readonly Stroke[]>> = {
  card: [
    ['deep', box(-27, -17, 54, 34, 5)],
    ['onDeep', 'M-27-7h54M-19 6h14'],
  ],
  // The portrait tells an identity card from every other one.
  'id-card': [
    ['paper', box(-27, -17, 54, 34, 5)],
    ['line', 'M-19-7h20M-19 1h20M-19 9h12'],
    ['tint', 'M7 12c0-8 3-12 8-12s8 4 8 12z'],
    ['tint', circle(15, -6, 5)],
  ],
};

interface HandProps {
  readonly card: HeldCard;
  readonly x: number;
  readonly y: number;
  readonly tilt?: number;
}

/** A hand holding a card by its outer edge; (x, y) is the card's middle. */
function HandWithCard({ card, x, y, tilt = 0 }: HandProps) {
  return (
    <g transform={`translate(${x} ${y}) rotate(${tilt})`}>
      <Strokes
        of={[
          ['tint', 'M44 26l20-24 120 100-20 24z'],
          ['paper', 'M14 8c-1 10 4 17 13 20l16 7c7 3 13-1 16-8 3-6 3-13-1-17L45-5C34-4 22 0 14 8z'],
          ...CARDS[card],
          ['paper', 'M47-3C40-9 31-12 22-11c-7 1-6 10 1 10 6 0 11 3 15 8 4 4 9 3 11-2 1-3 0-6-2-8z'],
        ]}
      />
    </g>
  );
}

const AT_READER = MIDDLE + READER_OFFSET + 4;

interface Held {
  readonly card: HeldCard;
}

const ACTS: Readonly<Partial<Record<Picture, ComponentType<Held>>>> = {
  'card-on-reader': CardComes,
  'card-reading': CardStays,
  'card-left-early': CardComesBack,
  'card-lift': CardGoesAndComes,
  'card-take': CardGoes,
  'id-card-on-reader': CardComes,
  'id-card-reading': CardStays,
  'id-card-left-early': CardComesBack,
  'id-card-lift': CardGoesAndComes,
};

/** What the hand does with the card at the reader; nothing in pictures that are about something else. */
export function CardAct({ picture }: { readonly picture: Picture }) {
  const Act = ACTS[picture];
  return Act ? <Act card={picture.startsWith('id-') ? 'id-card' : 'card'} /> : null;
}

function CardComes({ card }: Held) {
  return (
    <>
      <Still frame="A">
        <Strokes
          of={[
            ['actArrow', 'M200 98C196 112 188 122 178 131'],
            ['actFill', 'M165 141l6-20 12 15z'],
          ]}
        />
        <HandWithCard card={card} x={216} y={78} tilt={-8} />
      </Still>
      <Still frame="B">
        <HandWithCard card={card} x={192} y={122} tilt={-4} />
      </Still>
      <Still frame="C">
        <HandWithCard card={card} x={AT_READER} y={159} />
        <Strokes of={[['act', waves(AT_READER, 134)]]} />
      </Still>
    </>
  );
}

function CardStays({ card }: Held) {
  return (
    <>
      <HandWithCard card={card} x={AT_READER} y={159} />
      <Still frame="A">
        <Strokes of={[['blue', waves(AT_READER, 134)]]} />
      </Still>
    </>
  );
}

function CardComesBack({ card }: Held) {
  return (
    <>
      <Strokes
        of={[
          ['dash', box(AT_READER - 27, 142, 54, 34, 5)],
          ['actArrow', 'M214 104C210 122 204 132 194 140'],
          ['actFill', 'M184 149l4-18 13 12z'],
        ]}
      />
      <HandWithCard card={card} x={218} y={84} tilt={-8} />
    </>
  );
}

function CardGoes({ card }: Held) {
  return (
    <>
      <Still frame="A">
        <HandWithCard card={card} x={AT_READER} y={159} />
        <Strokes
          of={[
            ['actArrow', 'M196 132C202 118 208 106 216 96'],
            ['actFill', 'M224 84l-17 8 13 11z'],
          ]}
        />
      </Still>
      <Still frame="B">
        <HandWithCard card={card} x={196} y={120} tilt={-4} />
      </Still>
      <Still frame="C">
        <HandWithCard card={card} x={220} y={76} tilt={-8} />
      </Still>
    </>
  );
}

/** Up, away and down again: the reader finds a card only when it arrives. */
function CardGoesAndComes({ card }: Held) {
  return (
    <>
      <Strokes of={[['dash', box(AT_READER - 27, 142, 54, 34, 5)]]} />
      <HandWithCard card={card} x={210} y={92} tilt={-6} />
      <Strokes
        of={[
          ['actArrow', 'M156 130V84'],
          ['actFill', 'M156 70l-9 15h18z'],
          ['actArrow', 'M176 82v46'],
          ['actFill', 'M176 140l-9-15h18z'],
        ]}
      />
    </>
  );
}

function waves(x: number, y: number): string {
  return `M${x - 7} ${y}a9 9 0 0 1 14 0M${x - 14} ${y - 6}a18 18 0 0 1 28 0`;
}
