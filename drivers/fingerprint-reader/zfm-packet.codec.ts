/**
 * Packets of the ZFM-20 / R30x family (device-protocols 3.1): EF 01, address, PID, length, content, sum of everything from
 * the PID on. Pure, and safe on any bytes. The header and the address stand outside the sum.
 */
export const PID = { command: 1, data: 2, acknowledge: 7, lastData: 8 } as const;
export type Pid = (typeof PID)[keyof typeof PID];

export interface ZfmPacket {
  readonly address: number;
  readonly pid: Pid;
  readonly content: Uint8Array;
}

export type ZfmEvent =
  | { readonly kind: 'packet'; readonly packet: ZfmPacket }
  /** A whole packet whose sum is wrong. */
  | { readonly kind: 'damaged' }
  /** Bytes that belong to no packet. */
  | { readonly kind: 'garbage' };

/** What stands at a place of a run of bytes. `at` is where a fault was seen, counted from the start of the run. */
export type Inspected =
  | { readonly kind: 'packet'; readonly packet: ZfmPacket; readonly next: number }
  | { readonly kind: 'more'; readonly at: number; readonly reason: string }
  | { readonly kind: 'noPacket' | 'damaged'; readonly at: number; readonly reason: string };

export const DEFAULT_ADDRESS = 0xffffffff;
const HEADER = 0xef01;
const HEADER_BYTES = 9;
const SUM_BYTES = 2;
const MAX_DATA_BYTES = 256;
/** The longest acknowledge, ReadConList, has 33. */
const MAX_OTHER_BYTES = 64;

/** Throws on content that fits no packet: that is a mistake of ours, never of the wire. */
export function encodePacket({ address, pid, content }: ZfmPacket): Uint8Array {
  if (content.length > MAX_DATA_BYTES) throw new RangeError(`packet content of ${content.length} bytes`);
  const bytes = new Uint8Array(HEADER_BYTES + content.length + SUM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, HEADER);
  view.setUint32(2, address);
  view.setUint8(6, pid);
  view.setUint16(7, content.length + SUM_BYTES);
  bytes.set(content, HEADER_BYTES);
  const end = HEADER_BYTES + content.length;
  view.setUint16(end, sumOf(bytes.subarray(6, end)));
  return bytes;
}

/** `content` as data packets of at most `packetBytes`, the last one marked as such; one empty packet for nothing. */
export function dataPackets(address: number, content: Uint8Array, packetBytes: number): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < content.length; at += packetBytes) {
    const isLast = at + packetBytes >= content.length;
    const pid = isLast ? PID.lastData : PID.data;
    packets.push(encodePacket({ address, pid, content: content.subarray(at, at + packetBytes) }));
  }
  return packets;
}

export function inspect(bytes: Uint8Array, from: number): Inspected {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fault = headerFault(view, from);
  if (fault) return { kind: 'noPacket', at: from + fault.at, reason: fault.reason };
  const left = bytes.length - from;
  const more = (reason: string): Inspected => ({ kind: 'more', at: bytes.length, reason });
  if (left < HEADER_BYTES) return more('the header is cut off');
  const end = HEADER_BYTES + view.getUint16(from + 7) - SUM_BYTES;
  if (left < end + SUM_BYTES) return more(`the packet needs ${end + SUM_BYTES - left} more bytes`);
  const expected = sumOf(bytes.subarray(from + 6, from + end));
  const found = view.getUint16(from + end);
  if (found !== expected) {
    const reason = `sum ${hex(found, 4)}, the packet adds up to ${hex(expected, 4)}`;
    return { kind: 'damaged', at: from + end, reason };
  }
  const content = Uint8Array.from(bytes.subarray(from + HEADER_BYTES, from + end));
  const pid = view.getUint8(from + 6) as Pid;
  return { kind: 'packet', packet: { address: view.getUint32(from + 2), pid, content }, next: from + end + SUM_BYTES };
}

/** What is wrong with as much of a header as is there. */
function headerFault(view: DataView, from: number): { readonly at: number; readonly reason: string } | undefined {
  const left = view.byteLength - from;
  const reason = 'a packet begins with EF 01';
  if (left >= 1 && view.getUint8(from) !== HEADER >> 8) return { at: 0, reason };
  if (left >= 2 && view.getUint8(from + 1) !== (HEADER & 0xff)) return { at: 1, reason };
  if (left < 7) return undefined;
  const pid = view.getUint8(from + 6);
  if (!isPid(pid)) return { at: 6, reason: `packet identifier ${hex(pid, 2)} is none of 01, 02, 07, 08` };
  return left < HEADER_BYTES ? undefined : lengthFault(pid, view.getUint16(from + 7));
}

function lengthFault(pid: Pid, length: number): { readonly at: number; readonly reason: string } | undefined {
  const isData = pid === PID.data || pid === PID.lastData;
  const least = isData ? SUM_BYTES : SUM_BYTES + 1;
  const most = SUM_BYTES + (isData ? MAX_DATA_BYTES : MAX_OTHER_BYTES);
  return length < least || length > most ? { at: 7, reason: `length ${length} is not ${least} to ${most}` } : undefined;
}

/** Packets out of a stream, whatever the pieces in which it comes (a USB bridge splits as it likes). */
export class ZfmDecoder {
  #rest: Uint8Array = new Uint8Array();
  /** A run of garbage is one event, also when it comes in pieces. */
  #isInGarbage = false;

  push(chunk: Uint8Array): ZfmEvent[] {
    this.#rest = Uint8Array.from([...this.#rest, ...chunk]);
    return this.#drain();
  }

  /** Less than one packet. */
  get pendingBytes(): number {
    return this.#rest.length;
  }

  /** The line is quiet although a packet is unfinished: its header was noise. What stands behind it is looked at again. */
  giveUpPacket(): ZfmEvent[] {
    const events: ZfmEvent[] = [];
    while (this.#rest.length > 0) {
      this.#rest = this.#rest.subarray(1);
      this.#add(events, { kind: 'garbage' });
      events.push(...this.#drain());
    }
    return events;
  }

  reset(): void {
    this.#rest = new Uint8Array();
    this.#isInGarbage = false;
  }

  #drain(): ZfmEvent[] {
    const events: ZfmEvent[] = [];
    let from = 0;
    while (from < this.#rest.length) {
      const found = inspect(this.#rest, from);
      if (found.kind === 'more') break;
      if (found.kind === 'packet') this.#add(events, { kind: 'packet', packet: found.packet });
      else this.#add(events, { kind: found.kind === 'damaged' ? 'damaged' : 'garbage' });
      // behind a false start a good packet may stand inside what looked like one
      from = found.kind === 'packet' ? found.next : from + 1;
    }
    this.#rest = this.#rest.slice(from);
    return events;
  }

  #add(events: ZfmEvent[], event: ZfmEvent): void {
    const isGarbage = event.kind === 'garbage';
    if (!isGarbage || !this.#isInGarbage) events.push(event);
    this.#isInGarbage = isGarbage;
  }
}

export function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

function isPid(value: number): value is Pid {
  return Object.values<number>(PID).includes(value);
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum + byte, 0) & 0xffff;
}
