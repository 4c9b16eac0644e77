/** The answer to reset (ISO 7816-3): what a card says first. Its historical bytes can name the card (device-protocols 2.2). */
import { hexOf } from './card-layout.codec.ts';

const MAX_BYTES = 33;
/** Category 00, country-or-issuer data: how social-security cards begin theirs; area and serial stand at their end. */
const SOCIAL_SECURITY = [0x00, 0x81, 0x54, 0x4c] as const;
const SERIAL_BYTES = 3;

/** Whether these bytes are one whole ATR: initial byte, interface bytes, so many historical bytes, check byte where due. */
export function isAtr(bytes: Uint8Array): boolean {
  const parts = partsOf(bytes);
  return parts !== undefined && (!parts.hasCheck || isChecked(bytes));
}

/** For maintainers: as hex, with the serial number of a social-security card blanked. */
export function describeAtr(atr: Uint8Array): string {
  const parts = partsOf(atr);
  const history = parts ? atr.subarray(parts.historyAt, parts.historyAt + parts.historyBytes) : new Uint8Array();
  if (!parts || !SOCIAL_SECURITY.every((byte, at) => history[at] === byte)) return hexOf(atr);
  const end = parts.historyAt + parts.historyBytes;
  const serial = end - SERIAL_BYTES;
  // the check byte would give the serial away
  return `${hexOf(atr.subarray(0, serial))}${'*'.repeat(2 * (atr.length - serial))}`;
}

function partsOf(atr: Uint8Array): { historyAt: number; historyBytes: number; hasCheck: boolean } | undefined {
  const [initial, format] = atr;
  if (atr.length > MAX_BYTES || format === undefined || (initial !== 0x3b && initial !== 0x3f)) return undefined;
  const historyBytes = format & 0x0f;
  let at = 2;
  let hasCheck = false;
  for (let indicator = format >> 4; indicator !== 0;) {
    const count = bitCount(indicator);
    const next = (indicator & 0x08) === 0 ? undefined : atr[at + count - 1];
    at += count;
    if (next !== undefined && (next & 0x0f) !== 0) hasCheck = true;
    indicator = (next ?? 0) >> 4;
  }
  return at + historyBytes + (hasCheck ? 1 : 0) === atr.length ? { historyAt: at, historyBytes, hasCheck } : undefined;
}

function isChecked(atr: Uint8Array): boolean {
  return atr.slice(1).reduce((sum, byte) => sum ^ byte, 0) === 0;
}

function bitCount(nibble: number): number {
  return [1, 2, 4, 8].filter((bit) => (nibble & bit) !== 0).length;
}
