/** What belongs to this place: arcade, banyan, kapok, lion. For the first and the last page only. */
import { box, circle, type Stroke } from './shapes.ts';

/** Points on an ellipse joined by small outward bows: foliage, manes. */
export function scallops(x: number, y: number, radiusX: number, radiusY: number, count: number): string {
  const point = (index: number) => {
    const angle = (2 * Math.PI * index) / count - Math.PI / 2;
    return `${(x + radiusX * Math.cos(angle)).toFixed(1)} ${(y + radiusY * Math.sin(angle)).toFixed(1)}`;
  };
  const bow = (1.25 * Math.PI * Math.min(radiusX, radiusY)) / count;
  const bows = Array.from({ length: count }, (_, index) => `A${bow} ${bow} 0 0 1 ${point(index + 1)}`);
  return `M${point(0)}${bows.join('')}z`;
}

/** A kapok blossom: five broad petals around a heart; `filled` in red where it marks the one thing to do. */
export function blossom(x: number, y: number, radius: number, filled: boolean): Stroke[] {
  const petals = Array.from({ length: 5 }, (_, index): Stroke => {
    const angle = (2 * Math.PI * index) / 5 - Math.PI / 2;
    const path = circle(x + radius * 0.58 * Math.cos(angle), y + radius * 0.58 * Math.sin(angle), radius * 0.46);
    return [filled ? 'actFill' : 'paper', path];
  });
  return [...petals, [filled ? 'actFill' : 'tint', circle(x, y, radius * 0.34)], ['dot', `M${x} ${y}v.1`]];
}

/** Two bays of an arcade house; its pavement is y = 200. */
export const ARCADE: readonly Stroke[] = [
  ['paper', 'M14 200V62h132v138'],
  ['tint', 'M8 62h144v-9H8z'],
  ['paper', 'M52 53c4-4 6-10 6-16 6 2 10-2 10-8 4 6 20 6 24 0 0 6 4 10 10 8 0 6 2 12 6 16z'],
  ['paper', circle(80, 43, 5)],
  ['tint', window(28)],
  ['tint', window(66)],
  ['tint', window(104)],
  ['line', 'M42 72v32M80 72v32M118 72v32'],
  ['paper', 'M8 116h144v8H8z'],
  ['ground', 'M24 200v-44a26 26 0 0 1 52 0v44'],
  ['ground', 'M84 200v-44a26 26 0 0 1 52 0v44'],
  ['tint', 'M38 200v-40h24v40M98 200v-40h24v40'],
  ['line', 'M50 160v40M110 160v40'],
  ['line', 'M14 158h10M76 158h8M136 158h10'],
];

function window(x: number): string {
  return `M${x} 108V80a14 12 0 0 1 28 0v28z`;
}

/** A banyan with hanging roots, and the stone seat under it. */
export const BANYAN: readonly Stroke[] = [
  ['paper', 'M214 200c8-16 8-34 4-58l-16-22h62l-14 24c-4 22-2 40 8 56-8-2-12-2-18 2-8-4-16-6-26-2z'],
  ['line', 'M232 196c2-16 2-30 0-46M242 150c-1 14-1 24 1 40'],
  ['tint', scallops(232, 84, 64, 44, 13)],
  ['line', 'M190 128v30M198 132v44M268 130v40M276 124v24M284 118v14'],
  [
    'soft',
    'M186 88c4-6 12-6 16 0M216 62c4-6 12-6 16 0M254 70c4-6 12-6 16 0M228 96c4-6 12-6 16 0M262 104c4-6 12-6 16 0',
  ],
];

/** The lion's head, seen from the front, in a 200 x 176 box. */
export const LION: readonly Stroke[] = [
  ['tint', scallops(100, 92, 78, 70, 15)],
  ['paper', 'M48 54C34 46 22 52 22 68c8 6 18 4 26-4zM152 54c14-8 26-2 26 14-8 6-18 4-26-4z'],
  ['paper', 'M64 132c0 20 6 32 13 40 5-8 8-14 9-22 2 12 7 20 14 27 7-7 12-15 14-27 1 8 4 14 9 22 7-8 13-20 13-40z'],
  ['paper', 'M90 36C86 22 92 10 100 4c8 6 14 18 10 32'],
  ['paper', 'M100 32c36 0 58 22 58 54s-24 60-58 60-58-28-58-60 22-54 58-54z'],
  ['tint', circle(100, 52, 12)],
  ['good', 'M94 52l5 5 8-9'],
  ['paper', circle(72, 82, 16)],
  ['paper', circle(128, 82, 16)],
  ['solid', circle(75, 84, 7)],
  ['solid', circle(125, 84, 7)],
  ['line', 'M50 66c4-12 20-18 36-8M150 66c-4-12-20-18-36-8'],
  ['tint', 'M84 100c0-8 7-12 16-12s16 4 16 12c0 6-7 9-16 9s-16-3-16-9z'],
  ['tint', 'M62 112c12 8 64 8 76 0 0 18-16 28-38 28s-38-10-38-28z'],
  ['line', 'M72 118v8M86 120v8M100 121v8M114 120v8M128 118v8'],
];

/** A bench with its legs; (0, 0) is the ground at its left end. */
export const BENCH: readonly Stroke[] = [
  ['paper', box(0, -24, 84, 6, 3)],
  ['line', 'M10-18V0M74-18V0'],
];
