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
    chars.push(...glyphsOf(character, fourByte));
    offset += length;
  }
  return { chars, rest: bytes.slice(offset) };
}

function glyphsOf(character: Uint8Array, fourByte: boolean): readonly PrinterChar[] {
  const [lead = 0, trail = 0] = character;
  if (character.length === 1) return [{ char: lead < 0x7f ? String.fromCharCode(lead) : WRONG_GLYPH, wide: false }];
  const isKnown = fourByte || (character.length === 2 && !isLater(lead, trail));
  if (isKnown) return [{ char: glyph(CHINESE.decode(character)), wide: true }];
  return Array.from({ length: character.length / 2 }, () => ({ char: WRONG_GLYPH, wide: true }));
}

function lengthOf(lead: number, second: number | undefined): number | undefined {
  if (lead < 0x81 || lead === 0xff) return 1;
  if (second === undefined) return undefined;
  return second >= 0x30 && second <= 0x39 ? 4 : 2;
}

/** Two-byte codes that came with GB18030: a GBK font has nothing there. Among them FE9F, the surname 䶮. */
function isLater(lead: number, trail: number): boolean {
  if (lead === 0xfe) return trail >= 0x50;
  if (lead === 0xa2) return trail === 0xe3; // the euro sign
  if (lead === 0xa8) return trail === 0xbc || trail === 0xbf;
  return lead === 0xa9 && trail >= 0x89 && trail <= 0x95;
}

function glyph(decoded: string): string {
  return decoded.includes('\ufffd') || decoded === '' ? WRONG_GLYPH : decoded;
}
