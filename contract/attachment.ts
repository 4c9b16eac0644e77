/**
 * Attachments on their way up: tus 1.0 with creation, checksum and expiration (https://tus.io/protocols/resumable-upload), the
 * part that terminal and platform speak. An upload is addressed by the SHA-256 of its bytes, so that the same bytes of a
 * terminal are stored once, and a creation whose answer was lost gives the same address again. Pure.
 */
export const TUS_VERSION = '1.0.0';
export const TUS_EXTENSIONS = 'creation,checksum,expiration';
export const PART_MEDIA_TYPE = 'application/offset+octet-stream';
/** What goes up at a time (money-and-sync 1.5). */
export const PART_BYTES = 256 * 1024;
/** Of one attachment, sealed. */
export const ATTACHMENT_LIMIT_BYTES = 16 * 1024 * 1024;

export interface AttachmentName {
  /** The terminal's own, 32 hexadecimal digits. */
  readonly attachment: string;
  /** Of the sealed bytes, hex. */
  readonly sha256: string;
}

/** `Upload-Metadata`: pairs of a key and a value in base64. */
export function uploadMetadata({ attachment, sha256 }: AttachmentName): string {
  return `attachment ${toBase64(attachment)},sha256 ${toBase64(sha256)}`;
}

/** Undefined unless it names both; further pairs are not looked at. */
export function readUploadMetadata(header: string | undefined): AttachmentName | undefined {
  const pairs = new Map((header ?? '').split(',').map((pair): [string, string] => keyAndValue(pair)));
  const text = (key: string): string => fromBase64(pairs.get(key) ?? '');
  const [attachment, sha256] = [text('attachment'), text('sha256')];
  return /^[0-9a-f]{32}$/.test(attachment) && /^[0-9a-f]{64}$/.test(sha256) ? { attachment, sha256 } : undefined;
}

/** `Upload-Checksum` of a part, from the base64 of its SHA-256. */
export function uploadChecksum(sha256Base64: string): string {
  return `sha256 ${sha256Base64}`;
}

function keyAndValue(pair: string): [string, string] {
  const [key = '', value = ''] = pair.trim().split(' ', 2);
  return [key, value];
}

function toBase64(text: string): string {
  return btoa(text);
}

function fromBase64(text: string): string {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? atob(text) : '';
}
