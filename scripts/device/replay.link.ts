/** A wire on which a recording is the device: says what it said, as long after the driver's words as it did then. */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Problem } from '../../contract/outcome.schema.ts';
import type { ByteLink, LinkState } from '../../drivers/link/byte-link.ts';
import { Listeners } from '../../drivers/link/listeners.ts';
import type { RecordedEntry } from './recording-file.ts';

/** How long the recording waits for words of the driver before it goes on without them. */
const PATIENCE_MS = 10_000;

export interface ReplayDifference {
  readonly atMs: number;
  readonly recorded: string;
  readonly written: string;
}

export interface ReplayTally {
  /** Of the host's side: entries of the recording, and those the driver wrote the same. */
  readonly hostEntries: number;
  readonly same: number;
  readonly firstDifference: ReplayDifference | undefined;
}

export interface ReplayLinkOptions {
  readonly clock: Clock;
  readonly entries: readonly RecordedEntry[];
  /** Whether what was written now is what was recorded then, blanked fields aside. */
  isSame(recordedHex: string, written: Uint8Array): boolean;
}

export class ReplayLink implements ByteLink {
  readonly address = 'replay';
  readonly problem: Problem | undefined = undefined;
  state: LinkState = 'connecting';
  readonly #options: ReplayLinkOptions;
  readonly #data = new Listeners<Uint8Array>();
  readonly #states = new Listeners<LinkState>();
  #written: Uint8Array = new Uint8Array();
  #next = 0;
  #timer: TimerHandle | undefined;
  #lastAtMs = 0;
  #same = 0;
  #firstDifference: ReplayDifference | undefined;

  constructor(options: ReplayLinkOptions) {
    this.#options = options;
  }

  get isFinished(): boolean {
    return this.#next >= this.#options.entries.length;
  }

  get tally(): ReplayTally {
    const hostEntries = this.#options.entries.filter(({ direction }) => direction === 'toDevice').length;
    return { hostEntries, same: this.#same, firstDifference: this.#firstDifference };
  }

  open(): void {
    this.#options.clock.after(0, () => {
      this.#become('open');
      this.#go();
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.state !== 'open') return false;
    this.#written = Uint8Array.from([...this.#written, ...bytes]);
    const entry = this.#options.entries[this.#next];
    if (entry?.direction === 'toDevice' && this.#written.length >= sizeOf(entry)) {
      // not from inside the driver's own call
      this.#schedule(0, () => this.#take(entry));
    }
    return true;
  }

  /** The recording goes on where it was. */
  reconnect(): void {
    this.#become('lost');
    this.#options.clock.after(0, () => this.#become('open'));
  }

  onData(listener: (chunk: Uint8Array) => void): () => void {
    return this.#data.add(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#states.add(listener);
  }

  close(): Promise<void> {
    this.#stop();
    if (this.state !== 'lost') this.#become('lost');
    return Promise.resolve();
  }

  #go(): void {
    const entry = this.#options.entries[this.#next];
    if (!entry) return;
    if (entry.direction === 'fromDevice') {
      this.#schedule(Math.max(0, entry.atMs - this.#lastAtMs), () => this.#say(entry));
    } else if (this.#written.length >= sizeOf(entry)) this.#schedule(0, () => this.#take(entry));
    else this.#schedule(PATIENCE_MS, () => this.#take(entry));
  }

  #say(entry: RecordedEntry): void {
    this.#advance(entry);
    if ('hex' in entry) this.#data.tell(Uint8Array.from(Buffer.from(entry.hex, 'hex')));
    this.#go();
  }

  #take(entry: RecordedEntry): void {
    const size = sizeOf(entry);
    const written = this.#written.slice(0, size);
    this.#written = this.#written.slice(size);
    const recorded = 'hex' in entry ? entry.hex : `(${entry.byteCount} bytes)`;
    const isSame = 'hex' in entry ? this.#options.isSame(entry.hex, written) : written.length === size;
    if (isSame) this.#same += 1;
    else
      this.#firstDifference ??= {
        atMs: entry.atMs,
        recorded,
        written: Buffer.from(written).toString('hex').toUpperCase(),
      };
    this.#advance(entry);
    this.#go();
  }

  #advance(entry: RecordedEntry): void {
    this.#next += 1;
    this.#lastAtMs = entry.atMs;
  }

  #schedule(ms: number, act: () => void): void {
    this.#stop();
    this.#timer = this.#options.clock.after(ms, act);
  }

  #stop(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #become(state: LinkState): void {
    this.state = state;
    this.#states.tell(state);
  }
}

function sizeOf(entry: RecordedEntry): number {
  return 'hex' in entry ? entry.hex.length / 2 : entry.byteCount;
}
