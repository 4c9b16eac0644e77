/**
 * Frames of the Kerong CU16 and KR-CU boards (device-protocols 6.2): `02 ADDR CMD [data] 03 SUM`. ADDR holds the board in
 * its high and the lock in its low half; F0 means all boards.
 */
import { bitsOf, bytesOfBits, type BoardState } from './board-state.ts';
import { fault, hexByte, type Reading } from './frame-cutter.ts';

export const KERONG_COMMANDS = {
  0x30: 'status',
  0x31: 'unlock',
  0x32: 'statusOfAll',
  0x33: 'unlockAll',
  0x37: 'setUnlockTime',
  0x38: 'readUnlockTime',
  0x39: 'delayedUnlock',
} as const;
export type KerongCommand = (typeof KERONG_COMMANDS)[keyof typeof KERONG_COMMANDS];

export type KerongFrame =
  | { readonly kind: 'command'; readonly command: KerongCommand; readonly board: number; readonly lock: number }
  | {
      readonly kind: 'status';
      readonly board: number;
      /** Low half of ADDR; boards answer 0. */
      readonly lock: number;
      /** Locks 0 to 15; set = hook in. */
      readonly closed: readonly boolean[];
      readonly presence: readonly boolean[];
    }
  /** CMD 36, of which the sheet says only that it is an answer; it comes with the four bytes of 35 or with none. */
  | { readonly kind: 'other'; readonly board: number; readonly lock: number; readonly data: Uint8Array };

const STX = 0x02;
const ETX = 0x03;
const STATUS = 0x35;
const OTHER = 0x36;
const SHORT_BYTES = 5;
const ANSWER_DATA_BYTES = 4;
const LONG_BYTES = SHORT_BYTES + ANSWER_DATA_BYTES;
/** As a board number it cannot be told from "all boards". */
export const ALL_BOARDS = 0x0f;

export function encodeKerong(frame: KerongFrame): Uint8Array {
  const body = [STX, (frame.board << 4) | frame.lock, ...commandAndData(frame), ETX];
  return Uint8Array.of(...body, sumOf(body));
}

function commandAndData(frame: KerongFrame): number[] {
  switch (frame.kind) {
    case 'command':
      return [codeOf(frame.command)];
    case 'status':
      return [STATUS, ...bytesOfBits(frame.closed, 2), ...bytesOfBits(frame.presence, 2)];
    case 'other':
      return [OTHER, ...frame.data];
  }
}

function codeOf(command: KerongCommand): number {
  return Number(Object.entries(KERONG_COMMANDS).find(([, name]) => name === command)?.[0]);
}

export function readKerong(bytes: Uint8Array): Reading<KerongFrame> {
  const [stx, address, code] = bytes;
  if (stx !== STX) return fault(0, `${hexByte(stx)} begins no frame`);
  if (address === undefined || code === undefined) return { kind: 'short' };
  const board = address >> 4;
  const lock = address & 0x0f;
  const command = KERONG_COMMANDS[code as keyof typeof KERONG_COMMANDS] as KerongCommand | undefined;
  if (command) return sealed(bytes, SHORT_BYTES, () => ({ kind: 'command', command, board, lock }));
  if (code === OTHER) return readOther(bytes, board, lock);
  if (code !== STATUS) return fault(2, `${hexByte(code)} is no command`);
  return sealed(bytes, LONG_BYTES, () => ({
    kind: 'status',
    board,
    lock,
    closed: bitsOf(bytes.subarray(3, 5)),
    presence: bitsOf(bytes.subarray(5, 7)),
  }));
}

function readOther(bytes: Uint8Array, board: number, lock: number): Reading<KerongFrame> {
  const short = sealed(bytes, SHORT_BYTES, () => ({ kind: 'other', board, lock, data: new Uint8Array() }) as const);
  if (short.kind !== 'fault') return short;
  return sealed(bytes, LONG_BYTES, () => ({ kind: 'other', board, lock, data: bytes.slice(3, 7) }));
}

function sealed<Frame>(bytes: Uint8Array, length: number, frame: () => Frame): Reading<Frame> {
  const etx = bytes[length - 2];
  const sum = bytes[length - 1];
  if (etx !== undefined && etx !== ETX) return fault(length - 2, `${hexByte(etx)} stands where 03 ends the frame`);
  if (sum === undefined) return { kind: 'short' };
  const expected = sumOf(bytes.subarray(0, length - 1));
  if (sum !== expected) return fault(length - 1, `SUM is ${hexByte(sum)}, should be ${hexByte(expected)}`);
  return { kind: 'frame', frame: frame(), length };
}

export function stateKerong(frame: KerongFrame): BoardState | undefined {
  if (frame.kind !== 'status') return undefined;
  return { board: frame.board, firstLock: 0, bits: frame.closed, presence: frame.presence };
}

function sumOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum & 0xff;
}
