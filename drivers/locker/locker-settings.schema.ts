/** What a site says of its lock boards, and which printed door is which lock on which board. */
import Type, { type Static } from 'typebox';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { LockerModel } from './locker-models.ts';

const LockerBoard = Type.Object(
  {
    /** As its switches say and as on the wire. */
    address: Type.Integer({ minimum: 0, maximum: 255 }),
    /** Locks that are wired, from the first. */
    locks: Type.Integer({ minimum: 1, maximum: 64 }),
    /** What a set bit (8A: state 11) means on this board's wiring; `commission` finds out. */
    polarity: Type.Enum(['bitMeansClosed', 'bitMeansOpen', 'unknown']),
    /** The number printed on the door of the first lock. */
    firstDoor: Type.Integer({ minimum: 1, maximum: 512 }),
    /** The compartments have infrared sensors and the board reports them. */
    infrared: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type LockerBoard = Static<typeof LockerBoard>;
export type Polarity = LockerBoard['polarity'];

export const LockerSettings = Type.Object(
  { boards: Type.Array(LockerBoard, { minItems: 1, maxItems: 32 }) },
  { additionalProperties: false },
);
export type LockerSettings = Static<typeof LockerSettings>;

export interface Door {
  /** As printed. */
  readonly door: number;
  readonly board: LockerBoard;
  /** As on the wire. */
  readonly lock: number;
}

/** Every door by its printed number; `kiosk.badConfig` for a board that cannot be, or a number or address used twice. */
export function doorsOf({ boards }: LockerSettings, model: LockerModel): Result<ReadonlyMap<number, Door>> {
  const { dialect } = model;
  const doors = new Map<number, Door>();
  const addresses = new Set<number>();
  for (const board of boards) {
    const { address, locks, firstDoor } = board;
    if (address < dialect.boards.first || address > dialect.boards.last) {
      return badBoard(board, `${model.name} has addresses ${dialect.boards.first} to ${dialect.boards.last}`);
    }
    if (addresses.has(address)) return badBoard(board, 'the address is used twice');
    if (locks > dialect.maxLocks) return badBoard(board, `${model.name} has at most ${dialect.maxLocks} locks`);
    addresses.add(address);
    for (let index = 0; index < locks; index += 1) {
      const door = firstDoor + index;
      if (doors.has(door)) return badBoard(board, `door ${door} is on two boards`);
      doors.set(door, { door, board, lock: dialect.firstLock + index });
    }
  }
  return ok(doors);
}

function badBoard({ address }: LockerBoard, why: string): Result<never> {
  return fail('kiosk.badConfig', `board ${address}: ${why}`);
}

/** What a bit says of a door on this board; undefined when nobody knows. */
export function isOpen(polarity: Polarity, bit: boolean): boolean | undefined {
  return polarity === 'unknown' ? undefined : bit === (polarity === 'bitMeansOpen');
}
