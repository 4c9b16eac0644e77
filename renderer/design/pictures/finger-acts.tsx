/** A finger at the sensor, seen from above as its owner sees it: the sensor ahead, the finger coming from below. */
import type { ComponentType } from 'react';
import type { Picture } from '../../../contract/picture.schema.ts';
import { Drawing, Still, Strokes } from './drawing.tsx';
import { box, MIDDLE, READER_OFFSET, type Stroke } from './shapes.ts';

const SENSOR: readonly Stroke[] = [
  ['paper', box(18, 4, 60, 56, 8)],
  ['deep', box(31, 10, 34, 44, 17)],
];
const RIDGES: Stroke = ['onDeep', 'M40 24a10 10 0 0 1 16 0M37 32a14 14 0 0 1 22 0M40 40a10 10 0 0 1 16 0'];

/** A straight finger whose tip is at `y`. */
function finger(y: number, x = 48): Stroke[] {
  return [
    ['paper', `M${x - 13} 100V${y + 13}a13 13 0 0 1 26 0V100`],
    ['tint', `M${x - 7} ${y + 20}v-7a7 8 0 0 1 14 0v7a7 4 0 0 1-14 0z`],
    ['line', `M${x - 8} ${y + 44}h16`],
  ];
}

function Comes() {
  return (
    <Drawing width={96} height={96}>
      <Strokes of={[...SENSOR, RIDGES]} />
      <Still frame="A">
        <Strokes of={[...finger(66), ['actArrow', 'M84 92V58'], ['actFill', 'M84 44l-9 15h18z']]} />
      </Still>
      <Still frame="B">
        <Strokes of={finger(40)} />
      </Still>
      <Still frame="C">
        <Strokes of={finger(16)} />
      </Still>
    </Drawing>
  );
}

function Holds() {
  return (
    <Drawing width={96} height={96}>
      <Strokes of={[...SENSOR, ...finger(16)]} />
      <Still frame="A">
        <Strokes of={[['blue', 'M26 20a24 24 0 0 0 0 28M70 20a24 24 0 0 1 0 28']]} />
      </Still>
    </Drawing>
  );
}

function Lifts() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          ...SENSOR,
          RIDGES,
          ['dash', 'M35 66V30a13 13 0 0 1 26 0v36'],
          ...finger(70),
          ['actArrow', 'M84 48v30'],
          ['actFill', 'M84 94l-9-15h18z'],
        ]}
      />
    </Drawing>
  );
}

/** Somebody breathes on their finger. */
function Breathes() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          [
            'paper',
            'M8 88V72C0 62-2 46 0 34 3 14 16 6 28 8c9 1 13 8 11 16l9 13c1 3-1 5-5 5l-2 5 3 4-4 3 2 5c1 7-3 11-11 11h-5v18',
          ],
          ['tint', 'M0 40C-2 16 14 2 30 6c8 2 11 8 8 14-8-3-14 0-16 7-2 9-10 14-22 13z'],
          ['dot', 'M32 32v.1'],
          ...finger(30, 80),
        ]}
      />
      <Still frame="A">
        <Strokes of={[['blue', 'M50 46c4-3 6 3 10 0M50 54c4-3 6 3 10 0M50 62c4-3 6 3 10 0']]} />
      </Still>
    </Drawing>
  );
}

/** A cloth, and the drops that it takes away. */
function Wipes() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          ...finger(22),
          ['tint', 'M6 50c14-8 26 6 42 0s28-6 42 2v24c-14-8-26 4-42 0S20 70 6 78z'],
          ['soft', 'M16 60c10-3 18 3 28 1M58 62c8-2 16-2 24 1'],
          [
            'blue',
            'M24 20c-4 6-6 8-6 11a6 6 0 0 0 12 0c0-3-2-5-6-11zM74 10c-4 6-6 8-6 11a6 6 0 0 0 12 0c0-3-2-5-6-11z',
          ],
          ['actArrow', 'M26 90h38'],
          ['actFill', 'M80 90l-15-8v16z'],
        ]}
      />
    </Drawing>
  );
}

/** From the side: the whole first joint lies on the glass, not the tip alone. */
function LiesFlat() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          ['paper', box(6, 66, 84, 24, 6)],
          ['deep', box(16, 60, 44, 8, 3)],
          ['paper', 'M100 26H62C44 26 18 36 16 48c-1 7 5 12 12 12h34c14 0 24-4 38-6z'],
          ['tint', 'M26 38c4-4 9-6 14-7 2 4 0 9-4 11z'],
          ['actArrow', 'M40 4v8'],
          ['actFill', 'M40 27l-9-15h18z'],
        ]}
      />
    </Drawing>
  );
}

function KeepsStill() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          ...SENSOR,
          ['dash', 'M22 96V34a13 13 0 0 1 13-13M74 96V34a13 13 0 0 0-13-13'],
          ...finger(16),
          ['act', 'M10 66v22M4 66v22M86 66v22M92 66v22'],
        ]}
      />
    </Drawing>
  );
}

/** One finger goes, the next one comes. */
function Changes() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          ['paper', box(22, 2, 52, 36, 8)],
          ['deep', box(34, 7, 28, 27, 13)],
          ['dash', 'M12 100V71a11 11 0 0 1 22 0v29'],
          ['paper', 'M58 100V63a13 13 0 0 1 26 0v37'],
          ['tint', 'M64 70v-7a7 8 0 0 1 14 0v7a7 4 0 0 1-14 0z'],
          ['actArrow', 'M26 54c4-7 12-10 22-9'],
          ['actFill', 'M62 44l-15 10v-18z'],
        ]}
      />
    </Drawing>
  );
}

export const FINGER_ACTS: Readonly<Partial<Record<Picture, ComponentType>>> = {
  'finger-give': Comes,
  'finger-hold': Holds,
  'finger-lift': Lifts,
  'finger-dry': Breathes,
  'finger-wet': Wipes,
  'finger-press': LiesFlat,
  'finger-still': KeepsStill,
  'finger-other': Changes,
};

/** A pointing hand at this machine's sensor, drawn for the right side. */
export function FingerComes() {
  const x = MIDDLE + READER_OFFSET;
  return (
    <>
      <Still frame="A">
        <PointingHand x={x + 40} y={104} />
        <Strokes
          of={[
            ['actArrow', `M${x + 30} 114L${x + 18} 132`],
            ['actFill', `M${x + 9} 146l2-18 14 10z`],
          ]}
        />
      </Still>
      <Still frame="B">
        <PointingHand x={x + 20} y={134} />
      </Still>
      <Still frame="C">
        <PointingHand x={x + 2} y={160} />
      </Still>
    </>
  );
}

/** The fingertip is at (x, y); the arm comes from the lower right. */
function PointingHand({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g transform={`translate(${x} ${y}) rotate(-42)`}>
      <Strokes
        of={[
          ['tint', 'M-8 74h34v130h-34z'],
          ['paper', 'M-7 80V8a7 7 0 0 1 14 0v30c2-4 10-4 11 1 3-3 9-2 10 3 4-2 8 1 8 6v16c0 9-4 14-9 18z'],
          ['tint', 'M-4 12V7a4 5 0 0 1 8 0v5a4 2 0 0 1-8 0z'],
          ['line', 'M18 40v10M28 44v8'],
        ]}
      />
    </g>
  );
}
