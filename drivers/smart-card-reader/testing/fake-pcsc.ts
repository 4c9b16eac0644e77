/** The PC/SC add-on as the link sees it: a service that can be absent, die and come back, with readers and cards. */
import { EventEmitter } from 'node:events';
import { ok, type Result } from '../../../contract/outcome.schema.ts';
import type { PcscAddOn, PcscCard, PcscReader, PcscStatus } from '../pcsc-add-on.ts';

const PRESENT = 0x20;

export class FakePcsc {
  /** The client that was started last. */
  client: FakeClient | undefined;
  clients = 0;
  isRunning = true;
  readonly load = (): Result<PcscAddOn> => {
    // oxlint-disable-next-line typescript/no-this-alias -- the class below has its own `this`
    const service = this;
    class Client extends FakeClient {
      constructor() {
        super(service);
      }
    }
    return ok({ Client });
  };
}

export class FakeClient extends EventEmitter {
  readonly #service: FakePcsc;
  isStopped = false;

  constructor(service: FakePcsc) {
    super();
    this.#service = service;
    service.client = this;
    service.clients += 1;
  }

  start(): void {
    if (!this.#service.isRunning) throw pcscError('NoService');
  }

  stop(): void {
    this.isStopped = true;
    if (!this.#service.isRunning) throw pcscError('NoService');
  }

  plug(name: string): FakeReader {
    const reader = new FakeReader(name);
    this.emit('reader', reader);
    return reader;
  }

  die(): void {
    this.#service.isRunning = false;
    this.emit('error', pcscError('CommError'));
  }
}

export class FakeReader extends EventEmitter implements PcscReader {
  readonly #name: string;
  connectError: Error | undefined;
  stateError: Error | undefined;
  answer: () => Promise<Uint8Array> = () => Promise.resolve(Uint8Array.of(0x90, 0x00));
  readonly log: string[] = [];

  constructor(name: string) {
    super();
    this.#name = name;
  }

  name(): string {
    return this.#name;
  }

  /** Some services tell no ATR with the change. */
  lay(isThere: boolean, atr = new Uint8Array()): void {
    const raw = isThere ? PRESENT : 0;
    const status: PcscStatus = { has: (...flags) => flags.every((flag) => (raw & flag) === flag) };
    this.emit('change', status, atr);
  }

  connect(mode: number): Promise<PcscCard> {
    this.log.push(`connect ${mode}`);
    if (this.connectError) return Promise.reject(this.connectError);
    return Promise.resolve({
      transmit: () => this.answer(),
      state: () => (this.stateError ? Promise.reject(this.stateError) : Promise.resolve({ atr: Uint8Array.of(0x3b) })),
      disconnect: (then) => {
        this.log.push(`disconnect ${then}`);
        return Promise.reject(pcscError('InvalidHandle'));
      },
    });
  }
}

/** As the add-on throws it. */
export function pcscError(name: string): Error {
  return Object.assign(new Error('[ Session.Task ] Async task error'), { code: name });
}
