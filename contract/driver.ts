/**
 * The shape of every driver: plain data in, plain data out, so that whether a process lies between the engine and the
 * device is the composition root's business alone. Words for states are XFS4IoT's (device-protocols 8.3).
 */
import Type, { type Static } from 'typebox';
import { Problem, type Instant, type Outcome } from './outcome.schema.ts';

/** One folder of `drivers/` a class. The camera is none: it hangs on the page, behind the renderer's FaceCheck port. */
export const DeviceClass = Type.Enum([
  'id-card-reader',
  'smart-card-reader',
  'fingerprint-reader',
  'receipt-printer',
  'document-printer',
  'scanner',
  'payment-terminal',
  'locker',
  'health',
  'sensors-and-lights',
  'ups',
]);
export type DeviceClass = Static<typeof DeviceClass>;

export const DeviceState = Type.Enum([
  'unknown',
  'starting',
  'online',
  'offline',
  'noDevice',
  'hardwareError',
  'userError',
  'deviceBusy',
]);
export type DeviceState = Static<typeof DeviceState>;
export const PaperState = Type.Enum(['unknown', 'full', 'low', 'out', 'jammed']);
export type PaperState = Static<typeof PaperState>;
export const MediaState = Type.Enum(['unknown', 'present', 'notPresent', 'entering', 'jammed', 'latched']);
export type MediaState = Static<typeof MediaState>;

/** What sensors say, by the name the profile gives them: a door is `true` when open, a charge is in percent. */
export const Signals = Type.Record(
  Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,31}$' }),
  Type.Union([Type.Boolean(), Type.Number()]),
  { maxProperties: 32 },
);
export type Signals = Readonly<Record<string, boolean | number>>;

/**
 * Last known truth about a device. `unknown` is where each axis starts and stays until the device has spoken.
 * `paper`: the roll or tray of a printer. `media`: the card on a reader (`entering`: found and being read, it must stay;
 * `latched`: it must be lifted before it can be read again), the finger on a sensor, or the slip in a printer's mouth.
 */
export const DeviceStatus = Type.Object(
  {
    device: DeviceState,
    paper: PaperState,
    media: MediaState,
    signals: Type.Optional(Signals),
    /** Why the device is not `online`. */
    problem: Type.Optional(Problem),
  },
  { additionalProperties: false },
);
export interface DeviceStatus {
  readonly device: DeviceState;
  readonly paper: PaperState;
  readonly media: MediaState;
  readonly signals?: Signals;
  readonly problem?: Problem;
}

export const UNKNOWN_STATUS: DeviceStatus = { device: 'unknown', paper: 'unknown', media: 'unknown' };

export interface DeviceDescriptor {
  readonly id: string;
  readonly class: DeviceClass;
  readonly model: string;
  /** One line a technician can read: link kind and address. */
  readonly link: string;
}

/** What a maintainer reads while a self-test runs. */
export const SelfTestLine = Type.Object(
  {
    step: Type.String({ maxLength: 80 }),
    result: Type.Enum(['pass', 'fail', 'skip']),
    detail: Type.String({ maxLength: 300 }),
  },
  { additionalProperties: false },
);
export type SelfTestLine = Static<typeof SelfTestLine>;

export interface Limits {
  /** Monotonic instant after which the command settles: `failed` before the first byte of a physical act, else `unknown`. */
  readonly deadline: Instant;
  readonly signal: AbortSignal;
}

export interface Driver<Command, Reply> {
  readonly describe: DeviceDescriptor;
  status(): DeviceStatus;
  /** Calls back on each change, not at once; returns the way to stop. */
  subscribe(listener: (status: DeviceStatus) => void): () => void;
  /** One command in flight; a second one waits its turn. Never rejects. */
  execute(command: Command, limits: Limits): Promise<Outcome<Reply>>;
  selfTest(): AsyncIterable<SelfTestLine>;
  /**
   * Puts the device itself back to its beginning, without a physical act; absent when its protocol has no such command.
   * Waits its turn like a command; `failed` when the device did not obey.
   */
  reset?(limits: Limits): Promise<Outcome<object>>;
  /** Idempotent, never rejects; settles whatever is pending. */
  close(): Promise<void>;
}
