/** The pages of the identify step: what is shown follows the machine's state and the reader's own `media`. */
import type { AnyMachineSnapshot } from 'xstate';
import type { DeviceClass } from '../../../contract/driver.ts';
import type { Picture } from '../../../contract/picture.schema.ts';
import type { Choice, ScreenOf } from '../../../contract/view.schema.ts';
import type { Page, Scene } from '../flow.types.ts';
import { maskName } from '../mask.ts';
import { personPage } from '../person-page.ts';
import { usable } from '../usable.ts';
import type { IdentifyContext } from './identify.step.ts';

type CardState = ScreenOf<'present-card'>['state'];
type Snapshot = AnyMachineSnapshot & { readonly context: IdentifyContext };

export function readerOf(route: string): Extract<DeviceClass, 'id-card-reader' | 'smart-card-reader'> {
  return route === 'id-card' ? 'id-card-reader' : 'smart-card-reader';
}

const ROUTES: Readonly<Record<string, Picture>> = {
  'id-card': 'id-card',
  'livelihood-card': 'livelihood-card',
  'social-security-card': 'social-security-card',
};

const SMART_PICTURES: Readonly<Record<CardState, Picture>> = {
  waiting: 'card-on-reader',
  reading: 'card-reading',
  'left-early': 'card-left-early',
  'lift-again': 'card-lift',
  unknown: 'card-unknown',
  unreadable: 'card-unknown',
  expired: 'card-unknown',
  'not-genuine': 'card-unknown',
  broken: 'reader-broken',
};

const ID_PICTURES: Readonly<Record<CardState, Picture>> = {
  waiting: 'id-card-on-reader',
  reading: 'id-card-reading',
  'left-early': 'id-card-left-early',
  'lift-again': 'id-card-lift',
  unknown: 'id-card-unknown',
  unreadable: 'id-card-lift',
  expired: 'id-card-unknown',
  'not-genuine': 'id-card-not-genuine',
  broken: 'reader-broken',
};

const TROUBLES: Readonly<Record<string, CardState>> = {
  'card.removed': 'left-early',
  'card.unknown': 'unknown',
  'card.expired': 'expired',
  'idCard.liftAgain': 'lift-again',
  'idCard.notGenuine': 'not-genuine',
  'idCard.unknownDocument': 'unknown',
};

export function identifyView(snapshot: AnyMachineSnapshot, scene: Scene): Page | undefined {
  const { context } = snapshot as Snapshot;
  if (snapshot.matches('starting')) return undefined;
  if (snapshot.matches('choosing')) return choicePage(context, scene);
  if (snapshot.matches('exhausted')) return exhaustedPage(scene);
  if (snapshot.matches('person')) return personPage('identify.person', scene);
  if (snapshot.matches('greeting')) return greetingPage(context, scene);
  return cardPage(stateOf(snapshot as Snapshot, scene), context, scene);
}

function stateOf(snapshot: Snapshot, { ports }: Scene): CardState {
  const { route, trouble } = snapshot.context;
  const status = ports.devices.status(readerOf(route));
  if (snapshot.matches('broken') || !usable(status)) return 'broken';
  if (snapshot.matches('reading')) return 'reading';
  if (status.media === 'latched') return 'lift-again';
  if (route === 'id-card' && status.media === 'entering') return 'reading';
  if (!trouble) return 'waiting';
  return TROUBLES[trouble.code] ?? 'unreadable';
}

function choicePage({ definition, ports }: IdentifyContext, { speech }: Scene): Page {
  const cards: Choice[] = definition.accepts.map((route, index) => ({
    id: route,
    label: speech.say(`card.${route}`),
    badge: index + 1,
    picture: ROUTES[route] ?? 'livelihood-card',
    ...(usable(ports.devices.status(readerOf(route))) ? {} : { unavailable: speech.say('unavailable.device') }),
  }));
  const noCard: Choice = {
    id: 'no-card',
    label: speech.say('card.none'),
    detail: speech.say('card.noneDetail'),
    badge: cards.length + 1,
    picture: 'no-card',
  };
  return {
    name: 'identify.choosing',
    screen: {
      kind: 'question',
      topic: 'identify',
      title: speech.say('identify.title'),
      subtitle: speech.say('identify.subtitle'),
      choices: [...cards, noCard],
      back: speech.say('action.back'),
    },
  };
}

/** `next` is the way without a card, on every state but the one in which the card must not move. */
function cardPage(state: CardState, { route }: IdentifyContext, { speech }: Scene): Page {
  const ofId = route === 'id-card';
  const words = (ofId ? speech.maybe(`card.idState.${state}.title`) : undefined) === undefined ? 'state' : 'idState';
  return {
    name: 'identify.card',
    screen: {
      kind: 'present-card',
      state,
      title: speech.say(`card.${words}.${state}.title`),
      subtitle: speech.say(`card.${words}.${state}.subtitle`),
      picture: (ofId ? ID_PICTURES : SMART_PICTURES)[state],
      ...(state === 'reading' ? {} : { back: speech.say('action.back'), next: speech.say('card.none') }),
    },
  };
}

/** Three retries are enough of a bad thing: another card, a person, or no card at all. */
function exhaustedPage({ speech }: Scene): Page {
  return {
    name: 'identify.exhausted',
    screen: {
      kind: 'question',
      topic: 'card',
      title: speech.say('card.exhausted.title'),
      subtitle: speech.say('card.exhausted.subtitle'),
      choices: [
        { id: 'other-card', label: speech.say('card.exhausted.other'), badge: 1, picture: 'livelihood-card' },
        { id: 'person', label: speech.say('otherWay.person'), badge: 2, picture: 'person' },
        { id: 'no-card', label: speech.say('card.none'), badge: 3, picture: 'no-card' },
      ],
      back: speech.say('action.back'),
    },
  };
}

function greetingPage({ found }: IdentifyContext, { speech }: Scene): Page {
  const name = found?.holderName;
  return {
    name: 'identify.greeting',
    screen: {
      kind: 'greeting',
      title: speech.say('greeting.title'),
      name: name === undefined ? speech.say('greeting.noName') : maskName(name),
      notice: speech.say('greeting.notice'),
      yes: speech.say('greeting.yes'),
      no: speech.say('greeting.no'),
    },
  };
}
