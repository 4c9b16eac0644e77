/**
 * What a code must say before the kiosk acts on it (needs A10). On the code stands `LK1.<payload>.<signature>`: payload and
 * Ed25519 signature in base64url without padding, the signature made over everything before the last dot. 512 bytes at most.
 */
import Type, { type Static } from 'typebox';

export const SCAN_TOKEN_PREFIX = 'LK1';
export const SCAN_TOKEN_MAX_BYTES = 512;

/** What a code may be for; each screen that scans accepts one of them. */
export const ScanPurpose = Type.Enum(['resume', 'pick-up', 'appointment', 'hand-off', 'maintainer']);
export type ScanPurpose = Static<typeof ScanPurpose>;

export const ScanToken = Type.Object(
  {
    purpose: ScanPurpose,
    /** Station or terminal that may act on it. */
    audience: Type.String({ pattern: '^[A-Za-z0-9-]{1,40}$' }),
    /** Milliseconds since 1970; from this instant on it is void. */
    expires: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** Never used twice by its issuer; 16 random bytes in base64url. */
    nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
    /** What it is about, in the platform's own numbers; never a name, a card or an ID number. */
    subject: Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$' }),
  },
  { additionalProperties: false },
);
export type ScanToken = Static<typeof ScanToken>;

/** Why a code was not accepted. For the log; the person sees one sentence for all of them. */
export const ScanRejectedClass = Type.Enum([
  'length',
  'form',
  'signature',
  'schema',
  'purpose',
  'audience',
  'clockUntrusted',
  'expired',
  'used',
]);
export type ScanRejectedClass = Static<typeof ScanRejectedClass>;

/** All that is kept of a rejected code: no byte of it, nothing it can be found by. */
export const ScanRejected = Type.Object(
  {
    class: ScanRejectedClass,
    /** Bytes. */
    length: Type.Integer({ minimum: 0 }),
    /** Tells whether two rejected codes of one run of the program were the same; keyed, so it does not tell which. */
    hash8: Type.String({ pattern: '^[0-9a-f]{8}$' }),
  },
  { additionalProperties: false },
);
export type ScanRejected = Static<typeof ScanRejected>;
