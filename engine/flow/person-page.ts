/** "Somebody helps me": who, when and where, on any step's way out. */
import type { Page, Scene } from './flow.types.ts';

export function personPage(name: string, { speech, station }: Pick<Scene, 'speech' | 'station'>): Page {
  return {
    name,
    screen: {
      kind: 'help',
      title: speech.say('person.title'),
      subtitle: speech.say('person.subtitle'),
      picture: 'person',
      rows: [
        { label: speech.say('help.phone'), value: station.helperPhone },
        { label: speech.say('help.hours'), value: station.helperHours },
        { label: speech.say('help.address'), value: station.address[speech.locale] },
      ],
      explains: speech.say('person.explains'),
      back: speech.say('action.back'),
    },
  };
}
