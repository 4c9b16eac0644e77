/** X1, X2 and the language question: what lies over a page and goes away without a trace. */
import type { Choice } from '../../contract/view.schema.ts';
import type { Page, Scene } from './flow.types.ts';
import type { StationFacts } from './station-facts.types.ts';
import type { SessionSnapshot } from './surroundings.ts';

export const LANGUAGE_CHOICES: readonly Choice[] = [
  { id: 'zh-Hans', label: '简体中文', badge: 1, picture: 'language' },
  { id: 'zh-Hant', label: '繁體中文', badge: 2, picture: 'language' },
  { id: 'en', label: 'English', badge: 3, picture: 'language' },
];

export function coverPage(snapshot: SessionSnapshot, { speech }: Scene, station: StationFacts): Page | undefined {
  if (snapshot.matches({ cover: 'stillThere' }))
    return {
      name: 'still-there',
      screen: {
        kind: 'still-there',
        title: speech.say('stillThere.title'),
        subtitle: speech.say('stillThere.subtitle'),
        seconds: snapshot.context.secondsLeft,
        stay: speech.say('stillThere.stay'),
        end: speech.say('stillThere.end'),
      },
    };
  if (snapshot.matches({ cover: 'help' }))
    return {
      name: 'help',
      screen: {
        kind: 'help',
        title: speech.say('help.title'),
        subtitle: speech.say('help.subtitle'),
        picture: 'phone',
        rows: [
          { label: speech.say('help.phone'), value: station.helperPhone },
          { label: speech.say('help.hours'), value: station.helperHours },
          { label: speech.say('help.emergency'), value: '110 · 119 · 120' },
          { label: speech.say('help.address'), value: station.address[speech.locale] },
        ],
        explains: speech.say('help.explains'),
        back: speech.say('action.back'),
      },
    };
  if (snapshot.matches({ cover: 'language' })) return languagePage(speech, 'cover.language');
  return undefined;
}

export function languagePage(speech: Scene['speech'], name: string): Page {
  return {
    name,
    screen: {
      kind: 'question',
      topic: 'language',
      title: speech.say('language.title'),
      subtitle: speech.say('language.subtitle'),
      choices: [...LANGUAGE_CHOICES],
      back: speech.say('action.back'),
    },
  };
}
