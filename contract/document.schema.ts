/**
 * What comes down to terminals (money-and-sync 1.3, 4.2): documents that never change, named by their hash, each signed by a key
 * that the offline root has given one or more channels; and a small manifest, signed by the platform, that says which of them a
 * terminal should use. The platform may choose among what was signed; it cannot write anything itself.
 */
import Type, { type Static } from 'typebox';
import { KeyFingerprint, PublicKey, TerminalId } from './enrolment.schema.ts';

const closed = { additionalProperties: false } as const;
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Version = Type.Integer({ minimum: 1 });
const Words = Type.String({ minLength: 1, maxLength: 120 });
export const Localised = Type.Object({ 'zh-Hans': Words, 'zh-Hant': Words, en: Words }, closed);
export type Localised = Static<typeof Localised>;

export const Channel = Type.Enum(['catalogue', 'forms', 'config', 'prices', 'blacklist', 'announce', 'release']);
export type Channel = Static<typeof Channel>;

/** Beside what it signs, not in it: another algorithm (SM2) is another entry, and policy says which must be there. */
export const DetachedSignature = Type.Object(
  { alg: Type.Literal('Ed25519'), kid: KeyFingerprint, sig: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }) },
  closed,
);
export type DetachedSignature = Static<typeof DetachedSignature>;
const Signatures = Type.Array(DetachedSignature, { minItems: 1, maxItems: 8 });

/** The root's word on who may sign which channels. `body`: JSON of `DelegationContent`, as it was signed. */
export const Delegation = Type.Object({ body: Type.String({ maxLength: 16_384 }), signatures: Signatures }, closed);
export type Delegation = Static<typeof Delegation>;
export const DelegationContent = Type.Object(
  {
    version: Version,
    keys: Type.Array(
      Type.Object(
        { keyId: KeyFingerprint, publicKey: PublicKey, channels: Type.Array(Channel, { minItems: 1 }) },
        closed,
      ),
      { maxItems: 32 },
    ),
  },
  closed,
);
export type DelegationContent = Static<typeof DelegationContent>;

/** `body` is the document's JSON text: its SHA-256 is its name. */
export const SignedDocument = Type.Object(
  {
    channel: Channel,
    version: Version,
    body: Type.String({ maxLength: 8 * 1024 * 1024 }),
    /** Platform time from which on what depends on it stops; absent: it is good until a newer one comes. */
    hardExpiresMs: Type.Optional(Type.Integer({ minimum: 0 })),
    signatures: Signatures,
  },
  closed,
);
export type SignedDocument = Static<typeof SignedDocument>;

export const ManifestContent = Type.Object(
  {
    terminal: TerminalId,
    /** Only ever larger. */
    version: Version,
    documents: Type.Array(
      Type.Object(
        { channel: Channel, version: Version, sha256: Sha256, sizeBytes: Type.Integer({ minimum: 0 }) },
        closed,
      ),
      { maxItems: 16 },
    ),
  },
  closed,
);
export type ManifestContent = Static<typeof ManifestContent>;

/** GET /v1/terminals/{terminal}/manifest. `manifest.sig` is the platform's signing key's over `manifestText`. */
export const ManifestReply = Type.Object(
  {
    delegation: Type.Optional(Delegation),
    manifest: Type.Object({ body: Type.String({ maxLength: 16_384 }), signature: DetachedSignature }, closed),
  },
  closed,
);
export type ManifestReply = Static<typeof ManifestReply>;

/** POST /v1/terminals/{terminal}/document-reports: what became of a document here. */
export const DocumentReport = Type.Object(
  {
    channel: Channel,
    version: Version,
    state: Type.Enum(['applied', 'refused', 'rolledBack']),
    detail: Type.Optional(Type.String({ maxLength: 200 })),
  },
  closed,
);
export type DocumentReport = Static<typeof DocumentReport>;

/** Of the channel `catalogue`: services the office has closed for now, and what residents are told. */
export const CatalogueDocument = Type.Object(
  {
    closed: Type.Array(
      Type.Object({ service: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }), words: Localised }, closed),
      {
        maxItems: 60,
      },
    ),
  },
  closed,
);
export type CatalogueDocument = Static<typeof CatalogueDocument>;

export function documentText(
  { channel, version, hardExpiresMs }: Pick<SignedDocument, 'channel' | 'version' | 'hardExpiresMs'>,
  sha256: string,
): string {
  return ['livelihood-kiosk document', channel, version, sha256, hardExpiresMs ?? 'soft'].join('\n');
}

export function delegationText(body: string): string {
  return `livelihood-kiosk delegation\n${body}`;
}

export function manifestText(body: string): string {
  return `livelihood-kiosk manifest\n${body}`;
}
