/**
 * What staff may ask of a terminal from afar: a closed set, each typed, each expiring, each done at most once and answered with
 * the audit record `operation.done` (money-and-sync 7). There is no remote shell.
 */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });

export const OperationCommand = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('collectLogs'),
      /** The window, platform wall time. */
      fromMs: Type.Integer({ minimum: 0 }),
      toMs: Type.Integer({ minimum: 0 }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('selfTest'), device: Id }, closed),
  Type.Object({ kind: Type.Literal('restartApp') }, closed),
  /** Begins the upload again from where the platform says it stands. */
  Type.Object({ kind: Type.Literal('resyncChannel') }, closed),
  Type.Object({ kind: Type.Literal('rotateKey') }, closed),
]);
export type OperationCommand = Static<typeof OperationCommand>;

/** In the heartbeat's answer, again and again until it is answered or has expired. */
export const Operation = Type.Object(
  {
    operation: Type.String({ pattern: '^[0-9a-f]{24}$' }),
    /** Platform wall time; not begun after it. */
    expiresAtMs: Type.Integer({ minimum: 0 }),
    command: OperationCommand,
  },
  closed,
);
export type Operation = Static<typeof Operation>;

/**
 * How the terminal is, in the heartbeat: at most about 1 kB, nothing personal. What it says of its version counts for nothing:
 * only the signed audit record `version.healthy` does (F66).
 */
export const TerminalReport = Type.Object(
  {
    /** Records of ledger and audit that the platform has not acknowledged. */
    backlog: Type.Integer({ minimum: 0 }),
    /** Age of the oldest of them; absent without a backlog. */
    oldestMs: Type.Optional(Type.Integer({ minimum: 0 })),
    /** How wrong its idea of platform time may be; absent until it was heard. */
    clockErrorMs: Type.Optional(Type.Integer({ minimum: 0 })),
    /** 0 all well, 1 no new attachments, 2 no paid services, 3 out of service (money-and-sync 1.7). */
    diskRung: Type.Integer({ minimum: 0, maximum: 3 }),
    /** Fitted devices that are not online. */
    devicesDown: Type.Array(Id, { maxItems: 24 }),
  },
  closed,
);
export type TerminalReport = Static<typeof TerminalReport>;
