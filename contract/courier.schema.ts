/**
 * The courier (needs M11): what a terminal could not send goes on a stick or a telephone, and a receipt comes back. Inside are
 * the very requests the line would have carried, each signed by the terminal; around them a seal that only the platform opens,
 * and the terminal's signature, so that a lost stick shows nothing and nobody changes it.
 */
import Type, { type Static } from 'typebox';
import { KeyFingerprint, TerminalId } from './enrolment.schema.ts';
import { BatchReply, BatchRequest } from './platform-api.schema.ts';
import { Stream } from './terminal-event.schema.ts';

const closed = { additionalProperties: false } as const;
const Base64 = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 4, maxLength });

/** 10,000 records of 1 kB, zipped and sealed, are far below. */
export const COURIER_LIMIT_BYTES = 64 * 1024 * 1024;

export const CourierBundle = Type.Object(
  {
    format: Type.Literal('livelihood-kiosk bundle 1'),
    terminal: TerminalId,
    /** Whose signature it is. */
    fingerprint: KeyFingerprint,
    /** `CourierContent` as JSON, gzipped, sealed (`sealed-part.ts`). */
    sealed: Base64(COURIER_LIMIT_BYTES),
    /** Ed25519 over `bundleText`. */
    signature: Base64(128),
  },
  closed,
);
export type CourierBundle = Static<typeof CourierBundle>;

export const CourierContent = Type.Object(
  {
    requests: Type.Array(
      Type.Object(
        {
          stream: Stream,
          /** `BatchRequest` as it was signed. */
          body: Type.String({ maxLength: 4 * 1024 * 1024 }),
          contentDigest: Type.String({ maxLength: 80 }),
          signatureInput: Type.String({ maxLength: 600 }),
          signature: Type.String({ maxLength: 200 }),
        },
        closed,
      ),
      { maxItems: 4_096 },
    ),
  },
  closed,
);
export type CourierContent = Static<typeof CourierContent>;
export type CarriedRequest = CourierContent['requests'][number];

/** What stands in `CourierReceipt.body`. */
export const ReceiptContent = Type.Object(
  {
    terminal: TerminalId,
    /** SHA-256 of the bundle's sealed part, hex: which bundle it answers. */
    bundle: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    nowMs: Type.Integer(),
    streams: Type.Array(
      Type.Object(
        {
          stream: Stream,
          incarnation: BatchRequest.properties.incarnation,
          head: BatchReply.properties.head,
          checkpoint: BatchReply.properties.checkpoint,
          /** `gap` and `fork` as on the line; `broken`: a batch was not in the contract. What came before it is kept. */
          stopped: Type.Optional(Type.Enum(['gap', 'fork', 'broken'])),
        },
        closed,
      ),
      { maxItems: 64 },
    ),
  },
  closed,
);
export type ReceiptContent = Static<typeof ReceiptContent>;

export const CourierReceipt = Type.Object(
  {
    format: Type.Literal('livelihood-kiosk receipt 1'),
    /** JSON of `ReceiptContent`, as it was signed. */
    body: Type.String({ maxLength: 256 * 1024 }),
    keyId: KeyFingerprint,
    /** Ed25519 of the platform over `receiptText`. */
    signature: Base64(128),
  },
  closed,
);
export type CourierReceipt = Static<typeof CourierReceipt>;

export function bundleText(
  { terminal, fingerprint }: Pick<CourierBundle, 'terminal' | 'fingerprint'>,
  sha256: string,
): string {
  return ['livelihood-kiosk bundle 1', terminal, fingerprint, sha256].join('\n');
}

export function receiptText(body: string): string {
  return `livelihood-kiosk receipt 1\n${body}`;
}
