/**
 * The kiosk's end of the socket to everything outside its process: devices, platform, and the people before it. One JSON
 * text a line; each call has a number, and its answer carries it.
 */
import { Socket } from 'node:net';
import type { BatchReply, BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { EffectDevices } from '../../../engine/ledger/effect-context.ts';

/** What a kiosk may say. `opened` and `leaves` are answered at once; nobody dies in them. */
export type Call =
  | { readonly to: 'device'; readonly deviceClass: string; readonly command: object }
  | { readonly to: 'platform'; readonly batch: BatchRequest }
  /** What the last run left open is settled; service begins. */
  | { readonly to: 'world'; readonly tells: 'opened' }
  | { readonly to: 'world'; readonly tells: 'leaves'; readonly operation: string };

export class Wire implements EffectDevices {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #calls = 0;
  #text = '';
  #onAnswer: (() => void) | undefined;

  /** `file`: the descriptor of the socket that the process was born with. */
  constructor(file: number) {
    this.#socket = new Socket({ fd: file });
    this.#socket.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
  }

  /** When there is no world any more. */
  onLost(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  /** Resolves with the next answer. */
  nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      this.#onAnswer = resolve;
    });
  }

  /** Calls that wait for their answer. */
  get outstanding(): number {
    return this.#waiting.size;
  }

  execute: EffectDevices['execute'] = (deviceClass, command) => this.#call({ to: 'device', deviceClass, command });

  sendBatch(batch: BatchRequest): Promise<BatchReply> {
    return this.#call({ to: 'platform', batch });
  }

  opened(): Promise<void> {
    return this.#call({ to: 'world', tells: 'opened' });
  }

  leaves(operation: string): Promise<void> {
    return this.#call({ to: 'world', tells: 'leaves', operation });
  }

  #call<Answer>(call: Call): Promise<Answer> {
    const number = ++this.#calls;
    this.#socket.write(`${JSON.stringify({ number, ...call })}\n`);
    return new Promise((answer) => {
      this.#waiting.set(number, answer as (value: unknown) => void);
    });
  }

  #hear(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) {
      const { number, answer } = JSON.parse(line) as { number: number; answer: unknown };
      this.#waiting.get(number)?.(answer);
      this.#waiting.delete(number);
      this.#onAnswer?.();
    }
  }
}
