/**
 * Printed text on the wire. In Chinese mode GB18030; it holds from the start too, because kiosk printers of this market are
 * set so and a piece of a stream does not begin with FS &. After FS . the code page counts.
 */
import iconv from 'iconv-lite';
import { bad, bytesOf, hexOf, type Facts, type Reading } from './wire-part.codec.ts';

const CHINESE = new TextDecoder('gb18030', { fatal: true });
/** ESC t 0; the numbers of other pages differ between makers, so their bytes are shown as they are. */
const PAGE_437 = 0;

export interface TextMode {
  readonly isChinese: boolean;
  readonly page: number;
}

export const INITIAL_MODE: TextMode = { isChinese: true, page: PAGE_437 };

/** Text ends at the next control byte: no byte of a GB18030 character lies below 20h. */
export function readText(bytes: Uint8Array, mode: TextMode): Reading {
  const end = bytes.findIndex((value) => value < 0x20);
  const raw = end < 0 ? bytes : bytes.subarray(0, end);
  if (raw.includes(0x7f)) return bad('DEL is no printed character');
  const text = textOf(raw, mode);
  if (text === undefined) return bad('no GB18030 text');
  return { length: raw.length, facts: text };
}

function textOf(raw: Uint8Array, mode: TextMode): Facts | undefined {
  if (mode.isChinese) return chineseOf(raw);
  const isAscii = raw.every((value) => value < 0x80);
  if (isAscii) return { text: Buffer.from(raw).toString('latin1'), coding: 'ascii' };
  if (mode.page === PAGE_437) return { text: iconv.decode(Buffer.from(raw), 'cp437'), coding: 'cp437' };
  return { textHex: hexOf(raw), coding: `code page ${mode.page}` };
}

function chineseOf(raw: Uint8Array): Facts | undefined {
  let text: string;
  try {
    text = CHINESE.decode(raw);
  } catch (notText) {
    if (!(notText instanceof TypeError)) throw notText;
    return undefined;
  }
  const isInverse = Buffer.from(raw).equals(iconv.encode(text, 'gb18030'));
  return { text, coding: 'gb18030', ...(!isInverse && { textHex: hexOf(raw) }) };
}

export function writeText(facts: Facts): Uint8Array | undefined {
  const { text, textHex, coding } = facts;
  if (typeof textHex === 'string') return bytesOf(textHex);
  if (typeof text !== 'string' || typeof coding !== 'string') return undefined;
  return iconv.encodingExists(coding) ? Uint8Array.from(iconv.encode(text, coding)) : undefined;
}
