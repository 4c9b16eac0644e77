import type { Chance, Clock } from '../../../contract/clock.ts';
import type { ByteSimulator } from '../../simulator/byte-simulator.ts';
import { FaultyWire, type WireFaults } from '../../simulator/faulty-wire.ts';
import { des, readMessage, writeMessage, type HostMessage } from './iso8583-host-wire.ts';

export interface HostFaults {
  /** Field 39 of the next sales; 00 approves. */
  responseCode: string;
  /** The host books and says nothing. */
  answerLost: boolean;
  /** The MAC of every answer is wrong. */
  wrongMac: boolean;
  /** Reversals find no original (25). */
  losesOriginals: boolean;
}

export function noHostFaults(): HostFaults {
  return { responseCode: '00', answerLost: false, wrongMac: false, losesOriginals: false };
}

export interface HostBooking {
  readonly kind: 'sale' | 'void' | 'refund';
  readonly trace: string;
  readonly amountCents: number;
  readonly reference: string;
  state: 'booked' | 'reversed' | 'voided';
}

export interface HostState {
  readonly connected: boolean;
  readonly requests: number;
  readonly bookings: readonly HostBooking[];
  /** Sales that stand, less refunds. */
  readonly balanceCents: number;
  readonly faults: HostFaults & WireFaults;
}

export interface IsoHostOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  /** 8 or 16 bytes; the key of the sheet's worked messages by default. */
  readonly macKey?: Uint8Array;
  readonly masterKey?: Uint8Array;
}

const WORKED_KEY = Buffer.from('0123456789ABCDEF', 'hex');
const CHINA_OFFSET_MS = 8 * 3_600_000;
const ACQUIRER = '01020000';
const AUTHORISATION = '654321';
const ADDITIONAL = '01020000   48440000   ';
const LEAST_BYTES = 23;

/** The acquirer of a card terminal: books, refuses, reverses, hands out keys (device-protocols 5.4 to 5.7). */
export class IsoHostSimulator implements ByteSimulator {
  readonly wire: FaultyWire;
  readonly faults: HostFaults = noHostFaults();
  readonly #clock: Clock;
  readonly #macKey: Uint8Array;
  readonly #masterKey: Uint8Array;
  readonly #bookings: HostBooking[] = [];
  #rest: Uint8Array = new Uint8Array();
  #connected = false;
  #requests = 0;

  constructor(options: IsoHostOptions) {
    this.#clock = options.clock;
    this.#macKey = options.macKey ?? WORKED_KEY;
    this.#masterKey = options.masterKey ?? WORKED_KEY;
    this.wire = new FaultyWire(options.clock, options.chance);
  }

  get state(): HostState {
    const standing = this.#bookings.filter(({ state }) => state === 'booked');
    const total = (kind: HostBooking['kind']) =>
      standing.filter((booking) => booking.kind === kind).reduce((sum, { amountCents }) => sum + amountCents, 0);
    return {
      connected: this.#connected,
      requests: this.#requests,
      bookings: this.#bookings.map((booking) => ({ ...booking })),
      balanceCents: total('sale') - total('refund'),
      faults: { ...this.faults, ...this.wire.faults },
    };
  }

  onOutput(listener: (bytes: Uint8Array) => void): () => void {
    return this.wire.outputListeners.add(listener);
  }

  onHangUp(listener: () => void): () => void {
    return this.wire.hangUpListeners.add(listener);
  }

  connected(): void {
    this.#connected = true;
  }

  disconnected(): void {
    this.#connected = false;
    this.#rest = new Uint8Array();
    this.wire.cut();
  }

