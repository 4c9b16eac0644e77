/** Loaded before the entry of a utility process: gives a Node child process Electron's `process.parentPort`, and its ports. */
import { EventEmitter } from 'node:events';
import type { Frame } from './fake-message-channel.ts';
import { assertPlain, strict } from './strict.ts';

const send = (frame: Frame): void => void process.send?.(frame);

/** Keeps what arrives until it is started. */
class Inbox {
  readonly events = new EventEmitter();
  readonly #waiting: (readonly [event: string, ...values: unknown[]])[] = [];
  #isStarted = false;

  start(): void {
    this.#isStarted = true;
    this.#flushLater();
  }

  take(event: string, ...values: unknown[]): void {
    this.#waiting.push([event, ...values]);
    if (this.#isStarted) this.#flushLater();
  }

  /** As a real port: never before the code that started it has run to its end. */
  #flushLater(): void {
    setImmediate(() => {
      for (const [event, ...values] of this.#waiting.splice(0)) this.events.emit(event, ...values);
    });
  }
}

const inboxes = new Map<number, Inbox>();

function openPort(port: number): object {
  const inbox = new Inbox();
  inboxes.set(port, inbox);
  return strict('MessagePortMain', {
    on: inbox.events.on.bind(inbox.events),
    start: () => inbox.start(),
    postMessage(message: unknown) {
      assertPlain(message);
      if (inboxes.has(port)) send({ kind: 'portMessage', port, message });
    },
    close() {
      if (inboxes.delete(port)) send({ kind: 'portClosed', port });
    },
  });
}

const parent = new Inbox();

const parentPort = strict('parentPort', {
  postMessage(message: unknown): void {
    assertPlain(message);
    send({ kind: 'message', message, ports: [] });
  },
  on(event: 'message', listener: (message: { data: unknown; ports: object[] }) => void): void {
    parent.events.on(event, listener);
    parent.start();
  },
});

process.on('message', (message) => {
  const frame = message as Frame;
  if (frame.kind === 'message')
    return parent.take('message', { data: frame.message, ports: frame.ports.map(openPort) });
  const inbox = inboxes.get(frame.port);
  if (frame.kind === 'portMessage') return inbox?.take('message', { data: frame.message, ports: [] });
  inboxes.delete(frame.port);
  inbox?.take('close');
});
Object.defineProperty(process, 'parentPort', { value: parentPort });
// Electron ends its utility processes with itself
process.once('disconnect', () => process.exit(0));
