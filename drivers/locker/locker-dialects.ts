/** The three protocols behind one shape: a pulse, a question, and what counts as an answer about a door. */
import { BOARDS_8A, encode8a, read8a, state8a } from './board-8a.codec.ts';
import type { BoardState } from './board-state.ts';
import { CU48_LOCKS, encodeCu48, readCu48, stateCu48 } from './cu48.codec.ts';
import { FrameCutter, type ReadFrame } from './frame-cutter.ts';
import { ALL_BOARDS, encodeKerong, readKerong, stateKerong } from './kerong.codec.ts';

/** `board` and `lock` as on the wire. */
export interface LockerDialect {
  /** The number of a board's first lock on the wire. */
  readonly firstLock: number;
  readonly maxLocks: number;
  readonly boards: { readonly first: number; readonly last: number };
  /** One question is answered for every lock of the board. */
  readonly answersWholeBoard: boolean;
  pulse(board: number, lock: number): Uint8Array;
  question(board: number, lock: number): Uint8Array;
  decoder(): StateDecoder;
}

/** Gives the state answers in a stream; echoes, feedback and everything else are passed over. */
export interface StateDecoder {
  push(chunk: Uint8Array): BoardState[];
  reset(): void;
  readonly garbageBytes: number;
  readonly pendingBytes: number;
}

function decoderOf<Frame>(read: ReadFrame<Frame>, stateOf: (frame: Frame) => BoardState | undefined): StateDecoder {
  const cutter = new FrameCutter(read);
  return {
    push: (chunk) => cutter.push(chunk).flatMap((frame) => stateOf(frame) ?? []),
    reset: () => cutter.reset(),
    get garbageBytes() {
      return cutter.garbageBytes;
    },
    get pendingBytes() {
      return cutter.pendingBytes;
    },
  };
}

const DIALECT_8A: LockerDialect = {
  firstLock: 1,
  // The sheet gives no last lock; bigger boards than this we have not heard of.
  maxLocks: 64,
  boards: BOARDS_8A,
  answersWholeBoard: false,
  pulse: (board, lock) => encode8a({ kind: 'open', board, lock }),
  question: (board, lock) => encode8a({ kind: 'query', board, lock }),
  decoder: () => decoderOf(read8a, state8a),
};

const DIALECT_KERONG: LockerDialect = {
  firstLock: 0,
  maxLocks: 16,
  boards: { first: 0, last: ALL_BOARDS - 1 },
  answersWholeBoard: true,
  pulse: (board, lock) => encodeKerong({ kind: 'command', command: 'unlock', board, lock }),
  question: (board) => encodeKerong({ kind: 'command', command: 'status', board, lock: 0 }),
  decoder: () => decoderOf(readKerong, stateKerong),
};

const DIALECT_CU48: LockerDialect = {
  firstLock: 0,
  maxLocks: CU48_LOCKS,
  boards: { first: 0, last: 0xff },
  answersWholeBoard: true,
  pulse: (device, lock) => encodeCu48({ kind: 'open', device, lock }),
  question: (device) => encodeCu48({ kind: 'status', device, lock: 0 }),
  decoder: () => decoderOf(readCu48, stateCu48),
};

export const LOCKER_DIALECTS = { '8a': DIALECT_8A, kerong: DIALECT_KERONG, cu48: DIALECT_CU48 } as const;
