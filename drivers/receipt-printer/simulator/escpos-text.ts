/** Bytes to characters as a kiosk printer's firmware does it (device-protocols 4.2). */
export interface PrinterChar {
  readonly char: string;
  /** A 24 x 24 cell of the Chinese font, not 12 x 24 of Font A. */
  readonly wide: boolean;
}

/** What a character the font lacks looks like on paper. */
const WRONG_GLYPH = '\u25a1';
const CHINESE = new TextDecoder('gb18030');

export interface Decoded {
  readonly chars: PrinterChar[];
  /** Trailing bytes of a character that is not complete yet. */
  readonly rest: Uint8Array;
}

/** `fourByte`: whether the firmware knows GB18030's four-byte characters; without, each prints as two wrong glyphs. */
export function decodeText(bytes: Uint8Array, chinese: boolean, fourByte: boolean): Decoded {
  const chars: PrinterChar[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const lead = bytes[offset] ?? 0;
    const length = chinese ? lengthOf(lead, bytes[offset + 1]) : 1;
    if (length === undefined || offset + length > bytes.length) break;
    const character = bytes.subarray(offset, offset + length);
    if (length === 1) chars.push({ char: lead < 0x7f ? String.fromCharCode(lead) : WRONG_GLYPH, wide: false });
    else if (length === 2 || fourByte) chars.push({ char: glyph(CHINESE.decode(character)), wide: true });
    else chars.push({ char: WRONG_GLYPH, wide: true }, { char: WRONG_GLYPH, wide: true });
    offset += length;
  }
  return { chars, rest: bytes.slice(offset) };
}

function lengthOf(lead: number, second: number | undefined): number | undefined {
  if (lead < 0x81 || lead === 0xff) return 1;
  if (second === undefined) return undefined;
  return second >= 0x30 && second <= 0x39 ? 4 : 2;
}

function glyph(decoded: string): string {
  return decoded.includes('\ufffd') || decoded === '' ? WRONG_GLYPH : decoded;
}
