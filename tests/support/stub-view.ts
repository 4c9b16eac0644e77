/** Views of the stub engine: two pages, enough for a host to be judged by. */
import { FACE_HINTS, type FaceHint } from '../../contract/check.schema.ts';
import type { Frame, View } from '../../contract/view.schema.ts';

const FRAME: Frame = {
  station: 'Stub station',
  clock: '08:00',
  network: { state: 'online', label: 'online' },
  locale: 'en',
  size: 'S2',
  contrast: 'light',
  reach: 'normal',
  display: { pixelsPerMm: 4, lowerEdgeMm: 900, cardReader: 'right', paperOutlet: 'left' },
  helpBar: (['size', 'contrast', 'reach', 'language', 'help', 'end'] as const).map((id) => ({
    id,
    label: id,
    pressed: false,
    available: true,
  })),
};

/** The one page on which a host gives the camera. */
export function stubCameraView(page: number): View {
  const hints = Object.fromEntries(FACE_HINTS.map((hint) => [hint, hint])) as Record<FaceHint, string>;
  return {
    page,
    frame: FRAME,
    screen: {
      kind: 'face-camera',
      title: 'Camera',
      subtitle: 'camera',
      hints,
      challenges: ['turn-head'],
      adapter: 'remote',
      seconds: 30,
      back: 'Back',
    },
  };
}

/** `engine` tells one engine process from the next. */
export function stubView(page: number, started: boolean, engine: string): View {
  const heading = { title: started ? 'Chosen' : 'Welcome', subtitle: `engine ${engine}` };
  if (!started) {
    const languages = [{ id: 'en', label: 'English' }];
    return { page, frame: FRAME, screen: { kind: 'attract', ...heading, start: 'Start', quick: [], languages } };
  }
  return {
    page,
    frame: FRAME,
    screen: { kind: 'question', topic: 'queue', ...heading, choices: [{ id: 'one', label: 'One' }], back: 'Back' },
  };
}
