/** The panel of any device that says what can be done to it: what it shows now, what hands can do, what can be broken. */
import { element, lamp, list } from './elements.js';
import { actionForm, liveSwitches, titleOf, words } from './form.js';

const NAMES = {
  'id-card-reader': 'ID-card reader',
  'fingerprint-reader': 'Fingerprint reader',
  'document-printer': 'Document printer',
  scanner: 'Code scanner',
  locker: 'Lockers',
  health: 'Health hut',
  'sensors-and-lights': 'Sensors and lights',
  ups: 'Battery',
};
/** Actions that break something stand apart from what hands do. */
const BREAKING = ['faults', 'wire', 'hang-up', 'reset'];
/** Said elsewhere: by the lamp, by switches, by what can be chosen. */
const HIDDEN = ['faults', 'connected', 'cards', 'next'];
/** Lists longer than this are shown by their end. */
const LIST_END = 12;

export function anyPanel(device) {
  const panel = element('section', undefined, { className: 'device', id: `panel-${device.id}` });
  const head = element('div', undefined, { className: 'head' });
  const mark = element('span', undefined, { className: 'lamp' });
  mark.dataset.lamp = '';
  head.append(element('h2', NAMES[device.class] ?? words(device.class)), mark);
  const facts = element('dl', undefined, { className: 'facts' });
  const hands = element('div', undefined, { className: 'hands' });
  const breaking = element('details');
  breaking.append(element('summary', 'Break it'));
  panel.append(
    head,
    element('p', `${device.id} · ${device.model} · ${device.address}`, { className: 'where' }),
    facts,
    hands,
    breaking,
  );
  return { panel, facts, hands, breaking };
}

/** Fills in what can be done; returns how the device's state is drawn. */
export function furnish({ panel, facts, hands, breaking }, device, act) {
  const live = [];
  for (const { name, input } of device.actions) {
    if (!BREAKING.includes(name)) hands.append(actionForm(name, input, act));
    else if (name === 'faults' || name === 'wire') {
      const switches = liveSwitches(name, input, act);
      breaking.append(...switches.rows);
      live.push(switches);
    } else {
      const button = element('button', name === 'reset' ? 'Make it whole again' : titleOf(name, input), {
        type: 'button',
      });
      button.addEventListener('click', () => act(name, {}));
      breaking.append(button);
    }
  }
  return (now) => {
    lamp(panel, lampWords(now), lampKind(now));
    for (const switches of live) switches.show(now.state.faults ?? {});
    const shown = Object.entries(now.state).filter(([key]) => !HIDDEN.includes(key));
    list(facts, JSON.stringify(shown), () => shown.flatMap(([key, value]) => fact(key, value)));
  };
}

function lampWords({ isBroken, state }) {
  if (isBroken) return 'broken on purpose';
  return state.connected === false ? 'no kiosk' : 'connected';
}

export function lampKind({ isBroken, state }) {
  if (isBroken) return 'bad';
  return state.connected === false ? 'off' : '';
}

function fact(key, value) {
  if (value === undefined) return [];
  const row = element('div');
  row.append(element('dt', words(key)), element('dd', undefined));
  row.lastChild.append(shownValue(value));
  return [row];
}

function shownValue(value) {
  if (value === null || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : items(value);
  if (typeof value === 'object') return pairs(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function items(values) {
  if (values.every((value) => typeof value === 'boolean')) return values.map((value) => (value ? '●' : '○')).join(' ');
  const bullets = element('ul');
  if (values.length > LIST_END) bullets.append(element('li', `… ${values.length - LIST_END} before`));
  for (const value of values.slice(-LIST_END)) {
    const item = element('li');
    item.append(shownValue(value));
    bullets.append(item);
  }
  return bullets;
}

/** One line of what is so: what is not, is not said. */
function pairs(record) {
  const line = Object.entries(record)
    .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== 0)
    .map(([key, value]) => {
      if (value === true) return words(key).toLowerCase();
      return `${words(key).toLowerCase()} ${typeof value === 'object' ? JSON.stringify(value) : value}`;
    });
  return line.join(' · ') || '–';
}
