/**
 * What a printer would put on paper of a stream of ESC/POS, read by walking the commands with the simulator's parser, which
 * no encoder here had a part in. Letters are read as GB18030 even where Chinese mode was never switched on.
 */
import { EscposParser } from '../../drivers/receipt-printer/simulator/escpos-parser.ts';
import { BARCODE_DATA, PAIRS, QR_DATA } from './receipt-slip.ts';

export interface ReadBack {
  readonly bytes: number;
  /** Of the twelve lines: both texts there, and the value ending at the last column. */
  readonly chinese: number;
  readonly columnsRight: number;
  readonly rareNames: number;
  readonly hasChineseMode: boolean;
  readonly qr: 'native' | 'other';
  readonly hasBarcode: boolean;
}

const LINE_DOTS = 576;
const CELL_DOTS = 12;
const GB18030 = new TextDecoder('gb18030');
const RARE = ['䶮', '㐂'];

interface PrintedLine {
  readonly text: string;
  readonly endDots: number;
}

export function readBack(bytes: Uint8Array): ReadBack {
  const commands = new EscposParser().push(bytes);
  const lines = linesOf(bytes);
  const pairs = PAIRS.map(([label, value]) =>
    lines.find(({ text }) => text.startsWith(label) && text.trimEnd().endsWith(value)),
  );
  const text = lines.map((line) => line.text).join('\n');
  return {
    bytes: bytes.length,
    chinese: PAIRS.filter(([label, value]) => text.includes(label) && text.includes(value)).length,
    columnsRight: pairs.filter((line) => line?.endDots === LINE_DOTS).length,
    rareNames: RARE.filter((character) => text.includes(character)).length,
    hasChineseMode: commands.some(({ name }) => name === 'FS &'),
    qr: commands.some(({ name, data }) => name === 'GS (' && includes(data, QR_DATA)) ? 'native' : 'other',
    hasBarcode: commands.some(({ name, data }) => name === 'GS k' && includes(data, BARCODE_DATA)),
  };
}

function includes(data: Uint8Array, text: string): boolean {
  return Buffer.from(data).includes(text);
}

/** Letters of a line, and where the last one ends; ESC $ and ESC \ move, GS ! and ESC ! widen. */
function linesOf(bytes: Uint8Array): readonly PrintedLine[] {
  const lines: PrintedLine[] = [];
  const line = { text: '', x: 0, times: 1 };
  for (const { name, data } of new EscposParser().push(bytes)) {
    STEPS[name]?.(line, data);
    if (!ENDS_LINE.has(name)) continue;
    if (line.text !== '') lines.push({ text: line.text, endDots: line.x });
    Object.assign(line, { text: '', x: 0 });
  }
  return lines;
}

const ENDS_LINE: ReadonlySet<string> = new Set(['LF', 'ESC d', 'ESC J']);

type Step = (line: { text: string; x: number; times: number }, data: Uint8Array) => void;

const STEPS: Readonly<Record<string, Step>> = {
  text(line, data) {
    const piece = GB18030.decode(data);
    line.text += piece;
    const cells = [...piece].reduce((sum, character) => sum + (character <= '\u007F' ? 1 : 2), 0);
    line.x += cells * CELL_DOTS * line.times;
  },
  'ESC $': (line, [low = 0, high = 0]) => (line.x = low + high * 256),
  'ESC \\': (line, [low = 0, high = 0]) => (line.x += low + high * 256),
  'GS !': (line, [size = 0]) => (line.times = (size >> 4) + 1),
  'ESC !': (line, [mode = 0]) => (line.times = mode & 0x20 ? 2 : 1),
};
