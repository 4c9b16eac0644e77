/** One of the contract's pictures, drawn for this machine. */
import type { Picture as PictureName } from '../../../contract/picture.schema.ts';
import type { Frame } from '../../../contract/view.schema.ts';
import { useKiosk } from '../../kiosk.context.ts';
import { CHECK_PICTOGRAMS } from './check-pictograms.ts';
import { Drawing, Strokes, Turning } from './drawing.tsx';
import { FINGER_ACTS } from './finger-acts.tsx';
import { fingerOf, Hands } from './hands.tsx';
import { MACHINE_PICTURES, MachinePictureOf, type MachinePicture } from './machine.tsx';
import { PICTOGRAMS } from './pictograms.ts';
import { circle } from './shapes.ts';

export function Picture({ name }: { readonly name: PictureName }) {
  const { display } = useKiosk().frame;
  const machine = MACHINE_PICTURES.find((each) => each === name);
  if (machine) return <OnMachine picture={machine} display={display} />;
  if (name === 'wait') return <Waiting />;
  const finger = fingerOf(name);
  if (finger) return <Hands finger={finger} />;
  const Moving = FINGER_ACTS[name];
  if (Moving) return <Moving />;
  return (
    <Drawing width={96} height={96}>
      <Strokes of={PICTOGRAMS[name] ?? CHECK_PICTOGRAMS[name] ?? []} />
    </Drawing>
  );
}

/** Whether a picture stands on the ground of the stage or hangs in it. */
export function isStanding(name: PictureName): boolean {
  return MACHINE_PICTURES.some((each) => each === name);
}

interface OnMachineProps {
  readonly picture: MachinePicture;
  readonly display: Frame['display'];
}

function OnMachine({ picture, display }: OnMachineProps) {
  const portrait = document.documentElement.clientHeight >= document.documentElement.clientWidth;
  return (
    <MachinePictureOf
      picture={picture}
      slots={{
        cardReader: display.cardReader,
        paperOutlet: display.paperOutlet,
        fingerReader: display.fingerReader ?? display.cardReader,
        portrait,
      }}
    />
  );
}

function Waiting() {
  return (
    <Drawing width={96} height={96}>
      <Strokes
        of={[
          ['tint', circle(48, 48, 40)],
          ['line', 'M48 14v5M48 77v5M14 48h5M77 48h5M48 48V29'],
        ]}
      />
      <Turning>
        <Strokes of={[['blue', 'M48 48l20 0']]} />
      </Turning>
      <Strokes of={[['dot', 'M48 48v.1']]} />
    </Drawing>
  );
}
