/** What a person can do to the simulated devices: one table a class, name of the action and what it takes. */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Switch = Type.Optional(Type.Boolean());
const Count = Type.Optional(Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 100_000 })]));
const Ms = Type.Integer({ minimum: 0, maximum: 600_000 });

/** The same with the words a trainer reads. */
const toggle = (title: string) => Type.Optional(Type.Boolean({ title }));
const count = (title: string) =>
  Type.Optional(Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 100_000 })], { title }));

export const NoInput = Type.Object({}, closed);

/** Faults of the answers on any wire. */
export const WireFaultsInput = Type.Object(
  {
    silent: Switch,
    garble: Switch,
    lateMs: Type.Optional(Ms),
    doubled: Switch,
    hangUpAfterInputBytes: Count,
    hangUpAfterOutputBytes: Count,
  },
  closed,
);

export const PrinterFaultsInput = Type.Object(
  {
    paperOutAfterLines: count('The roll ends after so many more lines'),
    cutterJam: toggle('The next cut does not succeed'),
    jamAfterPrint: toggle('The next slip sticks on its way out'),
    hangAfterPrint: toggle('The printer hangs after the next cut'),
    lieOk: toggle('Every status says that all is well'),
  },
  closed,
);

export const TerminalFaultsInput = Type.Object(
  {
    outcome: Type.Optional(Type.Enum(['approve', 'decline'])),
    approvalDelayMs: Type.Optional(Type.Union([Type.Null(), Ms])),
    ack: Type.Optional(Type.Enum(['normal', 'deaf', 'lost', 'nakOnce', 'busy'])),
    replyLost: Switch,
    duplicateReply: Switch,
    wrongEcho: Switch,
    badLrc: Switch,
    garbage: Switch,
    unmaskedPan: Switch,
    refuseVoid: Switch,
  },
  closed,
);

export const RefillInput = Type.Object(
  { rollCm: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 })) },
  closed,
);
export const InsertInput = Type.Object({ card: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }) }, closed);

export type WireFaultsInput = Static<typeof WireFaultsInput>;
