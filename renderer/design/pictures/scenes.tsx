/** Wide scenes. Local motifs (arcade, banyan, kapok, lion) stand on the first and the last page only. */
import { Drawing, Strokes } from './drawing.tsx';
import { SMALL_MACHINE } from './machine.tsx';
import { ARCADE, BANYAN, BENCH, blossom, LION } from './motifs.ts';
import { circle, type Stroke } from './shapes.ts';

interface Place {
  readonly x: number;
  readonly y: number;
  readonly scale?: number;
  readonly of: readonly Stroke[];
}

function At({ x, y, scale = 1, of }: Place) {
  return (
    <g transform={`translate(${x} ${y}) scale(${scale})`}>
      <Strokes of={of} />
    </g>
  );
}

/** Somebody standing, an arm held out to the right; (0, 0) is between the feet. */
const STANDING: readonly Stroke[] = [
  ['tint', 'M-13 0v-28c0-9 5-15 13-15s13 6 13 15V0z'],
  ['line', 'M4-32c6 2 12-2 20-10'],
  ['paper', circle(0, -54, 9)],
];

/** Somebody sitting on a bench, seen from the front; (0, 0) is the ground below. */
const SITTING: readonly Stroke[] = [
  ['tint', 'M-11-22v-14c0-8 4-13 11-13s11 5 11 13v14z'],
  ['tint', 'M-12-24h24v21a3 3 0 0 1-3 3h-4v-13h-10V0h-4a3 3 0 0 1-3-3z'],
  ['paper', circle(0, -59, 8.5)],
];

const PLANT: readonly Stroke[] = [
  [
    'tint',
    'M0-30c-4-14-16-16-20-16 0 12 8 18 20 16zM0-38c2-16 12-22 20-24 2 14-6 24-20 24zM0-30c-2-18-8-26-6-40 10 6 12 22 6 40z',
  ],
  ['line', 'M0-20v-14'],
  ['paper', 'M-13-22h26L9 0H-9z'],
];

export function HomeScene() {
  return (
    <Drawing width={300} height={108} standing>
      <Strokes of={[['line', 'M-400 108H700']]} />
      <At x={40} y={108} scale={1.1} of={PLANT} />
      <At x={98} y={108} scale={1.3} of={STANDING} />
      <At x={132} y={108} scale={1.35} of={SMALL_MACHINE} />
      <At x={212} y={108} scale={1.05} of={BENCH} />
      <At x={236} y={108} scale={1.05} of={SITTING} />
      <At x={272} y={108} scale={1.05} of={SITTING} />
    </Drawing>
  );
}

const KAPOK_BRANCH: readonly Stroke[] = [
  ['line', 'M420-6C340-2 260-14 176 22M330-4c-14 14-30 18-44 18M240 1c-10-12-24-18-40-18'],
  ...blossom(174, 24, 13, false),
  ...blossom(282, 16, 10, false),
  ...blossom(198, -18, 10, false),
];

export function AttractScene() {
  return (
    <Drawing width={330} height={236} standing>
      <g transform="translate(0 36)">
        <Strokes of={[['line', 'M-400 200H730']]} />
        <Strokes of={ARCADE} />
        <At x={166} y={200} of={SMALL_MACHINE} />
        <At x={134} y={200} scale={1.02} of={STANDING} />
        <g transform="translate(30 0)">
          <Strokes of={BANYAN} />
        </g>
        <At x={282} y={200} scale={0.66} of={BENCH} />
        <At x={310} y={200} scale={0.8} of={SITTING} />
        <Strokes of={KAPOK_BRANCH} />
        <Strokes of={blossom(226, 189, 11, true)} />
      </g>
    </Drawing>
  );
}

export function GoodbyeScene() {
  return (
    <Drawing width={280} height={216} standing>
      <Strokes of={[['line', 'M-400 216H700']]} />
      <At x={26} y={10} scale={1.14} of={LION} />
      <Strokes
        of={[
          ...blossom(22, 198, 17, false),
          ...blossom(58, 206, 10, false),
          ...blossom(258, 198, 17, false),
          ...blossom(222, 206, 10, false),
        ]}
      />
    </Drawing>
  );
}
