import qrcode from 'qrcode-generator';

export type QrLevel = 'L' | 'M' | 'Q' | 'H';

/** The symbol as rows of dark modules, smallest version that holds the text in UTF-8; undefined when none does. */
export function qrSymbol(text: string, level: QrLevel): boolean[][] | undefined {
  const symbol = qrcode(0, level);
  // one character a byte: the generator takes the low byte of each
  symbol.addData(String.fromCharCode(...new TextEncoder().encode(text)), 'Byte');
  try {
    symbol.make();
  } catch (tooLong) {
    if (typeof tooLong !== 'string' && !(tooLong instanceof Error)) throw tooLong;
    return undefined;
  }
  const places = Array.from({ length: symbol.getModuleCount() }, (_, index) => index);
  return places.map((row) => places.map((column) => symbol.isDark(row, column)));
}
