/** Both hands seen from above, as their owner sees them; the finger that is asked for is red. */
import type { Finger } from '../../../contract/check.schema.ts';
import { PICTURES, type Picture } from '../../../contract/picture.schema.ts';
import { Drawing, Strokes } from './drawing.tsx';
import type { Stroke } from './shapes.ts';

/** The right hand in a 92 x 100 box: thumb at the left, wrist below. The left one is turned over. */
const OUTLINE =
  'M32 98V86C24 80 16 72 9 63c-5-7 3-14 9-8l10 9V26a5.5 5.5 0 0 1 11 0v24-34a5.5 5.5 0 0 1 11 0v34-30a5.5 5.5 0 0 1 11 0v31-19a5.5 5.5 0 0 1 11 0v40c0 9-3 14-8 18v9';
/** The finger alone, from its tip to the palm. */
const FINGERS: Readonly<Record<string, string>> = {
  thumb: 'M28 64l-10-9c-6-6-14 1-9 8 4 5 9 10 14 15z',
  index: 'M28 52V26a5.5 5.5 0 0 1 11 0v26z',
  middle: 'M39 52V16a5.5 5.5 0 0 1 11 0v36z',
  ring: 'M50 52V20a5.5 5.5 0 0 1 11 0v32z',
  little: 'M61 54V32a5.5 5.5 0 0 1 11 0v22z',
};
const NAILS: Stroke = ['line', 'M31 26h5M42 16h5M53 20h5M64 32h5'];

/** The finger that a picture of hands is about. */
export function fingerOf(name: Picture): Finger | undefined {
  return name.startsWith('hand-') && PICTURES.includes(name) ? (name.slice('hand-'.length) as Finger) : undefined;
}

export function Hands({ finger }: { readonly finger: Finger }) {
  const [side, which = ''] = finger.split('-');
  return (
    <Drawing width={190} height={100} wide>
      <g transform="translate(92 0) scale(-1 1)">
        <Hand finger={side === 'left' ? which : undefined} />
      </g>
      <g transform="translate(98 0)">
        <Hand finger={side === 'right' ? which : undefined} />
      </g>
    </Drawing>
  );
}

function Hand({ finger }: { readonly finger: string | undefined }) {
  const asked = finger === undefined ? undefined : FINGERS[finger];
  return (
    <Strokes
      of={[
        [finger === undefined ? 'tint' : 'paper', OUTLINE],
        ...(asked === undefined ? [] : [['actFill', asked] as Stroke, ['line', asked] as Stroke]),
        NAILS,
      ]}
    />
  );
}
