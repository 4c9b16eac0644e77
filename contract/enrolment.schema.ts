/**
 * How a terminal gets its identity (money-and-sync 4.1). Staff make a code for one terminal at one station; the terminal
 * makes its keys and shows both: it never sends the code itself, so that whoever ends TLS on the way cannot enrol in its name.
 * Public keys are raw Ed25519 and X25519 keys, 32 bytes in base64.
 */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

export const PublicKey = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' });
export const TerminalId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,40}$' });
export const StationId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });
/** First 16 hex digits of the SHA-256 of the raw public key or keys. */
export const KeyFingerprint = Type.String({ pattern: '^[0-9a-f]{16}$' });
const Mac = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' });
const Ed25519Signature = Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' });

export const TerminalPublicKeys = Type.Object({ signing: PublicKey, agreement: PublicKey }, closed);
export type TerminalPublicKeys = Static<typeof TerminalPublicKeys>;

const KnownKey = Type.Object({ keyId: KeyFingerprint, publicKey: PublicKey }, closed);

/** What a terminal believes in from its enrolment on. */
export const PlatformKeys = Type.Object(
  {
    /** Signs checkpoints and courier receipts. */
    signing: KnownKey,
    /** Personal parts and courier bundles are sealed to it, and the request key comes from it. */
    agreement: KnownKey,
    /** The offline root: it names the keys that may sign documents. */
    root: Type.Object(
      { threshold: Type.Integer({ minimum: 1, maximum: 5 }), keys: Type.Array(KnownKey, { minItems: 1, maxItems: 5 }) },
      closed,
    ),
  },
  closed,
);
export type PlatformKeys = Static<typeof PlatformKeys>;

/**
 * POST /v1/enrol, signed (`ed25519`, keyid = fingerprint of the new keys) with the new key; the time of the signature is not
 * looked at, for a new terminal may not know it. 403 `enrol.wrongCode`, 409 `enrol.usedCode`, 410 `enrol.expiredCode`,
 * 429 `enrol.locked` with Retry-After. The same keys with the same code get the same answer again.
 */
export const EnrolRequest = Type.Object(
  {
    station: StationId,
    /** Derived from the code; finds it and tells nothing of it. */
    codeId: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    keys: TerminalPublicKeys,
    /** HMAC over `enrolmentText`, with the key derived from the code. */
    proof: Mac,
    /** What the machine says of itself, for the fleet page. */
    facts: Type.Optional(Type.Object({ version: Type.String({ maxLength: 64 }) }, closed)),
  },
  closed,
);
export type EnrolRequest = Static<typeof EnrolRequest>;

export const EnrolReply = Type.Object(
  {
    terminal: TerminalId,
    platform: PlatformKeys,
    /** Platform wall time. */
    nowMs: Type.Integer(),
    /** HMAC over `enrolledText`: only who knows the code can have answered. */
    proof: Mac,
  },
  closed,
);
export type EnrolReply = Static<typeof EnrolReply>;

/**
 * POST /v1/terminals/{terminal}/keys, signed with the old key. `proof`: signature of the new key over `rotationText`. The old
 * keys stay good until `previousUntilMs`, platform wall time. Said again, it is answered again.
 */
export const KeyRotationRequest = Type.Object({ keys: TerminalPublicKeys, proof: Ed25519Signature }, closed);
export type KeyRotationRequest = Static<typeof KeyRotationRequest>;
export const KeyRotationReply = Type.Object(
  {
    platform: PlatformKeys,
    nowMs: Type.Integer(),
    previousUntilMs: Type.Integer(),
    /** Of the platform's signing key as the terminal knows it, over `rotatedText`. */
    proof: Ed25519Signature,
  },
  closed,
);
export type KeyRotationReply = Static<typeof KeyRotationReply>;

/** POST /v1/ops/terminals: a code for one terminal at one station, single use, 72 hours. Asked again it is another code. */
export const NewTerminalRequest = Type.Object({ terminal: TerminalId, station: StationId }, closed);
export type NewTerminalRequest = Static<typeof NewTerminalRequest>;
export const NewTerminalReply = Type.Object(
  { terminal: TerminalId, station: StationId, code: Type.String(), expiresAtMs: Type.Integer() },
  closed,
);
export type NewTerminalReply = Static<typeof NewTerminalReply>;

/** A terminal whose keys are known already: tests, benches, and a fleet that moves to another platform. */
export const EnrolledTerminal = Type.Object(
  { id: TerminalId, station: Type.Optional(StationId), keys: TerminalPublicKeys },
  closed,
);
export type EnrolledTerminal = Static<typeof EnrolledTerminal>;
