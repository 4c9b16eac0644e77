/** Drawings of the checks (who is this?) in a 96 x 96 box: cards that are not accepted, fingers, faces, codes, people. */
import type { Picture } from '../../../contract/picture.schema.ts';
import { box, circle, type Stroke } from './shapes.ts';

const ID: readonly Stroke[] = [
  ['tint', box(4, 14, 76, 52, 8)],
  ['paper', circle(26, 34, 8)],
  ['paper', 'M12 58c0-8 5-13 14-13s14 5 14 13z'],
  ['line', 'M50 30h20M50 41h12'],
];
/** Four corners around somebody's head and shoulders. */
const CORNERS: Stroke = [
  'line',
  'M6 24V12a6 6 0 0 1 6-6h12M72 6h12a6 6 0 0 1 6 6v12M90 72v12a6 6 0 0 1-6 6H72M24 90H12a6 6 0 0 1-6-6V72',
];
const HEAD: readonly Stroke[] = [
  ['tint', 'M22 84c0-14 9-22 26-22s26 8 26 22z'],
  ['paper', 'M48 14c13 0 19 9 19 22 0 15-8 27-19 27S29 51 29 36c0-13 6-22 19-22z'],
  ['dot', 'M40 37v.1M56 37v.1'],
  ['line', 'M41 51c4 4 10 4 14 0'],
];
const FINGER: readonly Stroke[] = [
  ['paper', 'M30 96V36a18 18 0 0 1 36 0v60'],
  ['line', 'M40 36a8 8 0 0 1 16 0v12M48 36v18M36 44v14M60 52v12M42 54v12'],
];

export const CHECK_PICTOGRAMS: Readonly<Partial<Record<Picture, readonly Stroke[]>>> = {
  'id-card-not-genuine': [...ID, ['paper', circle(64, 62, 17)], ['line', 'M76 74l14 16M57 62h14']],
  'id-card-unknown': [
    ...ID,
    ['paper', circle(70, 66, 20)],
    ['line', 'M64 61a6.5 6.5 0 1 1 9 6c-2 1-3 2-3 4'],
    ['dot', 'M70 77v.1'],
  ],
  'reader-broken': [
    ['tint', box(16, 4, 48, 58, 8)],
    ['soft', 'M34 22a14 14 0 0 1 0 22M42 16a24 24 0 0 1 0 34M28 28a6 6 0 0 1 0 10'],
    ['line', 'M40 62v8c0 6-4 8-10 8'],
    ['paper', box(8, 70, 22, 16, 4)],
    ['line', 'M30 74h6M30 82h6'],
    ['paper', box(56, 70, 26, 16, 4)],
    ['line', 'M82 78h8'],
    ['act', 'M42 72l8 12M50 72l-8 12'],
  ],
  'finger-done': [...FINGER, ['good', 'M52 74l12 12 22-28']],
  'finger-broken': [
    ['paper', box(18, 4, 60, 60, 8)],
    ['tint', box(32, 11, 32, 46, 16)],
    ['line', 'M40 26l16 16M56 26L40 42'],
    ['line', 'M48 64v10c0 6-6 8-14 8H6M62 82h28'],
    ['paper', box(34, 75, 12, 14, 3)],
    ['paper', box(54, 75, 12, 14, 3)],
  ],
  'no-finger': [
    ['dash', 'M30 96V36a18 18 0 0 1 36 0v60'],
    ['line', 'M37 47l22 22M59 47L37 69'],
  ],
  'face-look': [CORNERS, ...HEAD],
  'face-give': [CORNERS, ...HEAD],
  'no-face': [
    [
      'dash',
      'M48 10c15 0 22 10 22 26 0 17-9 31-22 31S26 53 26 36c0-16 7-26 22-26zM14 92c2-14 12-20 22-22M82 92c-2-14-12-20-22-22',
    ],
    ['line', 'M37 28l22 22M59 28L37 50'],
  ],
  'face-checking': [CORNERS, ...HEAD, ['blue', 'M14 44h68']],
  'face-done': [CORNERS, ...HEAD, ['good', 'M54 70l12 12 22-28']],
  'face-pause': [CORNERS, ...HEAD, ['paper', circle(70, 68, 21)], ['line', 'M70 55v13l9 6']],
  'camera-broken': [
    ['tint', 'M12 26h16l6-10h28l6 10h16a6 6 0 0 1 6 6v42a6 6 0 0 1-6 6H12a6 6 0 0 1-6-6V32a6 6 0 0 1 6-6z'],
    ['paper', circle(48, 52, 19)],
    ['line', 'M40 44l16 16M56 44L40 60'],
  ],
  'pick-up-code': [
    ['paper', box(20, 4, 56, 88, 9)],
    ['tint', box(28, 15, 40, 58, 3)],
    ['line', 'M44 82h8'],
    ['paper', 'M32 28h32a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H48l-8 8v-8h-8a4 4 0 0 1-4-4V32a4 4 0 0 1 4-4z'],
    ['dot', 'M36 42v.1M42 42v.1M48 42v.1M54 42v.1M60 42v.1'],
  ],
  person: [
    ['tint', 'M6 90c0-18 10-28 26-28s26 10 26 28z'],
    ['paper', circle(32, 42, 17)],
    ['dot', 'M26 41v.1M38 41v.1'],
    ['line', 'M26 49c3 3 9 3 12 0'],
    ['paper', 'M58 8h28a6 6 0 0 1 6 6v18a6 6 0 0 1-6 6H72L60 48V38h-2a6 6 0 0 1-6-6V14a6 6 0 0 1 6-6z'],
    ['line', 'M62 19h20M62 27h12'],
  ],
  'collect-card': [
    ['paper', box(10, 54, 76, 34, 8)],
    ['line', 'M22 66h52'],
    ['deep', 'M24 66V30a6 6 0 0 1 6-6h36a6 6 0 0 1 6 6v36z'],
    ['onDeep', 'M24 38h48M32 50h14'],
    ['actArrow', 'M48 14V8'],
    ['actFill', 'M48 0l-9 13h18z'],
  ],
};
