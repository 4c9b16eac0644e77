/** The session's own pages: R0, R5, R13, R16, R17. */
import type { Picture } from '../../contract/picture.schema.ts';
import type { Choice } from '../../contract/view.schema.ts';
import { serviceChoice } from './availability.ts';
import { boardPage } from './board-page.ts';
import { LANGUAGE_CHOICES, languagePage } from './cover-pages.ts';
import type { Page, Scene } from './flow.types.ts';
import { maskName } from './mask.ts';
import { spelled } from './money-panel.ts';
import type { SessionSnapshot, Surroundings } from './surroundings.ts';

/** Large print shows fewer tiles, so that each keeps its size. */
const TILES = { S2: 8, S3: 4 } as const;
const FACES: readonly Picture[] = ['face-bad', 'face-poor', 'face-fair', 'face-good', 'face-great'];

export function plainPage(snapshot: SessionSnapshot, scene: Scene, around: Surroundings): Page {
  if (snapshot.matches({ page: 'attract' }) || snapshot.matches({ page: 'ended' })) return attractPage(scene, around);
  if (snapshot.matches({ page: 'language' })) return languagePage(scene.speech, 'language');
  if (snapshot.matches({ page: 'home' })) return homePage(snapshot, scene, around);
  if (snapshot.matches({ page: 'boardFromRest' }) || snapshot.matches({ page: 'boardFromHome' }))
    return boardPage(scene.speech, around);
  if (snapshot.matches({ page: 'returningCard' })) return takeCardPage(snapshot, scene);
  if (snapshot.matches({ page: 'rating' })) return ratePage(scene);
  if (snapshot.matches({ page: 'goodbye' })) return goodbyePage(snapshot, scene);
  return betweenPage(scene);
}

function attractPage({ speech }: Scene, around: Surroundings): Page {
  const quick = around.services
    .filter((service) => service.quick)
    .slice(0, 2)
    .map((service) => withoutBadge(serviceChoice(service, 0, speech, around.ports)));
  return {
    name: 'attract',
    screen: {
      kind: 'attract',
      title: speech.say('attract.title'),
      subtitle: speech.say('attract.subtitle'),
      start: speech.say('attract.start'),
      quick,
      ...announced(speech, around),
      board: speech.say('board.open'),
      languages: LANGUAGE_CHOICES.map(withoutBadge),
    },
  };
}

function withoutBadge({ badge: _badge, ...choice }: Choice): Choice {
  return choice;
}

function homePage(snapshot: SessionSnapshot, { speech }: Scene, around: Surroundings): Page {
  const { holder, settings } = snapshot.context;
  const choices = around.services
    .slice(0, TILES[settings.size])
    .map((service, index) => serviceChoice(service, index, speech, around.ports));
  const partly = choices.some((choice) => choice.unavailable !== undefined);
  const name = holder?.holderName === undefined ? undefined : maskName(holder.holderName);
  const title = name === undefined ? speech.say('home.title') : speech.say('home.titleNamed', { name });
  const subtitle = speech.say('home.subtitle');
  const { announcement } = announced(speech, around);
  return {
    name: 'home',
    // whoever cannot read the line hears it behind the rest
    ...(announcement === undefined ? {} : { speech: [title, subtitle, announcement].join(' ') }),
    screen: {
      kind: 'home',
      title,
      subtitle,
      ...(partly ? { banner: speech.say('home.partly') } : {}),
      ...(announcement === undefined ? {} : { announcement }),
      choices,
      board: speech.say('board.open'),
    },
  };
}

function announced(speech: Scene['speech'], { ports }: Surroundings): { readonly announcement?: string } {
  const words = ports.announcement?.();
  return words ? { announcement: words[speech.locale] } : {};
}

function takeCardPage(snapshot: SessionSnapshot, { speech }: Scene): Page {
  const urgent = snapshot.matches({ page: { returningCard: 'urging' } });
  return {
    name: 'take-card',
    screen: {
      kind: 'take-card',
      title: speech.say(urgent ? 'takeCard.urgent' : 'takeCard.title'),
      subtitle: speech.say('takeCard.subtitle'),
      picture: 'card-take',
      urgent,
    },
  };
}

function ratePage({ speech }: Scene): Page {
  return {
    name: 'rate',
    screen: {
      kind: 'rate',
      title: speech.say('rate.title'),
      subtitle: speech.say('rate.subtitle'),
      choices: FACES.map((picture, index) => ({
        id: `stars-${index + 1}`,
        label: speech.say(`rate.${picture}`),
        picture,
        badge: index + 1,
      })),
      skip: speech.say('rate.skip'),
    },
  };
}

function goodbyePage(snapshot: SessionSnapshot, { speech }: Scene): Page {
  const { claimCode } = snapshot.context;
  return {
    name: 'goodbye',
    ...(claimCode === undefined ? {} : { speech: speech.say('panel.codeSpoken', { code: spelled(claimCode) }) }),
    screen: {
      kind: 'goodbye',
      title: speech.say('goodbye.title'),
      subtitle: speech.say(snapshot.context.served ? 'goodbye.served' : 'goodbye.wiped'),
      ...(claimCode === undefined ? {} : { reference: { label: speech.say('case.label'), value: claimCode } }),
      next: speech.say('goodbye.next'),
      seconds: snapshot.context.patience.goodbyeSeconds,
    },
  };
}

/** Shown for the instant between two steps; a resident never sees it longer than a frame. */
function betweenPage({ speech }: Scene): Page {
  return {
    name: 'between',
    screen: {
      kind: 'working',
      act: 'price',
      title: speech.say('between.title'),
      picture: 'wait',
      steps: [{ label: speech.say('between.title'), state: 'now' }],
    },
  };
}
