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
  ['line', 'M4-34l24-8'],
  ['paper', circle(0, -54, 9)],
];

/** Somebody sitting on a bench, seen from the front; (0, 0) is the ground below. */
const SITTING: readonly Stroke[] = [
  ['tint', 'M-11-22v-14c0-8 4-13 11-13s11 5 11 13v14z'],
  ['tint', 'M-11-24h22v10c0 2-1 3-3 3v11M-11-24v10c0 2 1 3 3 3v11'],
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
      <At x={40} y={108} scale={1.1} of={PLANT} />
      <At x={98} y={108} scale={1.3} of={STANDING} />
      <At x={132} y={108} scale={1.35} of={SMALL_MACHINE} />
      <At x={212} y={108} scale={1.05} of={BENCH} />
      <At x={236} y={108} scale={1.05} of={SITTING} />
      <At x={272} y={108} scale={1.05} of={SITTING} />
    </Drawing>
  );
}

export function AttractScene() {
  return (
    <Drawing width={300} height={204} standing>
      <g transform="translate(0 4)">
        <Strokes of={ARCADE} />
        <At x={92} y={200} scale={0.86} of={SMALL_MACHINE} />
        <At x={50} y={200} scale={0.86} of={STANDING} />
        <Strokes of={BANYAN} />
        <At x={272} y={200} scale={0.6} of={BENCH} />
        <Strokes of={[['line', 'M320 6c-40 4-84 2-128 22M262 10c-8 8-14 12-24 14M222 17c-4-6-10-8-16-9']]} />
        <Strokes of={[...blossom(192, 30, 11, false), ...blossom(236, 26, 9, false), ...blossom(204, 8, 8, false)]} />
        <Strokes of={blossom(170, 186, 12, true)} />
      </g>
    </Drawing>
  );
}

export function GoodbyeScene() {
  return (
    <Drawing width={300} height={200} standing>
      <At x={50} y={12} scale={1} of={LION} />
      <Strokes
        of={[
          ...blossom(30, 182, 14, false),
          ...blossom(66, 190, 9, false),
          ...blossom(270, 182, 14, false),
          ...blossom(234, 190, 9, false),
        ]}
      />
    </Drawing>
  );
}
