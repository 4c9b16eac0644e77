/**
 * Characters of a slip: GB18030 bytes and the columns they take. In Chinese mode everything that is not one byte is
 * printed full width, two columns (device-protocols 4.1), so the byte length decides, not a Unicode table.
 */
import iconv from 'iconv-lite';

/** Control characters could be read as commands; the half-width yen sign would become four bytes few firmwares know. */
function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/gu, ' ').replaceAll('\u00A5', '\uFFE5');
}

export function encodeText(text: string): Uint8Array {
  return Uint8Array.from(iconv.encode(harmless(text), 'gb18030'));
}

export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of harmless(text)) columns += columnsOfCharacter(character);
  return columns;
}

function columnsOfCharacter(character: string): 1 | 2 {
  return character <= '\u007F' ? 1 : 2;
}

/** Cuts at the last space that fits, inside a word only when it is longer than the line. Never gives an empty list. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/u)) {
    let rest = harmless(paragraph);
    while (columnsOf(rest) > columns) {
      const [line, next] = splitAt(rest, columns);
      lines.push(line);
      rest = next;
    }
    lines.push(rest);
  }
  return lines;
}

function splitAt(text: string, columns: number): [line: string, rest: string] {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += columnsOfCharacter(character);
    if (used > columns && end > 0) break;
    end += character.length;
  }
  const isInsideWord = /[!-~]/u.test(text[end - 1] ?? '') && /[!-~]/u.test(text[end] ?? '');
  const space = text.lastIndexOf(' ', end - 1);
  if (isInsideWord && space > 0) return [text.slice(0, space), text.slice(space + 1)];
  return [text.slice(0, end), text.slice(end).replace(/^ /u, '')];
}

/** Label left, value ending at the last column; both on one line when a space fits between, else the value below. */
export function pairLines(label: string, value: string, columns: number): string[] {
  const gap = columns - columnsOf(label) - columnsOf(value);
  if (gap >= 1) return [harmless(label) + ' '.repeat(gap) + harmless(value)];
  const below = wrap(value, columns).map((line) => ' '.repeat(Math.max(0, columns - columnsOf(line))) + line);
  return [...wrap(label, columns), ...below];
}
