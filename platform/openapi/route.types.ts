/** What is said of an address; see `route-table.ts`. */
import type { TSchema } from 'typebox';

/**
 * `none`: anyone. `batchSignature`: Ed25519 with the terminal's key; `callSignature`: HMAC-SHA256 with the key both sides
 * derived (RFC 9421). `thisMachine`: loopback only, and no page of another site.
 */
export type Caller = 'none' | 'batchSignature' | 'callSignature' | 'thisMachine';

export interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'HEAD' | 'DELETE' | 'OPTIONS';
  /** As Fastify has it: `/v1/terminals/:terminal/heartbeat`. */
  readonly url: string;
  readonly summary: string;
  readonly caller: Caller;
  /** JSON. */
  readonly body?: TSchema;
  /** A form of a page instead: what is wrong with it is said on the page it is answered with. */
  readonly form?: TSchema;
  /** The media type of a file that is sent as it is. */
  readonly file?: string;
  /** By status; a string is the media type of an answer that is not JSON, `empty` is no body at all. */
  readonly answers: Readonly<Record<number, TSchema | string>>;
  /** Refusals of its own, by status, as the codes of `PlatformError`; those of its caller and body come by themselves. */
  readonly refusals?: Readonly<Record<number, readonly string[]>>;
}
