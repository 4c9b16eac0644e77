/**
 * The FaceCheck port: what the camera page uses, whatever looks at the picture in the end. The page's own gates need no model;
 * an adapter only says what is made of the good frame: one cropped JPEG for the platform, or the grey square for the signed
 * model, which the engine runs. Neither leaves the page but through the engine.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Intent } from '../../contract/intent.schema.ts';
import type { FaceAdapter, FaceChallenge, FaceHint } from '../../contract/check.schema.ts';
import { base64Of, openCamera, type Camera } from './camera.ts';
import type { GreyFrame } from './gates.ts';
import { Look } from './look.ts';

export type FaceResult = Extract<Intent, { kind: 'face' }>['result'];

export interface FaceCheckOptions {
  readonly video: HTMLVideoElement;
  readonly clock: Clock;
  readonly adapter: FaceAdapter;
  readonly challenges: readonly FaceChallenge[];
  readonly seconds: number;
  readonly onHint: (hint: FaceHint) => void;
  /** Called once. */
  readonly onResult: (result: FaceResult) => void;
}

export interface FaceCheck {
  /** Ends it without a result; the camera is off at once. */
  stop(): void;
}

/** Makes the answer of the good frame. Undefined: the browser could not. */
type Adapter = (camera: Camera, frame: GreyFrame) => Promise<string | undefined>;

const ADAPTERS: Readonly<Record<FaceAdapter, Adapter>> = {
  remote: (camera) => camera.jpeg(),
  'on-device': (_camera, frame) => Promise.resolve(base64Of(frame.grey)),
};

/** Seven frames a second are enough to follow a head, and leave a small machine its breath. */
const FRAME_MS = 140;

export function startFaceCheck(options: FaceCheckOptions): FaceCheck {
  const { clock, video, onHint, onResult } = options;
  const look = new Look(options.challenges);
  const endsAt = clock.now() + options.seconds * 1_000;
  let camera: Camera | undefined;
  let timer: TimerHandle | undefined;
  let isOver = false;
  /** The good frame is found and being made into the answer. */
  let isKept = false;

  function stop(): void {
    isOver = true;
    if (timer) clock.cancel(timer);
    camera?.stop();
    look.forget();
  }

  function end(result: FaceResult): void {
    if (isOver) return;
    stop();
    onResult(result);
  }

  async function keep(frame: GreyFrame): Promise<void> {
    if (!camera) return;
    const picture = await ADAPTERS[options.adapter](camera, frame);
    end(picture === undefined ? { seen: 'noCamera' } : { seen: 'face', picture });
  }

  function beat(): void {
    if (isOver) return;
    const frame = camera?.frame();
    if (frame) take(frame);
    // Pictures that never come are a camera that is none.
    if (!isKept && clock.now() >= endsAt) return end({ seen: frame ? 'notLive' : 'noCamera' });
    if (!isOver && !isKept) timer = clock.after(FRAME_MS, beat);
  }

  function take(frame: GreyFrame): void {
    const step = look.take(frame);
    switch (step.kind) {
      case 'hint':
        return onHint(step.hint);
      case 'notLive':
        return end({ seen: 'notLive' });
      case 'seen':
        isKept = true;
        void keep(frame);
    }
  }

  onHint('starting');
  void openCamera(video, () => !isOver).then((opened) => {
    if (isOver) return;
    if (!opened) return end({ seen: 'noCamera' });
    camera = opened;
    camera.onGone(() => end({ seen: 'noCamera' }));
    beat();
  });
  return { stop };
}