  feed(bytes: Uint8Array): void {
    this.wire.receive(bytes, (received) => {
      this.#rest = Uint8Array.from([...this.#rest, ...received]);
      while (this.#rest.length >= 2) {
        const size = (this.#rest[0] ?? 0) * 256 + (this.#rest[1] ?? 0) + 2;
        if (size < LEAST_BYTES) this.#rest = this.#rest.slice(1);
        if (size < LEAST_BYTES) continue;
        if (this.#rest.length < size) return;
        this.#hear(this.#rest.slice(0, size));
        this.#rest = this.#rest.slice(size);
      }
    });
  }

  #hear(frame: Uint8Array): void {
    const message = readMessage(frame, this.#macKey);
    if (!message) return;
    this.#requests += 1;
    const answer = this.#answer(message);
    if (!answer || this.faults.answerLost) return;
    const mti = `${message.mti.slice(0, 2)}${Number(message.mti[2]) + 1}${message.mti[3]}`;
    // Keys are handed out before there is one to seal with.
    const bytes = writeMessage(frame.slice(2, 13), mti, answer, message.mti === '0800' ? undefined : this.#macKey);
    if (this.faults.wrongMac) bytes[bytes.length - 1] = bytes.at(-1) === 0x30 ? 0x31 : 0x30;
    this.wire.send(bytes);
  }

  #answer(message: HostMessage): Record<number, string> | undefined {
    if (message.mti !== '0800' && message.isMacRight !== true) return this.#echo(message, 'A0');
    switch (message.mti) {
      case '0200':
      case '0220':
        return this.#transaction(message);
      case '0400':
        return this.#reverse(message);
      case '0800':
        return { ...this.#echo(message, '00'), 62: this.#wrappedKey() };
      case '0500':
        return this.#echo(message, '00');
      default:
        return undefined;
    }
  }

  #transaction(message: HostMessage): Record<number, string> {
    const { fields } = message;
    const reference = `${this.#time()}${fields[11] ?? ''}`;
    const code = this.faults.responseCode;
    if (code !== '00') return { ...this.#echo(message, code), 37: reference };
    if (fields[3] === '310000') return { ...this.#echo(message, '00'), 37: reference };
    if (!this.#book(message, reference)) return { ...this.#echo(message, '25'), 37: reference };
    return {
      ...this.#echo(message, '00'),
      ...(fields[2] !== undefined && { 2: fields[2] }),
      ...(fields[14] !== undefined && { 14: fields[14] }),
      15: this.#date(),
      32: ACQUIRER,
      37: reference,
      38: AUTHORISATION,
      44: ADDITIONAL,
    };
  }

  /** False when what is to be given back is not there. */
  #book({ mti, fields }: HostMessage, reference: string): boolean {
    const kind = fields[3] === '000000' ? 'sale' : mti === '0220' ? 'refund' : 'void';
    const original = kind === 'void' ? this.#booking(fields[61]?.slice(6, 12)) : undefined;
    if (kind === 'void' && !original) return false;
    if (original) original.state = 'voided';
    const amountCents = Number(fields[4] ?? '0');
    this.#bookings.push({ kind, trace: fields[11] ?? '', amountCents, reference, state: 'booked' });
    return true;
  }

  #reverse(message: HostMessage): Record<number, string> {
    const original = this.faults.losesOriginals ? undefined : this.#booking(message.fields[11]);
    if (!original) return this.#echo(message, '25');
    original.state = 'reversed';
    return { ...this.#echo(message, '00'), 37: original.reference };
  }

  #booking(trace: string | undefined): HostBooking | undefined {
    return this.#bookings.findLast((booking) => booking.trace === trace);
  }

  /** What every answer says: the request's own fields, the host's time, the code. */
  #echo({ fields }: HostMessage, code: string): Record<number, string> {
    const repeated = Object.fromEntries(
      [3, 4, 11, 25, 41, 42, 49].flatMap((number) => (fields[number] === undefined ? [] : [[number, fields[number]]])),
    ) as Record<number, string>;
    return { ...repeated, 12: this.#time(), 13: this.#date(), 39: code, 60: (fields[60] ?? '').slice(0, 8) };
  }

  /** The MAC key under the master key, and four bytes to check it by. */
  #wrappedKey(): string {
    const blocks = Array.from({ length: this.#macKey.length / 8 }, (_, at) =>
      this.#macKey.subarray(at * 8, at * 8 + 8),
    );
    const wrapped = Buffer.concat(blocks.map((block) => des(block, this.#masterKey)));
    return Buffer.concat([wrapped, des(Buffer.alloc(8), this.#macKey).subarray(0, 4)])
      .toString('hex')
      .toUpperCase();
  }

  #time(): string {
    return this.#local().slice(11, 19).replaceAll(':', '');
  }

  #date(): string {
    return this.#local().slice(5, 10).replace('-', '');
  }

  #local(): string {
    return new Date(this.#clock.wallMs() + CHINA_OFFSET_MS).toISOString();
  }
}
