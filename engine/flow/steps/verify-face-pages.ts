/** The pages of the face check: consent, camera, one more time, done; each with the other ways as near as the camera. */
import type { AnyMachineSnapshot } from 'xstate';
import { FACE_HINTS, type FaceHint } from '../../../contract/check.schema.ts';
import type { Page, Scene } from '../flow.types.ts';
import { otherWaysPage } from '../other-ways.ts';
import { personPage } from '../person-page.ts';
import type { FaceContext } from './verify-face.step.ts';

const LOOK_SECONDS = 30;

export function faceView(snapshot: AnyMachineSnapshot, scene: Scene): Page | undefined {
  const context = snapshot.context as FaceContext;
  if (snapshot.matches('asking')) return consentPage(scene);
  if (snapshot.matches('looking')) return cameraPage(context, scene);
  if (snapshot.matches('checking')) return waitingPage(scene);
  if (snapshot.matches('again')) return againPage(scene);
  if (snapshot.matches('matched')) return donePage(scene);
  if (snapshot.matches('otherWays')) return otherWaysPage('face.otherWays', context.why, context, scene);
  if (snapshot.matches('person')) return personPage('face.person', scene);
  return undefined;
}

function consentPage({ speech }: Scene): Page {
  return {
    name: 'face.consent',
    screen: {
      kind: 'question',
      topic: 'face',
      even: true,
      title: speech.say('face.consent.title'),
      subtitle: speech.say('face.consent.subtitle'),
      notice: speech.say('face.consent.notice'),
      choices: [
        { id: 'agree', label: speech.say('face.consent.agree'), badge: 1, picture: 'face-give' },
        { id: 'decline', label: speech.say('face.consent.decline'), badge: 2, picture: 'no-face' },
      ],
      back: speech.say('action.back'),
    },
  };
}

function cameraPage({ challenges, definition }: FaceContext, { speech }: Scene): Page {
  const hints = Object.fromEntries(FACE_HINTS.map((hint) => [hint, speech.say(`face.hint.${hint}`)]));
  return {
    name: 'face.camera',
    screen: {
      kind: 'face-camera',
      title: speech.say('face.camera.title'),
      subtitle: speech.say('face.camera.subtitle'),
      hints: hints as Record<FaceHint, string>,
      challenges: [...challenges],
      adapter: definition.adapter,
      seconds: LOOK_SECONDS,
      back: speech.say('action.back'),
      next: speech.say('face.consent.decline'),
    },
  };
}

function waitingPage({ speech }: Scene): Page {
  return {
    name: 'face.checking',
    screen: {
      kind: 'working',
      act: 'verify',
      title: speech.say('face.checking.title'),
      subtitle: speech.say('face.checking.subtitle'),
      picture: 'face-checking',
      steps: [
        { label: speech.say('face.checking.seen'), state: 'done' },
        { label: speech.say('face.checking.asking'), state: 'now' },
      ],
      next: speech.say('face.consent.decline'),
    },
  };
}

function againPage({ speech }: Scene): Page {
  return {
    name: 'face.again',
    screen: {
      kind: 'question',
      topic: 'face',
      even: true,
      picture: 'face-look',
      title: speech.say('face.again.title'),
      subtitle: speech.say('face.again.subtitle'),
      choices: [
        { id: 'retry', label: speech.say('action.retry'), badge: 1, picture: 'face-give' },
        { id: 'other-way', label: speech.say('face.consent.decline'), badge: 2, picture: 'no-face' },
      ],
      back: speech.say('action.back'),
    },
  };
}

function donePage({ speech }: Scene): Page {
  return {
    name: 'face.done',
    screen: {
      kind: 'working',
      act: 'verify',
      title: speech.say('face.done.title'),
      picture: 'face-done',
      steps: [
        { label: speech.say('face.checking.seen'), state: 'done' },
        { label: speech.say('face.checking.asking'), state: 'done' },
      ],
    },
  };
}
