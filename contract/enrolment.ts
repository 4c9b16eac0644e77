/** The texts that enrolment and key rotation sign, and the code as people write it. Pure; see `enrolment.schema.ts`. */
import type {
  EnrolReply,
  EnrolRequest,
  KeyRotationReply,
  PlatformKeys,
  TerminalPublicKeys,
} from './enrolment.schema.ts';

/** Crockford's 32 digits: without I, L, O and U, so that no two look alike. 12 of them are 60 bits. */
export const CODE_DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 12;
export const CODE_LIFE_MS = 72 * 3_600_000;

/** HKDF info of what both sides derive from a code: the key of the proofs, and the name it is found by. */
export const CODE_KEY_INFO = 'livelihood-kiosk enrolment key';
export const CODE_ID_INFO = 'livelihood-kiosk enrolment id';

/** `ABCD-EFGH-JKMN` */
export function writeCode(digits: string): string {
  return digits.match(/.{1,4}/g)?.join('-') ?? '';
}

/** What a person typed, as the code's twelve digits; undefined when it can be none. */
export function readCode(typed: string): string | undefined {
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return plain.length === CODE_LENGTH && [...plain].every((digit) => CODE_DIGITS.includes(digit)) ? plain : undefined;
}

export function enrolmentText({ station, codeId, keys }: Pick<EnrolRequest, 'station' | 'codeId' | 'keys'>): string {
  return ['livelihood-kiosk enrol', station, codeId, keys.signing, keys.agreement].join('\n');
}

export function enrolledText(
  { terminal, platform, nowMs }: Omit<EnrolReply, 'proof'>,
  keys: TerminalPublicKeys,
): string {
  const told = [terminal, keys.signing, keys.agreement, String(nowMs)];
  return ['livelihood-kiosk enrolled', ...told, ...platformLines(platform)].join('\n');
}

function platformLines({ signing, agreement, root }: PlatformKeys): readonly string[] {
  return [
    ...[signing.keyId, signing.publicKey, agreement.keyId, agreement.publicKey, String(root.threshold)],
    ...root.keys.map(({ keyId, publicKey }) => `${keyId} ${publicKey}`),
  ];
}

export function rotationText(terminal: string, previousFingerprint: string, keys: TerminalPublicKeys): string {
  return ['livelihood-kiosk rotate', terminal, previousFingerprint, keys.signing, keys.agreement].join('\n');
}

export function rotatedText(
  terminal: string,
  keys: TerminalPublicKeys,
  { platform, nowMs, previousUntilMs }: Omit<KeyRotationReply, 'proof'>,
): string {
  const told = [terminal, keys.signing, keys.agreement, String(nowMs), String(previousUntilMs)];
  return ['livelihood-kiosk rotated', ...told, ...platformLines(platform)].join('\n');
}

/** What `BatchReply.checkpoint` and courier receipts sign of one head. */
export function checkpointText(head: {
  readonly terminal: string;
  readonly incarnation: string;
  readonly stream: string;
  readonly seq: number;
  readonly hash: string;
  readonly atMs: number;
}): string {
  return ['checkpoint', head.terminal, head.incarnation, head.stream, head.seq, head.hash, head.atMs].join('|');
}

/** `keyid` of a request: whose key, which key, and for `hmac-sha256` with which key of the platform it was agreed. */
export interface RequestKeyId {
  readonly terminal: string;
  readonly fingerprint: string;
  readonly platformKey?: string;
}

export function writeKeyId({ terminal, fingerprint, platformKey }: RequestKeyId): string {
  return platformKey === undefined ? `${terminal}/${fingerprint}` : `${terminal}/${fingerprint}/${platformKey}`;
}

const KEY_ID = /^([A-Za-z0-9._-]{1,40})\/([0-9a-f]{16})(?:\/([0-9a-f]{16}))?$/;

export function readKeyId(text: string): RequestKeyId | undefined {
  const [, terminal, fingerprint, platformKey] = KEY_ID.exec(text) ?? [];
  if (terminal === undefined || fingerprint === undefined) return undefined;
  return { terminal, fingerprint, ...(platformKey === undefined ? {} : { platformKey }) };
}
