/** What differs between lock boards beside their protocol (device-protocols 6). */
import { LOCKER_DIALECTS, type LockerDialect } from './locker-dialects.ts';

export type LockerModelName = 'board-8a' | 'kerong-cu16' | 'cu48';

export interface Known<Value> {
  readonly value: Value;
  readonly confidence: 'sheet' | 'assumed';
}

export interface LockerModel {
  readonly name: LockerModelName;
  readonly dialect: LockerDialect;
  /** What the factory sets; the site's link says what is used. */
  readonly baudRate: Known<number>;
  /** A question not answered within this is asked again. */
  readonly answerMs: Known<number>;
  /** The line is left alone for this long between two frames; RS-485 is half-duplex. */
  readonly gapMs: Known<number>;
  /** From the first byte of a pulse until the next one may start: a solenoid draws 1 to 2 A. */
  readonly pulseMs: Known<number>;
  /** For this long after a pulse a board may ignore questions. */
  readonly busyMs: Known<number>;
}

const SHARED = {
  gapMs: { value: 100, confidence: 'sheet' },
  pulseMs: { value: 1_000, confidence: 'assumed' },
} as const;

const MODELS: Readonly<Record<LockerModelName, LockerModel>> = {
  'board-8a': {
    ...SHARED,
    name: 'board-8a',
    dialect: LOCKER_DIALECTS['8a'],
    baudRate: { value: 9_600, confidence: 'sheet' },
    answerMs: { value: 300, confidence: 'sheet' },
    busyMs: { value: 0, confidence: 'assumed' },
  },
  'kerong-cu16': {
    ...SHARED,
    name: 'kerong-cu16',
    dialect: LOCKER_DIALECTS.kerong,
    baudRate: { value: 19_200, confidence: 'sheet' },
    answerMs: { value: 300, confidence: 'assumed' },
    busyMs: { value: 3_000, confidence: 'assumed' },
  },
  cu48: {
    ...SHARED,
    name: 'cu48',
    dialect: LOCKER_DIALECTS.cu48,
    baudRate: { value: 9_600, confidence: 'assumed' },
    answerMs: { value: 300, confidence: 'assumed' },
    busyMs: { value: 3_000, confidence: 'assumed' },
  },
};

export function lockerModel(name: string): LockerModel | undefined {
  return Object.hasOwn(MODELS, name) ? MODELS[name as LockerModelName] : undefined;
}
