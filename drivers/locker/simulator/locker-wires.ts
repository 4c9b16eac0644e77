/**
 * What a lock board hears and says on its wire (device-protocols 6.1 to 6.3), one table entry a protocol. Locks are counted
 * from 0 here, whatever the wire does.
 */
export interface HostRequest {
  readonly kind: 'open' | 'openAll' | 'query' | 'queryAll' | 'wake' | 'other';
  readonly board: number;
  readonly lock: number;
}

export interface BoardView {
  readonly board: number;
  /** The raw sensor bit of each lock, as this wiring gives it. */
  readonly bits: readonly boolean[];
  readonly occupied: readonly boolean[];
}

export interface LockerWire {
  readonly locks: number;
  readonly firstBoard: number;
  /** Cuts one request off the front; `taken` 0 = more bytes are needed. No request = noise of `taken` bytes. */
  take(bytes: Uint8Array): { readonly taken: number; readonly request?: HostRequest };
  /** What the board says to a request about `lock`; empty when it says nothing. */
  answer(request: HostRequest, view: BoardView): Uint8Array;
  /** A state of the whole board or of one lock, also when nobody asked. */
  state(view: BoardView, lock: number): Uint8Array;
}

const NOISE = { taken: 1 };
const MORE = { taken: 0 };
const NOTHING = new Uint8Array();

const BOARD_8A: LockerWire = {
  locks: 12,
  firstBoard: 1,
  take(bytes) {
    const [head, board = 0, lock = 0, code, check] = bytes;
    if (head !== 0x8a && head !== 0x80) return NOISE;
    if (check === undefined) return MORE;
    if (bytes.subarray(0, 5).reduce((sum, byte) => sum ^ byte, 0) !== 0) return NOISE;
    const [one, all] = { 0x8a11: ['open', 'openAll'] as const, 0x8033: ['query', 'queryAll'] as const }[
      head * 256 + (code ?? 0)
    ] ?? ['other', 'other'];
    return { taken: 5, request: { kind: lock === 0 ? all : one, board, lock: lock - 1 } };
  },
  answer(request, view) {
    const { kind, lock } = request;
    if (kind === 'open') return xorSealed([0x8a, view.board, lock + 1, view.bits[lock] ? 0x11 : 0x00]);
    if (kind === 'query') return BOARD_8A.state(view, lock);
    if (kind === 'queryAll') return xorSealed([0x80, view.board, ...packed(view.bits)]);
    return NOTHING;
  },
  state: (view, lock) => xorSealed([0x80, view.board, lock + 1, view.bits[lock] ? 0x11 : 0x00]),
};

const KERONG_REQUESTS: Readonly<Record<number, HostRequest['kind']>> = {
  0x30: 'query',
  0x31: 'open',
  0x32: 'query',
  0x33: 'openAll',
  0x37: 'other',
  0x38: 'wake',
  0x39: 'other',
};

const KERONG: LockerWire = {
  locks: 16,
  firstBoard: 0,
  take(bytes) {
    const [stx, address = 0, code = 0, , check] = bytes;
    if (stx !== 0x02) return NOISE;
    if (check === undefined) return MORE;
    if (bytes[3] !== 0x03 || sumOf(bytes.subarray(0, 4)) !== check) return NOISE;
    const kind = KERONG_REQUESTS[code] ?? 'other';
    return { taken: 5, request: { kind, board: address >> 4, lock: address & 0x0f } };
  },
  answer: ({ kind }, view) => (kind === 'query' || kind === 'open' ? KERONG.state(view, 0) : NOTHING),
  state(view) {
    const body = [0x02, view.board << 4, 0x35, ...packed(view.bits), ...packed(view.occupied), 0x03];
    return Uint8Array.of(...body, sumOf(body));
  },
};

const CU48: LockerWire = {
  locks: 48,
  firstBoard: 0,
  take(bytes) {
    const [stx, board = 0, lock = 0, code, etx, check] = bytes;
    if (stx !== 0x02) return NOISE;
    if (check === undefined) return MORE;
    if (etx !== 0x03 || sumOf(bytes.subarray(0, 5)) !== check) return NOISE;
    const kind = code === 0x61 ? 'open' : code === 0x60 ? 'query' : 'other';
    return { taken: 6, request: { kind, board, lock } };
  },
  answer({ kind, lock }, view) {
    if (kind === 'query') return CU48.state(view, 0);
    if (kind !== 'open') return NOTHING;
    const body = [0x02, view.board, lock, 0x75, 0x00];
    return Uint8Array.of(...body, sumOf(body));
  },
  state(view) {
    const body = [0x02, view.board, 0x00, 0x75, 6, ...packed(view.bits)];
    return Uint8Array.of(...body, sumOf(body));
  },
};

export const LOCKER_WIRES = { 'board-8a': BOARD_8A, 'kerong-cu16': KERONG, cu48: CU48 } as const;
export type LockerWireName = keyof typeof LOCKER_WIRES;

export function isLockerWire(name: string): name is LockerWireName {
  return Object.hasOwn(LOCKER_WIRES, name);
}

function xorSealed(body: readonly number[]): Uint8Array {
  return Uint8Array.of(
    ...body,
    body.reduce((sum, byte) => sum ^ byte, 0),
  );
}

function sumOf(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum = (sum + byte) % 256;
  return sum;
}

/** The first lock in the lowest bit of the first byte. */
function packed(flags: readonly boolean[]): number[] {
  const bytes = Array.from({ length: Math.ceil(flags.length / 8) }, () => 0);
  for (const [lock, isSet] of flags.entries()) if (isSet) bytes[lock >> 3] = (bytes[lock >> 3] ?? 0) + 2 ** (lock % 8);
  return bytes;
}
