/**
 * Frames of the "8A" boards (device-protocols 6.1): `8A|80 board lock code X`, X = XOR of the four before. The feedback
 * `8A board lock 11` looks like the command it answers, which is one more reason to believe neither.
 */
import { fault, hexByte, type Reading } from './frame-cutter.ts';
import type { BoardState } from './board-state.ts';

export type Frame8a =
  /** `open` is also what a board answers to it when its state byte is 11. */
  | { readonly kind: 'open' | 'query'; readonly board: number; readonly lock: number }
  | { readonly kind: 'openAll' | 'queryAll'; readonly board: number }
  /** An answer to `open` with state byte 00. */
  | { readonly kind: 'feedback00'; readonly board: number; readonly lock: number }
  | { readonly kind: 'state'; readonly board: number; readonly lock: number; readonly is11: boolean };

const OPEN = 0x8a;
const STATE = 0x80;
const CODE_11 = 0x11;
const CODE_QUERY = 0x33;
const FRAME_BYTES = 5;
export const BOARDS_8A = { first: 0x01, last: 0x20 } as const;

export function encode8a(frame: Frame8a): Uint8Array {
  const [head, code] = headAndCode(frame);
  const body = [head, frame.board, 'lock' in frame ? frame.lock : 0, code];
  return Uint8Array.of(...body, xorOf(body));
}

function headAndCode(frame: Frame8a): readonly [number, number] {
  switch (frame.kind) {
    case 'open':
    case 'openAll':
      return [OPEN, CODE_11];
    case 'feedback00':
      return [OPEN, 0x00];
    case 'query':
    case 'queryAll':
      return [STATE, CODE_QUERY];
    case 'state':
      return [STATE, frame.is11 ? CODE_11 : 0x00];
  }
}

export function read8a(bytes: Uint8Array): Reading<Frame8a> {
  const [head, board, lock, code, check] = bytes;
  if (head !== OPEN && head !== STATE) return fault(0, `${hexByte(head)} begins no frame`);
  if (board === undefined) return { kind: 'short' };
  if (board < BOARDS_8A.first || board > BOARDS_8A.last) return fault(1, `there is no board ${hexByte(board)}`);
  if (lock === undefined || code === undefined) return { kind: 'short' };
  const frame = frameOf(head, board, lock, code);
  if (!frame) return fault(3, `${hexByte(code)} is no code of ${hexByte(head)} for lock ${lock}`);
  if (check === undefined) return { kind: 'short' };
  const expected = xorOf([head, board, lock, code]);
  if (check !== expected) return fault(4, `XOR is ${hexByte(check)}, should be ${hexByte(expected)}`);
  return { kind: 'frame', frame, length: FRAME_BYTES };
}

function frameOf(head: number, board: number, lock: number, code: number): Frame8a | undefined {
  if (head === OPEN) {
    if (code === 0x00) return { kind: 'feedback00', board, lock };
    if (code !== CODE_11) return undefined;
    return lock === 0 ? { kind: 'openAll', board } : { kind: 'open', board, lock };
  }
  if (code === CODE_QUERY) return lock === 0 ? { kind: 'queryAll', board } : { kind: 'query', board, lock };
  if (lock === 0 || (code !== 0x00 && code !== CODE_11)) return undefined;
  return { kind: 'state', board, lock, is11: code === CODE_11 };
}

/**
 * The answer to `queryAll`, whose length only the board's profile knows (uncertainty 10): `80 board`, one bit a lock in
 * bytes, XOR. The driver never asks for it.
 */
export interface StateAll8a {
  readonly board: number;
  readonly statusBytes: Uint8Array;
}

const MOST_STATUS_BYTES = 8;

/** A whole answer to `queryAll`, when nothing shorter explains the bytes. */
export function readStateAll8a(bytes: Uint8Array): StateAll8a | undefined {
  const [head, board = 0] = bytes;
  const isLong = bytes.length > FRAME_BYTES && bytes.length <= MOST_STATUS_BYTES + 3;
  if (!isLong || head !== STATE || board < BOARDS_8A.first || board > BOARDS_8A.last) return undefined;
  return xorOf(bytes) === 0 ? { board, statusBytes: bytes.slice(2, -1) } : undefined;
}

export function encodeStateAll8a({ board, statusBytes }: StateAll8a): Uint8Array {
  const body = [STATE, board, ...statusBytes];
  return Uint8Array.of(...body, xorOf(body));
}

/** Only an answer to a question about a lock counts; feedback to `open` says nothing (device-protocols 6.4). */
export function state8a(frame: Frame8a): BoardState | undefined {
  if (frame.kind !== 'state') return undefined;
  return { board: frame.board, firstLock: frame.lock, bits: [frame.is11] };
}

function xorOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
