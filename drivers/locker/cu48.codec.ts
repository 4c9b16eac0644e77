/** Frames of the CU48 boards (device-protocols 6.3): `02 dev lock cmd 03 sum`, answer `02 dev 00 75 06 data sum`. */
import { bitsOf, bytesOfBits, type BoardState } from './board-state.ts';
import { fault, hexByte, type Reading } from './frame-cutter.ts';

export type Cu48Frame =
  | { readonly kind: 'status' | 'open'; readonly device: number; readonly lock: number }
  /** One bit a lock, 0 to 47. The order (lowest bit first) and the meaning (closed) are known from one code base only. */
  | { readonly kind: 'state'; readonly device: number; readonly bits: readonly boolean[] }
  /** An answer without data: how that code base knows `open` to be answered. The sheet does not name it. */
  | { readonly kind: 'feedback'; readonly device: number; readonly lock: number };

const STX = 0x02;
const ETX = 0x03;
const STATUS = 0x60;
const OPEN = 0x61;
const STATE = 0x75;
const DATA_BYTES = 6;
export const CU48_LOCKS = DATA_BYTES * 8;

export function encodeCu48(frame: Cu48Frame): Uint8Array {
  const body = [STX, frame.device, ...bodyOf(frame)];
  return Uint8Array.of(...body, sumOf(body));
}

function bodyOf(frame: Cu48Frame): number[] {
  switch (frame.kind) {
    case 'status':
      return [frame.lock, STATUS, ETX];
    case 'open':
      return [frame.lock, OPEN, ETX];
    case 'state':
      return [0, STATE, DATA_BYTES, ...bytesOfBits(frame.bits, DATA_BYTES)];
    case 'feedback':
      return [frame.lock, STATE, 0];
  }
}

export function readCu48(bytes: Uint8Array): Reading<Cu48Frame> {
  const [stx, device, lock, code, fifth] = bytes;
  if (stx !== STX) return fault(0, `${hexByte(stx)} begins no frame`);
  if (device === undefined || lock === undefined || code === undefined) return { kind: 'short' };
  if (lock >= CU48_LOCKS) return fault(2, `there is no lock ${lock}`);
  if (code === STATE) return readAnswer(bytes, device, lock);
  if (code !== STATUS && code !== OPEN) return fault(3, `${hexByte(code)} is no command`);
  if (fifth !== undefined && fifth !== ETX) return fault(4, `${hexByte(fifth)} stands where 03 ends the frame`);
  return sealed(bytes, 6, { kind: code === OPEN ? 'open' : 'status', device, lock });
}

function readAnswer(bytes: Uint8Array, device: number, lock: number): Reading<Cu48Frame> {
  const length = bytes[4];
  if (length === undefined) return { kind: 'short' };
  if (length === 0) return sealed(bytes, 6, { kind: 'feedback', device, lock });
  if (lock !== 0) return fault(2, `a state names lock 00, not ${hexByte(lock)}`);
  if (length !== DATA_BYTES) return fault(4, `${length} bytes of data, should be ${DATA_BYTES}`);
  const frame = { kind: 'state', device, bits: bitsOf(bytes.subarray(5, 5 + DATA_BYTES)) } as const;
  return sealed(bytes, 6 + DATA_BYTES, frame);
}

function sealed(bytes: Uint8Array, length: number, frame: Cu48Frame): Reading<Cu48Frame> {
  const sum = bytes[length - 1];
  if (sum === undefined) return { kind: 'short' };
  const expected = sumOf(bytes.subarray(0, length - 1));
  if (sum !== expected) return fault(length - 1, `sum is ${hexByte(sum)}, should be ${hexByte(expected)}`);
  return { kind: 'frame', frame, length };
}

export function stateCu48(frame: Cu48Frame): BoardState | undefined {
  return frame.kind === 'state' ? { board: frame.device, firstLock: 0, bits: frame.bits } : undefined;
}

function sumOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum & 0xff;
}
