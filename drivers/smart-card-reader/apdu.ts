/**
 * ISO 7816-4 commands and their status words (device-protocols 2.1). PC/SC does not hide `61 xx` (bytes wait) and `6C xx`
 * (wrong Le) from the caller, so the loop that follows them stands here, and it ends: a card may not keep us busy.
 */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';

/** One command to the card, one answer back: the data, then two bytes of status word. Never rejects. */
export type Transmit = (apdu: Uint8Array) => Promise<Result<Uint8Array>>;

export interface CardAnswer {
  readonly data: Uint8Array;
  /** SW1 and SW2 as one number, e.g. 0x9000. */
  readonly status: number;
}

export const STATUS = {
  ok: 0x9000,
  endOfFile: 0x6282,
  locked: 0x6283,
  wrongLength: 0x6700,
  securityMissing: 0x6982,
  pinBlocked: 0x6983,
  insufficient: 0x9401,
  noSuchTransaction: 0x9406,
} as const;

/** For maintainers; a word that is not here is shown as its number alone. */
const MEANINGS: Readonly<Record<number, string>> = {
  0x6282: 'file ended early',
  0x6283: 'file or application locked',
  0x6700: 'wrong length',
  0x6982: 'security status missing',
  0x6983: 'PIN blocked',
  0x6985: 'conditions not satisfied',
  0x6a81: 'function not supported, or card locked',
  0x6a82: 'file or application not found',
  0x6a83: 'record not found',
  0x6a86: 'wrong P1 or P2',
  0x6d00: 'instruction not supported',
  0x6b00: 'offset beyond the end of the file',
  0x6e00: 'class not supported',
  0x9302: 'MAC invalid',
  0x9401: 'balance too small',
  0x9403: 'key index unknown',
  0x9406: 'requested MAC or TAC not available: no such transaction',
};

/** Exchanges for one command, follow-ups included; a real card needs three at most. */
const MAX_EXCHANGES = 8;

export function describeStatus(status: number): string {
  const word = status.toString(16).toUpperCase().padStart(4, '0');
  const meaning = (status & 0xfff0) === 0x63c0 ? `verification failed, ${status & 0x0f} tries left` : MEANINGS[status];
  return meaning ? `${word} ${meaning}` : word;
}

/**
 * SELECT an application by its name or AID; two bytes are the identifier of a directory (2.3: `00A40000021001`). Without
 * Le a card that has something to say answers `61 xx`, or nothing; with Le 00 it says all of it.
 */
export function selectApplication(name: Uint8Array, le?: number): Uint8Array {
  const tail = le === undefined ? [] : [le];
  return Uint8Array.of(0x00, 0xa4, name.length === 2 ? 0x00 : 0x04, 0x00, name.length, ...name, ...tail);
}

/** SELECT an elementary file of the current application by its two-byte identifier. */
export function selectFile(id: Uint8Array): Uint8Array {
  return Uint8Array.of(0x00, 0xa4, 0x02, 0x00, id.length, ...id);
}

/** READ BINARY from the start of the file with this short identifier; 256 bytes at most. */
export function readBinary(sfi: number, lengthBytes: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb0, 0x80 | sfi, 0x00, lengthBytes & 0xff);
}

/** READ RECORD by number inside a short file identifier. */
export function readRecord(sfi: number, record: number, lengthBytes: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, record, (sfi << 3) | 0x04, lengthBytes);
}

/** READ RECORD by identifier in the selected elementary file. */
export function readIdentifier(identifier: number, lengthBytes: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, identifier, 0x00, lengthBytes);
}

/** VERIFY; without a PIN it asks how many tries are left (`63 Cx`) and uses none up. */
export function verify(reference: number, pin: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(0x00, 0x20, 0x00, reference, ...(pin.length > 0 ? [pin.length] : []), ...pin);
}

/** The tries that a `63 Cx` leaves; undefined for other words. */
export function triesLeft(status: number): number | undefined {
  return (status & 0xfff0) === 0x63c0 ? status & 0x0f : undefined;
}

/**
 * Sends a command and follows `61 xx` and `6C xx` to the end; `act`: a command that is never said twice, so that `6C xx` is
 * its answer. Fails with what `transmit` fails with, and with
 * `card.unreadable` when the answer is none (too short, no status word of the standard) or has no end.
 */
export async function exchange(
  transmit: Transmit,
  command: Uint8Array,
  kind: 'question' | 'act' = 'question',
): Promise<Result<CardAnswer>> {
  const parts: number[] = [];
  let next = command;
  for (let count = 0; count < MAX_EXCHANGES; count += 1) {
    const answer = await transmit(next);
    if (!answer.ok) return answer;
    const [sw1, sw2] = answer.value.slice(-2);
    if (sw1 === undefined || sw2 === undefined || !isStatusWord(sw1)) return fail('card.unreadable', 'no status word');
    parts.push(...answer.value.slice(0, -2));
    if (sw1 === 0x61) next = Uint8Array.of(0x00, 0xc0, 0x00, 0x00, sw2);
    else if (sw1 === 0x6c && kind === 'question') next = withLe(next, sw2);
    else return ok({ data: Uint8Array.from(parts), status: (sw1 << 8) | sw2 });
  }
  return fail('card.unreadable', 'the answer has no end');
}

function isStatusWord(sw1: number): boolean {
  return (sw1 > 0x60 && sw1 < 0x70) || (sw1 >= 0x90 && sw1 < 0xa0);
}

/** The same command asking for another length: Le stands behind the header, or behind the data where there is data. */
function withLe(command: Uint8Array, le: number): Uint8Array {
  if (command.length <= 5) return Uint8Array.of(...command.slice(0, 4), le);
  return Uint8Array.of(...command.slice(0, 5 + (command[4] ?? 0)), le);
}
