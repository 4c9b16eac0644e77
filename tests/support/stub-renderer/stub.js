// The least page a host can show: draws the View's title, sends one Intent, asks again when the bridge is gone.
const title = document.querySelector('h1');
const engine = document.querySelector('#engine');
let bridge;
let view;
let calls = 0;
const answers = new Map();

function call(method, input) {
  calls += 1;
  const number = calls;
  bridge.post({ call: number, method, input });
  return new Promise((resolve) => answers.set(number, resolve));
}

function show(next) {
  view = next;
  title.textContent = `${next.screen.title} ${next.page}`;
  engine.textContent = next.screen.subtitle;
}

function onMessage(message) {
  if ('answer' in message) {
    answers.get(message.answer)?.(message);
    answers.delete(message.answer);
  } else if (message.event === 'view') show(message.payload);
}

async function begin() {
  const first = await call('view', {});
  if (first.value) show(first.value);
}

function socketBridge() {
  const socket = new WebSocket(`ws://${location.host}/bridge`);
  socket.onmessage = (event) => onMessage(JSON.parse(event.data));
  socket.onopen = () => void begin();
  socket.onclose = () => setTimeout(socketBridge, 100);
  bridge = { post: (message) => socket.send(JSON.stringify(message)) };
}

if (window.kiosk) {
  bridge = window.kiosk;
  bridge.onMessage(onMessage);
  void begin();
} else socketBridge();

document.querySelector('button').addEventListener('click', () => {
  void call('send', { kind: view.screen.kind === 'attract' ? 'start' : 'back', page: view.page });
});
window.callForTest = (method, input) => call(method, input);
