/**
 * From a slip to the bytes of one model, or to the reason why not: every character is printed as it is, by the printer's
 * font or as a picture, or the slip is refused with the name of the character. Nothing has left before that is decided.
 */
import type { Receipt } from '../../contract/receipt.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { encodeReceipt, type Glyphs } from './escpos.codec.ts';
import { nameOf, type GlyphPress } from './glyph-press.ts';
import { printerBytes } from './printer-font.ts';
import type { PrinterModel } from './printer-models.ts';
import { layOut, type SlipPart } from './receipt-layout.ts';

/** Scripts whose letters stand alone, one cell each. Joined, stacked or right-to-left writing would come out wrong. */
const STANDS_ALONE =
  /^[\p{Script=Han}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Yi}\p{Script=Common}]$/u;
/** Private use, unassigned, half a surrogate pair, marks without a letter, invisible signs. */
const NO_CHARACTER = /^[\p{C}\p{M}]$/u;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001F\u007F]/u;

export async function typeset(receipt: Receipt, model: PrinterModel, press: GlyphPress): Promise<Result<Uint8Array>> {
  const parts = layOut(receipt, model);
  const drawn = partsToDraw(parts, model);
  const refusal = refusedIn(parts, drawn);
  if (refusal !== undefined) return fail('printer.character', refusal);
  const glyphs: Glyphs = { regular: new Map(), bold: new Map() };
  for (const weight of ['regular', 'bold'] as const) {
    const characters = new Set(
      drawn.filter((line) => line.isBold === (weight === 'bold')).flatMap(({ text }) => [...text]),
    );
    if (characters.size === 0) continue;
    const result = await press.draw(characters, weight === 'bold');
    if (!result.ok) return result;
    glyphs[weight] = result.value;
  }
  return ok(encodeReceipt(receipt, model, glyphs));
}

interface DrawnLine {
  readonly text: string;
  readonly isBold: boolean;
}

function partsToDraw(parts: readonly SlipPart[], model: PrinterModel): readonly DrawnLine[] {
  return parts.flatMap((part) => {
    if (part.kind !== 'lines') return [];
    const { isBold } = part.style;
    return part.lines.filter((text) => printerBytes(text, model.font) === undefined).map((text) => ({ text, isBold }));
  });
}

function refusedIn(parts: readonly SlipPart[], drawn: readonly DrawnLine[]): string | undefined {
  for (const { text } of drawn) {
    const character = [...text].find((candidate) => NO_CHARACTER.test(candidate) || !STANDS_ALONE.test(candidate));
    if (character !== undefined) return `the slip holds ${nameOf(character)}, which cannot be printed as it is`;
  }
  // A symbol's data goes out as it is, and control characters are orders to the printer.
  const isArmed = parts.some((part) => part.kind === 'qr' && CONTROL.test(part.data));
  return isArmed ? 'a QR code holds a control character' : undefined;
}
