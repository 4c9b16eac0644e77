/**
 * Which characters a printer's font has and the bytes that print them. `gbk` is what every Chinese font has (code page 936);
 * `gb18030` adds the two-byte characters of later standards (䶮 is FE9F) and the four-byte ones of extension A, the part of
 * GB18030 that is mandatory. Everything else is drawn as a picture. (device-protocols 4.2)
 */
import iconv from 'iconv-lite';
import type { PrinterFont } from './printer-models.ts';

const LEADS = { from: 0x81, to: 0xfe };
const TRAILS = { from: 0x40, to: 0xfe };
const EXTENSION_A = { from: 0x3400, to: 0x4db5 };
const PRIVATE_USE = { from: 0xe000, to: 0xf8ff };
const REPLACEMENT = 0xfffd;
const LINE_FEED = 0x0a;
/** No character takes more. */
export const MOST_BYTES = 4;

/** The code of each character of the basic plane, two or four bytes; 0 where there is none. Made at the first use. */
const tables = new Map<PrinterFont, Uint32Array>();

function codesOf(font: PrinterFont): Uint32Array {
  const known = tables.get(font);
  if (known) return known;
  const table = font === 'gbk' ? twoByteCodes('cp936') : withExtensionA(twoByteCodes('gb18030'));
  tables.set(font, table);
  return table;
}

function twoByteCodes(coding: string): Uint32Array {
  const table = new Uint32Array(0x10000);
  const pairs: number[] = [];
  for (let lead = LEADS.from; lead <= LEADS.to; lead += 1) {
    for (let trail = TRAILS.from; trail <= TRAILS.to; trail += 1) pairs.push(lead * 256 + trail);
  }
  // in one call, with a line feed after each pair: a call for each takes a second
  const bytes = Buffer.from(pairs.flatMap((pair) => [pair >> 8, pair & 0xff, LINE_FEED]));
  for (const [place, character] of iconv.decode(bytes, coding).split('\n').entries()) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && isPrinted(code)) table[code] = pairs[place] ?? 0;
  }
  return table;
}

function isPrinted(code: number): boolean {
  return code > 0x7f && code !== REPLACEMENT && (code < PRIVATE_USE.from || code > PRIVATE_USE.to);
}

function withExtensionA(table: Uint32Array): Uint32Array {
  const length = EXTENSION_A.to - EXTENSION_A.from + 1;
  const missing = Array.from({ length }, (_, place) => EXTENSION_A.from + place).filter((code) => table[code] === 0);
  const bytes = iconv.encode(String.fromCharCode(...missing), 'gb18030');
  for (const [place, code] of missing.entries()) table[code] = bytes.readUInt32BE(place * MOST_BYTES);
  return table;
}

/**
 * Writes a line without control characters into `target` from `at` on, where there is room for four bytes a character. Tells
 * how many bytes that were; -1 when the font lacks one of the characters.
 */
export function writePrinterBytes(text: string, font: PrinterFont, target: Uint8Array, at: number): number {
  const table = codesOf(font);
  let end = at;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit < 0x80) {
      target[end++] = unit;
      continue;
    }
    const code = table[unit] ?? 0;
    if (code === 0) return -1;
    if (code > 0xffff) {
      target[end++] = code >>> 24;
      target[end++] = (code >>> 16) & 0xff;
    }
    target[end++] = (code >>> 8) & 0xff;
    target[end++] = code & 0xff;
  }
  return end - at;
}

/** The bytes of a line; undefined when the font lacks one of its characters. */
export function printerBytes(text: string, font: PrinterFont): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length * MOST_BYTES);
  const length = writePrinterBytes(text, font, bytes, 0);
  return length < 0 ? undefined : bytes.subarray(0, length);
}
