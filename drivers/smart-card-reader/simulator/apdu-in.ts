/** A command as the card takes it apart, and what it can answer (device-protocols 2.1). */
export interface Apdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Undefined = no Le byte; 0 = as much as there is. */
  readonly le: number | undefined;
}

export type StatusWord = readonly [number, number];
export type Answer = { readonly data: Uint8Array } | { readonly status: StatusWord };

export const SW = {
  ok: [0x90, 0x00],
  wrongLength: [0x67, 0x00],
  notARecordFile: [0x69, 0x81],
  securityMissing: [0x69, 0x82],
  pinBlocked: [0x69, 0x83],
  conditionsNotSatisfied: [0x69, 0x85],
  noFileSelected: [0x69, 0x86],
  functionNotSupported: [0x6a, 0x81],
  fileNotFound: [0x6a, 0x82],
  recordNotFound: [0x6a, 0x83],
  wrongP1P2: [0x6a, 0x86],
  offsetBeyondEnd: [0x6b, 0x00],
  unknownInstruction: [0x6d, 0x00],
  unknownClass: [0x6e, 0x00],
  macInvalid: [0x93, 0x02],
  insufficient: [0x94, 0x01],
  unknownKey: [0x94, 0x03],
  notAvailable: [0x94, 0x06],
} as const satisfies Readonly<Record<string, StatusWord>>;

/** Short APDUs of the four cases; undefined when Lc and the length do not agree. */
export function readApdu(bytes: Uint8Array): Apdu | undefined {
  const [cla, ins, p1, p2, p3] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const header = { cla, ins, p1, p2 };
  if (bytes.length <= 5) return { ...header, data: new Uint8Array(), le: p3 };
  const end = 5 + (p3 ?? 0);
  if (bytes.length !== end && bytes.length !== end + 1) return undefined;
  return { ...header, data: bytes.slice(5, end), le: bytes[end] };
}

/** Big-endian. */
export function uintBytes(value: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256);
}

export function uintOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
