import { WIRE_KEYS } from '../../drivers/wire-keys.ts';
import { writeLink } from './link-text.ts';
import { MODEL_KEYS } from './models.ts';
import { table, type Say } from './output.ts';
import type { ChosenDevices } from './site-devices.ts';

export function list({ place, devices }: ChosenDevices, json: boolean, say: Say): void {
  const models = Object.entries(MODEL_KEYS).flatMap(([deviceClass, ofClass]) =>
    Object.entries(ofClass).map(([model, keys]) => ({ class: deviceClass, model, keys })),
  );
  const protocols = WIRE_KEYS.map(({ key, protocol, encode }) => ({ key, protocol, encodes: encode !== undefined }));
  const named = devices.map(({ id, class: deviceClass, model, link }) => ({
    id,
    class: deviceClass,
    model,
    link: writeLink(link),
  }));
  if (json) return say(JSON.stringify({ place, devices: named, models, protocols }));
  const sections = [
    [['MODELS', 'CLASS', 'PROTOCOLS'], ...models.map((one) => [one.model, one.class, one.keys.join(' ')])],
    [['PROTOCOL', 'WHAT IT IS'], ...protocols.map(({ key, protocol }) => [key, protocol])],
    [['DEVICE', 'CLASS', 'MODEL', 'LINK'], ...named.map((one) => [one.id, one.class, one.model, one.link])],
  ];
  for (const rows of sections.slice(0, 2)) {
    for (const line of table(rows)) say(line);
    say('');
  }
  say(`The devices of ${place}:`);
  for (const line of table(sections[2] ?? [])) say(line);
}
