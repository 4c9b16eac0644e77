/** The pages of the finger check: the hand and the sensor, what to do now, and never a number. */
import type { AnyMachineSnapshot } from 'xstate';
import type { Picture } from '../../../contract/picture.schema.ts';
import type { ScreenOf } from '../../../contract/view.schema.ts';
import type { Page, Scene } from '../flow.types.ts';
import { otherWaysPage } from '../other-ways.ts';
import { personPage } from '../person-page.ts';
import type { FingerContext } from './verify-finger.step.ts';

type FingerState = ScreenOf<'present-finger'>['state'];

const PICTURES: Readonly<Record<FingerState, Picture>> = {
  place: 'finger-place',
  hold: 'finger-hold',
  lift: 'finger-lift',
  dry: 'finger-dry',
  wet: 'finger-wet',
  press: 'finger-press',
  still: 'finger-still',
  other: 'finger-other',
  done: 'finger-done',
};

export function fingerView(snapshot: AnyMachineSnapshot, scene: Scene): Page | undefined {
  const context = snapshot.context as FingerContext;
  if (snapshot.matches('opening') || snapshot.matches({ checking: 'fetching' })) return waitingPage(scene);
  if (snapshot.matches('offering')) return offerPage(context, scene);
  if (snapshot.matches('checking')) return pressPage(stateOf(snapshot, context, scene), context, scene);
  if (snapshot.matches('matched')) return pressPage('done', context, scene);
  if (snapshot.matches('otherWays')) return otherWaysPage('finger.otherWays', context.why, context, scene);
  if (snapshot.matches('person')) return personPage('finger.person', scene);
  return undefined;
}

function stateOf(snapshot: AnyMachineSnapshot, { advice, isOther }: FingerContext, { ports }: Scene): FingerState {
  const { media } = ports.devices.status('fingerprint-reader');
  const isLaid = media === 'present' || media === 'entering';
  if (snapshot.matches({ checking: 'lifting' }) && isLaid) return 'lift';
  if (isLaid) return 'hold';
  if (isOther) return 'other';
  if (!advice) return 'place';
  return advice === 'hold' ? 'still' : advice;
}

function waitingPage({ speech }: Scene): Page {
  return {
    name: 'finger.waiting',
    screen: {
      kind: 'working',
      act: 'verify',
      title: speech.say('finger.waiting'),
      picture: 'wait',
      steps: [{ label: speech.say('finger.waiting'), state: 'now' }],
      back: speech.say('action.back'),
    },
  };
}

function offerPage({ finger }: FingerContext, { speech }: Scene): Page {
  const name = speech.say(`finger.name.${finger}`);
  return {
    name: 'finger.offer',
    screen: {
      kind: 'question',
      topic: 'finger',
      even: true,
      picture: `hand-${finger}`,
      title: speech.say('finger.offer.title', { finger: name }),
      subtitle: speech.say('finger.offer.subtitle'),
      notice: speech.say('finger.offer.notice'),
      choices: [
        { id: 'give', label: speech.say('finger.offer.give'), badge: 1, picture: 'finger-give' },
        { id: 'cannot', label: speech.say('finger.offer.cannot'), badge: 2, picture: 'no-finger' },
      ],
      back: speech.say('action.back'),
    },
  };
}

function pressPage(state: FingerState, { finger }: FingerContext, { speech }: Scene): Page {
  const name = speech.say(`finger.name.${finger}`);
  return {
    name: state === 'done' ? 'finger.done' : 'finger.press',
    screen: {
      kind: 'present-finger',
      state,
      finger,
      title: speech.say(`finger.state.${state}.title`, { finger: name }),
      subtitle: speech.say(`finger.state.${state}.subtitle`, { finger: name }),
      picture: PICTURES[state],
      ...(state === 'done' ? {} : { back: speech.say('action.back'), next: speech.say('finger.offer.cannot') }),
    },
  };
}
