/**
 * Decides whether a scanned code may be acted on (needs A10). Whoever holds a code up wrote it: until its signature is checked
 * nothing of it is parsed, and nothing of a code that fails is kept, shown or said.
 */
import { createHmac, verify, type KeyObject } from 'node:crypto';
import { parse } from '../../contract/check.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import {
  SCAN_TOKEN_MAX_BYTES,
  SCAN_TOKEN_PREFIX,
  ScanToken,
  type ScanPurpose,
  type ScanRejected,
  type ScanRejectedClass,
} from '../../contract/scan-token.schema.ts';
import type { UsedTokens } from './used-tokens.ts';

export interface ScanClock {
  wallMs(): number;
  /** Whether wall time was confirmed (needs A09); without it nothing that expires can be accepted. */
  isTrusted(): boolean;
}

export interface ScanCheckOptions {
  /** Ed25519 public keys of the platform: the one in use and, while it changes, the next. */
  readonly keys: readonly KeyObject[];
  /** This terminal and the station it stands in. */
  readonly audiences: readonly string[];
  readonly clock: ScanClock;
  readonly used: UsedTokens;
  /** Unpredictable bytes, new for each run of the program: the key of `hash8`. */
  readonly hashKey: Uint8Array;
  readonly onRejected: (rejected: ScanRejected) => void;
}

export interface ScanCheck {
  /**
   * The token, claimed: it is accepted this once. `scan.rejected` without a detail for everything else; only a clock that is
   * not trusted is named (`clock not verified`), because staff can do something about it.
   */
  accept(code: Uint8Array, purpose: ScanPurpose): Result<ScanToken>;
}

const SIGNATURE_BYTES = 64;
const SIGNATURE_CHARACTERS = 86;
const FORM = new RegExp(`^${SCAN_TOKEN_PREFIX}\\.([A-Za-z0-9_-]{2,400})\\.([A-Za-z0-9_-]{${SIGNATURE_CHARACTERS}})$`);

type Judged = { readonly token: ScanToken } | { readonly refused: ScanRejectedClass };

export function createScanCheck(options: ScanCheckOptions): ScanCheck {
  return {
    accept(code, purpose) {
      const judged = judge(code, purpose, options);
      if ('token' in judged) return ok(judged.token);
      const hash8 = createHmac('sha256', options.hashKey).update(code).digest('hex').slice(0, 8);
      options.onRejected({ class: judged.refused, length: code.length, hash8 });
      return fail('scan.rejected', judged.refused === 'clockUntrusted' ? 'clock not verified' : undefined);
    },
  };
}

function judge(code: Uint8Array, purpose: ScanPurpose, options: ScanCheckOptions): Judged {
  if (code.length > SCAN_TOKEN_MAX_BYTES) return { refused: 'length' };
  const [text, payload, signature] = FORM.exec(Buffer.from(code).toString('latin1')) ?? [];
  if (text === undefined || payload === undefined || signature === undefined) return { refused: 'form' };
  if (!isSigned(text.slice(0, -signature.length - 1), signature, options.keys)) return { refused: 'signature' };
  const token = readPayload(payload);
  if (!token) return { refused: 'schema' };
  return judgeToken(token, purpose, options);
}

/** The signature in its one canonical spelling, by one of the pinned keys. */
function isSigned(signed: string, signature: string, keys: readonly KeyObject[]): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.length !== SIGNATURE_BYTES || bytes.toString('base64url') !== signature) return false;
  const message = Buffer.from(signed, 'latin1');
  return keys.some((key) => key.asymmetricKeyType === 'ed25519' && verify(null, message, key, bytes));
}

function readPayload(payload: string): ScanToken | undefined {
  const bytes = Buffer.from(payload, 'base64url');
  if (bytes.toString('base64url') !== payload) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const token = parse(ScanToken, value);
  return token.ok ? token.value : undefined;
}

/** Claimed last: a token that is refused for another reason stays good for who may use it. */
function judgeToken(
  token: ScanToken,
  purpose: ScanPurpose,
  { audiences, clock, used }: Pick<ScanCheckOptions, 'audiences' | 'clock' | 'used'>,
): Judged {
  if (token.purpose !== purpose) return { refused: 'purpose' };
  if (!audiences.includes(token.audience)) return { refused: 'audience' };
  if (!clock.isTrusted()) return { refused: 'clockUntrusted' };
  if (token.expires <= clock.wallMs()) return { refused: 'expired' };
  return used.claim(token.nonce, token.expires) ? { token } : { refused: 'used' };
}
