/** Asks the station how it is, again and again, and sends what a person presses. */
import { anyPanel, furnish, lampKind } from './any-panel.js';
import { element, list } from './elements.js';
import { DRAW } from './panels.js';

const POLL_MS = 700;
const message = document.querySelector('#message');
const overview = document.querySelector('#overview');
/** Device id -> how its state is drawn. */
const drawers = new Map();

async function send(path, body = {}) {
  const response = await fetch(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  message.textContent = response.ok ? '' : `Not done: ${(await response.json()).problem}`;
  await refresh();
}

/** A panel with a face of its own comes from its template; its buttons and switches name their actions. */
function templatePanel(device, act) {
  const panel = document.querySelector(`#${device.class}`).content.firstElementChild.cloneNode(true);
  panel.id = `panel-${device.id}`;
  panel.querySelector('[data-where]').textContent = `${device.id} · ${device.model} · ${device.address}`;
  for (const button of panel.querySelectorAll('[data-act]')) {
    button.addEventListener('click', () => act(button.dataset.act));
  }
  const boxes = panel.querySelectorAll('[data-fault], [data-wire]');
  for (const box of boxes) {
    box.addEventListener('change', () => {
      const value = JSON.parse(box.checked ? (box.dataset.on ?? 'true') : (box.dataset.off ?? 'false'));
      const fault = box.dataset.fault ?? box.dataset.wire;
      void act(box.dataset.fault ? 'faults' : 'wire', { [fault]: value });
    });
  }
  document.querySelector('#devices').append(panel);
  return ({ state }) => {
    for (const box of boxes) {
      const value = state.faults[box.dataset.fault ?? box.dataset.wire];
      // a counting fault is on while it counts
      const off = JSON.parse(box.dataset.off ?? 'false');
      box.checked = box.dataset.fault === 'ack' ? value === JSON.parse(box.dataset.on) : value !== off;
    }
    DRAW[device.class](panel, state, act, device.id);
  };
}

function panelOf(device) {
  const act = (action, input) => send(`${device.id}/${action}`, input);
  if (DRAW[device.class]) return templatePanel(device, act);
  const parts = anyPanel(device);
  document.querySelector('#devices').append(parts.panel);
  return furnish(parts, device, act);
}

/** Panels with a face of their own first, the others as the station names them. */
function inOrder(devices) {
  const order = Object.keys(DRAW);
  const rank = ({ class: name }) => (order.includes(name) ? order.indexOf(name) : order.length);
  return devices.toSorted((a, b) => rank(a) - rank(b));
}

function furnishScenes(scenes) {
  const row = document.querySelector('#scenes');
  row.replaceChildren(
    ...scenes.map(({ id, title, detail }) => {
      const button = element('button', undefined, { type: 'button' });
      button.append(element('span', title), element('small', detail));
      button.addEventListener('click', () => void send(`scenes/${id}`));
      return button;
    }),
  );
}

async function refresh() {
  const response = await fetch('/api/state');
  const { devices } = await response.json();
  for (const device of devices) drawers.get(device.id)?.(device);
  const marks = devices.map((device) => ({ id: device.id, kind: lampKind(device) }));
  list(overview, JSON.stringify(marks), () =>
    marks.map(({ id, kind }) => element('a', id, { href: `#panel-${id}`, className: `lamp ${kind}` })),
  );
}

async function begin() {
  const response = await fetch('/api/devices');
  const { devices, scenes } = await response.json();
  furnishScenes(scenes);
  for (const device of inOrder(devices)) drawers.set(device.id, panelOf(device));
}

async function poll() {
  try {
    if (drawers.size === 0) await begin();
    await refresh();
    if (message.dataset.lost) message.textContent = '';
    delete message.dataset.lost;
  } catch {
    message.textContent = 'The station does not answer.';
    message.dataset.lost = 'yes';
  }
  setTimeout(poll, POLL_MS);
}

await poll();
