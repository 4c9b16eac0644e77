/** Asks the station how it is, again and again, and sends what a person presses. */
import { DRAW } from './panels.js';

const POLL_MS = 700;
const panels = new Map();
const message = document.querySelector('#message');

async function post(id, action, body = {}) {
  const response = await fetch(`/api/${id}/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  message.textContent = response.ok ? '' : `Not done: ${(await response.json()).problem}`;
  await refresh();
}

function panelOf(device) {
  const known = panels.get(device.id);
  if (known) return known;
  const panel = document.querySelector(`#${device.class}`).content.firstElementChild.cloneNode(true);
  panel.querySelector('[data-where]').textContent = `${device.id} · ${device.model} · ${device.address}`;
  for (const button of panel.querySelectorAll('[data-act]')) {
    button.addEventListener('click', () => post(device.id, button.dataset.act));
  }
  for (const box of panel.querySelectorAll('[data-fault], [data-wire]')) {
    box.addEventListener('change', () => {
      const value = JSON.parse(box.checked ? (box.dataset.on ?? 'true') : (box.dataset.off ?? 'false'));
      const fault = box.dataset.fault ?? box.dataset.wire;
      void post(device.id, box.dataset.fault ? 'faults' : 'wire', { [fault]: value });
    });
  }
  panels.set(device.id, panel);
  document.querySelector('#devices').append(panel);
  return panel;
}

function draw(device) {
  const panel = panelOf(device);
  for (const box of panel.querySelectorAll('[data-fault], [data-wire]')) {
    const value = device.state.faults[box.dataset.fault ?? box.dataset.wire];
    // a counting fault is on while it counts
    const off = JSON.parse(box.dataset.off ?? 'false');
    box.checked = box.dataset.fault === 'ack' ? value === JSON.parse(box.dataset.on) : value !== off;
  }
  DRAW[device.class](panel, device.state, (action, input) => post(device.id, action, input), device.id);
}

const ORDER = Object.keys(DRAW);

async function refresh() {
  const response = await fetch('/api/state');
  const { devices } = await response.json();
  devices.sort((a, b) => ORDER.indexOf(a.class) - ORDER.indexOf(b.class));
  for (const device of devices) draw(device);
}

async function poll() {
  try {
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
