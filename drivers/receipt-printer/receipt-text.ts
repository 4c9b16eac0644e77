/**
 * Lines of a slip: how many columns characters take and where a line breaks. In Chinese mode everything that is not one
 * byte is printed full width, two columns (device-protocols 4.1), so ASCII decides, not a Unicode table.
 */

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNUSUAL = /[\u0000-\u001F\u007F-\u009F\u00A5\p{M}]/u;

/**
 * Control characters could be read as commands; the half-width yen sign would become four bytes few firmwares know. A letter
 * with a mark after it becomes one letter; Chinese characters are never normalised, which would change names.
 */
export function harmless(text: string): string {
  if (isUsual(text) || !UNUSUAL.test(text)) return text;
  return (
    text
      // eslint-disable-next-line no-control-regex -- control characters are what is removed
      .replaceAll(/[\u0000-\u001F\u007F-\u009F]+/gu, ' ')
      .replaceAll('\u00A5', '\uFFE5')
      .replaceAll(/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}+/gu, (letter) => letter.normalize('NFC'))
  );
}

/** ASCII and the common ideographs: nearly every line, told in a tenth of the time of the expression. */
function isUsual(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isAscii = code >= 0x20 && code <= 0x7e;
    const isCommon = (code >= 0x3400 && code <= 0x9fff) || (code >= 0xff01 && code <= 0xffe6);
    if (!isAscii && !isCommon) return false;
  }
  return true;
}

export function columnsOf(text: string): number {
  return columnsOfHarmless(harmless(text));
}

function columnsOfHarmless(text: string): number {
  let columns = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // the second half of a pair belongs to the character the first one began
    if (code < 0xdc00 || code > 0xdfff) columns += code <= 0x7f ? 1 : 2;
  }
  return columns;
}

function columnsOfCharacter(character: string): 1 | 2 {
  return character <= '\u007F' ? 1 : 2;
}

/** Cuts at the last space that fits, inside a word only when it is longer than the line. Never gives an empty list. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.includes('\n') ? text.split(/\r?\n/u) : [text]) {
    let rest = harmless(paragraph);
    while (columnsOfHarmless(rest) > columns) {
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
  const [left, right] = [harmless(label), harmless(value)];
  const gap = columns - columnsOfHarmless(left) - columnsOfHarmless(right);
  if (gap >= 1) return [left + ' '.repeat(gap) + right];
  const below = wrap(value, columns).map((line) => ' '.repeat(Math.max(0, columns - columnsOf(line))) + line);
  return [...wrap(label, columns), ...below];
}
