/**
 * Looks for things that type: a scanner in keyboard mode, a stick that pretends to be one (needs A10, field complaint 24). What
 * types cannot be read by a driver, it goes to whatever has the focus; so it is named and kept out.
 */
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import { problem, type Problem } from '../../contract/outcome.schema.ts';
import { SCANNER_VENDORS } from './scanner-models.ts';

/** The part of node-hid's listing that is used. */
export interface HidListing {
  readonly vendorId: number;
  readonly productId: number;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
  readonly product?: string | undefined;
}

/** Rejects when the library or the system refuses. */
export type ListHid = () => Promise<readonly HidListing[]>;

export interface AllowedKeyboard {
  readonly vendorId: number;
  readonly productId: number;
}

export interface KeyboardPolicy {
  /** Without it only keyboards of scanner makers are kept out; with it all that are not on it. */
  readonly allowed?: readonly AllowedKeyboard[] | undefined;
  /** The scanner this watch belongs to: it must never type, whoever made it. */
  readonly scanner?: AllowedKeyboard | undefined;
}

export interface KeyboardWatchOptions extends KeyboardPolicy {
  readonly clock: Clock;
  readonly list: ListHid;
  /** Told when what it found changes: undefined when nothing types that must not. */
  readonly onChange: (why: Problem | undefined) => void;
}

const LOOK_EVERY_MS = 2_000;
const GENERIC_DESKTOP = 1;
const KEYBOARD = 6;

/** Everything that types and must not. */
export function offendersIn(devices: readonly HidListing[], { allowed, scanner }: KeyboardPolicy): HidListing[] {
  return devices.filter((device) => {
    if (device.usagePage !== GENERIC_DESKTOP || device.usage !== KEYBOARD) return false;
    if (scanner && isSameKind(device, scanner)) return true;
    if (allowed?.some((keyboard) => isSameKind(device, keyboard))) return false;
    return allowed !== undefined || SCANNER_VENDORS.has(device.vendorId);
  });
}

export class KeyboardWatch {
  readonly #options: KeyboardWatchOptions;
  #timer: TimerHandle | undefined;
  #isRunning = false;
  #found: Problem | undefined | 'notLooked' = 'notLooked';

  constructor(options: KeyboardWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#look();
  }

  stop(): void {
    this.#isRunning = false;
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  /** One look at a time; the next is timed from its end. */
  async #look(): Promise<void> {
    const why = await this.#lookOnce();
    if (!this.#isRunning) return;
    const isNew = this.#found === 'notLooked' || why?.code !== this.#found?.code || why?.detail !== this.#found?.detail;
    this.#found = why;
    if (isNew) this.#options.onChange(why);
    this.#timer = this.#options.clock.after(LOOK_EVERY_MS, () => void this.#look());
  }

  async #lookOnce(): Promise<Problem | undefined> {
    let devices: readonly HidListing[];
    try {
      devices = await this.#options.list();
    } catch (error) {
      // who cannot look cannot say that nothing types
      return problem('device.driverMissing', `node-hid: ${error instanceof Error ? error.message : String(error)}`);
    }
    const names = [...new Set(offendersIn(devices, this.#options).map(nameOf))].toSorted();
    return names.length === 0 ? undefined : problem('scan.keyboard', `types like a keyboard: ${names.join(', ')}`);
  }
}

function isSameKind(a: AllowedKeyboard, b: AllowedKeyboard): boolean {
  return a.vendorId === b.vendorId && a.productId === b.productId;
}

function nameOf({ vendorId, productId, product }: HidListing): string {
  const numbers = [vendorId, productId].map((value) => value.toString(16).padStart(4, '0')).join(':');
  return product ? `${numbers} ${product}` : numbers;
}
