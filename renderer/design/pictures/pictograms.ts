/** Drawings of things and places, in a 96 x 96 box. What stands on the machine itself is in machine.tsx. */
import type { Picture } from '../../../contract/picture.schema.ts';
import { box, circle, type Stroke } from './shapes.ts';

const CARD: Stroke = ['tint', box(6, 20, 84, 56, 8)];
const FACE: Stroke = ['tint', circle(48, 48, 40)];

export const PICTOGRAMS: Readonly<Partial<Record<Picture, readonly Stroke[]>>> = {
  language: [
    ['tint', 'M14 10h42a8 8 0 0 1 8 8v26a8 8 0 0 1-8 8H30L18 63V52h-4a8 8 0 0 1-8-8V18a8 8 0 0 1 8-8z'],
    ['line', 'M34 17v5M21 24h26M41 24c-2 9-9 15-19 19M27 24c2 9 9 15 17 18'],
    ['paper', 'M54 40h28a8 8 0 0 1 8 8v24a8 8 0 0 1-8 8h-2v10L67 80H54a8 8 0 0 1-8-8V48a8 8 0 0 1 8-8z'],
    ['line', 'M58 71l10-23 10 23M61.5 63.5h13'],
  ],
  'take-number': [
    ['tint', box(8, 8, 80, 22, 8)],
    ['paper', 'M24 19h48v66l-6-5-6 5-6-5-6 5-6-5-6 5-6-5-6 5z'],
    ['line', 'M18 19h60M34 33h28'],
    ['line', 'M40 44l-2 20M52 44l-2 20M33 50h24M32 58h24'],
  ],
  parking: [
    ['line', 'M19 34v34'],
    ['paper', box(6, 6, 26, 28, 5)],
    ['line', 'M15 28V13h5a5 5 0 0 1 0 10h-5'],
    ['tint', 'M12 78V64c0-3 2-6 5-7l11-3 9-14c1.5-2 4-4 7-4h18c3 0 6 2 7 4l8 14 8 3c3 1 5 4 5 7v10a4 4 0 0 1-4 4z'],
    ['paper', 'M38 54l6-9c1-1 2-2 4-2h5v11zM60 54V43h3c2 0 3 1 4 2l5 9z'],
    ['paper', circle(31, 78, 9)],
    ['paper', circle(72, 78, 9)],
  ],
  'livelihood-card': [
    CARD,
    ['paper', 'M20 50v16h26V50'],
    ['line', 'M15 52l18-16 18 16M33 66V55'],
    ['line', 'M60 40h20M60 52h20M60 64h12'],
  ],
  'id-card': [
    CARD,
    ['paper', circle(30, 42, 9)],
    ['paper', 'M14 68c0-9 6-15 16-15s16 6 16 15z'],
    ['line', 'M58 38h22M58 51h22M58 64h14'],
  ],
  'social-security-card': [
    CARD,
    ['paper', box(16, 40, 18, 16, 3)],
    ['line', 'M16 48h18M25 40v16'],
    ['paper', 'M46 52c0-11 7-19 17-19s17 8 17 19z'],
    ['line', 'M63 52v12a4.5 4.5 0 0 1-9 0'],
  ],
  'bank-card': [CARD, ['solid', 'M6 34h84v10H6z'], ['paper', box(16, 53, 16, 12, 3)], ['line', 'M62 64h18']],
  'no-card': [
    ['dash', box(6, 20, 84, 56, 8)],
    ['line', 'M37 37l22 22M59 37L37 59'],
  ],
  'card-unknown': [CARD, ['line', 'M37 42a11 11 0 1 1 15 10c-3 1.2-4 3-4 6'], ['dot', 'M48 66v.1']],
  'pay-on-terminal': [
    ['paper', box(24, 36, 48, 58, 8)],
    ['tint', box(32, 45, 32, 16, 3)],
    ['dot', 'M38 71v.1M48 71v.1M58 71v.1M38 81v.1M48 81v.1M58 81v.1'],
    ['deep', box(52, 2, 40, 25, 4)],
    ['onDeep', 'M52 10h40M59 20h12'],
    ['actArrow', 'M46 14C34 14 26 18 24 24'],
    ['actFill', 'M22 34l-7-12h15z'],
  ],
  'paper-trouble': [
    ['tint', box(8, 10, 80, 24, 8)],
    ['line', 'M18 22h60'],
    ['paper', 'M26 22v20l10 8-12 9 12 8-4 13 14-6 12 8 4-12 10-4-8-9 8-9-6-10 4-16z'],
    ['line', 'M36 50l14-6 12 8M46 74l6-12'],
  ],
  offline: [
    ['tint', 'M28 74a20 20 0 0 1-3-39.7 24 24 0 0 1 46-2.3A21 21 0 0 1 72 74z'],
    ['line', 'M39 46l18 18M57 46L39 64'],
  ],
  trouble: [
    ['tint', 'M52.3 13.5l34.5 60a5 5 0 0 1-4.3 7.5h-69a5 5 0 0 1-4.3-7.5l34.5-60a5 5 0 0 1 8.6 0z'],
    ['line', 'M48 36v22'],
    ['dot', 'M48 69v.1'],
  ],
  done: [
    ['tint', circle(48, 48, 40)],
    ['good', 'M29 50l14 14 25-30'],
  ],
  help: [
    ['tint', 'M12 90c0-16 14-24 36-24s36 8 36 24z'],
    ['paper', circle(48, 38, 23)],
    ['line', 'M39 46c4 5 14 5 18 0'],
    ['dot', 'M40 35v.1M56 35v.1'],
    ['line', 'M20 40v-6a28 28 0 0 1 56 0v6M77 54c0 9-8 14-20 14'],
    ['tint', box(14, 38, 12, 18, 5)],
    ['tint', box(70, 38, 12, 18, 5)],
  ],
  phone: [
    ['paper', box(24, 4, 48, 88, 9)],
    ['tint', box(32, 16, 32, 56, 2)],
    ['line', 'M44 82h8'],
    ['paper', box(37, 28, 9, 9, 1)],
    ['paper', box(50, 28, 9, 9, 1)],
    ['paper', box(37, 41, 9, 9, 1)],
    ['dot', 'M51.5 43v.1M58 43v.1M51.5 50v.1M58 50v.1M51.5 58v.1M39 58v.1'],
  ],
  'civil-affairs': [
    ['line', 'M6 40L48 8l42 32'],
    ['tint', 'M16 88c0-18 6-28 17-28s17 10 17 28z'],
    ['paper', circle(33, 47, 11)],
    ['tint', 'M52 88c0-14 5-22 13.5-22S79 74 79 88z'],
    ['paper', circle(65.5, 55, 9)],
  ],
  'social-security': [
    ['paper', 'M32 90c0-17 6-25 16-25s16 8 16 25z'],
    ['paper', circle(48, 55, 9)],
    [
      'tint',
      'M6 42C8 22 25 10 48 10s40 12 42 32c-4-5-10-5-14 0-4-5-10-5-14 0-4-5-10-5-14 0-4-5-10-5-14 0-4-5-10-5-14 0-4-5-10-5-14 0z',
    ],
    ['line', 'M48 10V5'],
  ],
  health: [
    ['tint', 'M48 86C20 66 6 52 6 33A21 21 0 0 1 48 24a21 21 0 0 1 42 9c0 19-14 33-42 53z'],
    ['line', 'M14 50h18l8-16 12 28 8-18 5 6h17'],
  ],
  documents: [
    ['paper', 'M24 6h34l18 18v62a4 4 0 0 1-4 4H24a4 4 0 0 1-4-4V10a4 4 0 0 1 4-4z'],
    ['tint', 'M58 6v14a4 4 0 0 0 4 4h14z'],
    ['line', 'M32 40h32M32 52h32M32 64h10'],
    ['tint', circle(60, 72, 10)],
    ['solid', 'M60 65l2 4.6 5 .5-3.8 3.3 1.2 4.9-4.4-2.6-4.4 2.6 1.2-4.9-3.8-3.3 5-.5z'],
  ],
  'other-window': [
    ['tint', box(12, 6, 72, 60, 6)],
    ['paper', 'M26 66c0-14 8-22 22-22s22 8 22 22z'],
    ['paper', circle(48, 32, 12)],
    ['paper', box(4, 66, 88, 12, 4)],
    ['line', 'M14 78v14M82 78v14'],
  ],
  'face-great': [
    FACE,
    ['line', 'M29 38c2-5 10-5 12 0M55 38c2-5 10-5 12 0'],
    ['paper', 'M26 52h44c0 15-9 24-22 24s-22-9-22-24z'],
  ],
  'face-good': [FACE, ['dot', 'M35 38v1M61 38v1'], ['line', 'M28 56c8 15 32 15 40 0']],
  'face-fair': [FACE, ['dot', 'M35 38v1M61 38v1'], ['line', 'M31 62h34']],
  'face-poor': [FACE, ['dot', 'M35 40v1M61 40v1'], ['line', 'M31 68c8-11 26-11 34 0']],
  'face-bad': [FACE, ['dot', 'M35 44v1M61 44v1'], ['line', 'M26 33l12 5M70 33l-12 5M28 72c7-17 33-17 40 0']],
};
