/**
 * What the commands mean for the paper: keeps the modes (alignment, sizes, Chinese) and turns each command into acts of
 * the mechanism. Pure; time, paper and faults are the simulator's business.
 */
import { parseCode128 } from './code128.ts';
import type { EscposCommand } from './escpos-parser.ts';
import { decodeText, type PrinterChar } from './escpos-text.ts';
import type { Align, PaperLine, TextRun } from './paper.ts';
import { qrSymbol, type QrLevel } from './qr-symbol.ts';

export type HeadAct =
  | { readonly kind: 'advance'; readonly line: PaperLine }
  | { readonly kind: 'cut'; readonly cut: 'full' | 'partial' }
  /** A command that asks or sets something of the machine, not of the paper. */
  | { readonly kind: 'machine'; readonly command: EscposCommand };

const LINE_DOTS = 30;
const CELL_DOTS = 24;

interface Modes {
  chinese: boolean;
  align: Align;
  bold: boolean;
  underline: boolean;
  /** ESC ! and GS !: width and height factors of all characters. */
  scale: { width: number; height: number };
  /** FS !: of Chinese characters. The larger of both counts: firmwares differ on whether GS ! reaches them. */
  chineseScale: { width: number; height: number };
  lineDots: number;
  marginDots: number;
  areaDots: number;
  readonly paperDots: number;
  barcode: { dots: number; moduleDots: number; label: 'none' | 'above' | 'below' | 'both' };
  qr: { moduleDots: number; level: QrLevel; data: string };
}

function initialModes(paperDots: number): Modes {
  return {
    chinese: false,
    align: 'left',
    bold: false,
    underline: false,
    scale: { width: 1, height: 1 },
    chineseScale: { width: 1, height: 1 },
    lineDots: LINE_DOTS,
    marginDots: 0,
    areaDots: paperDots,
    paperDots,
    barcode: { dots: 162, moduleDots: 3, label: 'none' },
    qr: { moduleDots: 3, level: 'L', data: '' },
  };
}

export class PrintHead {
  readonly #fourByteChinese: boolean;
  readonly #widthDots: number;
  #modes: Modes;
  #undecoded: Uint8Array = new Uint8Array();
  #runs: TextRun[] = [];
  #x = 0;
  #acts: HeadAct[] = [];

  constructor(options: { readonly fourByteChinese: boolean; readonly widthDots: number }) {
    this.#fourByteChinese = options.fourByteChinese;
    this.#widthDots = options.widthDots;
    this.#modes = initialModes(this.#widthDots);
  }

  /** DLE DC4 8, ESC @ and power-up: modes and the unfinished line are gone. */
  reset(): void {
    this.#modes = initialModes(this.#widthDots);
    this.#dropLine();
  }

  apply(command: EscposCommand): readonly HeadAct[] {
    this.#acts = [];
    if (command.name === 'text') {
      this.#addText(command.data);
      return this.#acts;
    }
    this.#undecoded = new Uint8Array();
    const handler = HANDLERS[command.name];
    if (handler) handler(this.#context(), command.data);
    else if (MACHINE.has(command.name)) this.#acts.push({ kind: 'machine', command });
    return this.#acts;
  }

  #context(): Context {
    return {
      modes: this.#modes,
      lineIsEmpty: this.#runs.length === 0,
      newLine: () => this.#newLine(),
      advance: (line) => this.#acts.push({ kind: 'advance', line }),
      cut: (cut) => this.#acts.push({ kind: 'cut', cut }),
      machine: (name, data) => this.#acts.push({ kind: 'machine', command: { name, data } }),
      moveTo: (x) => (this.#x = x),
      reset: () => this.reset(),
    };
  }

  #addText(bytes: Uint8Array): void {
    const all = Uint8Array.from([...this.#undecoded, ...bytes]);
    const { chars, rest } = decodeText(all, this.#modes.chinese, this.#fourByteChinese);
    this.#undecoded = rest;
    for (const char of chars) this.#addChar(char);
  }

  #addChar({ char, wide }: PrinterChar): void {
    const { scale, chineseScale, bold, underline, areaDots } = this.#modes;
    const widthScale = wide ? Math.max(scale.width, chineseScale.width) : scale.width;
    const heightScale = wide ? Math.max(scale.height, chineseScale.height) : scale.height;
    const dots = (wide ? CELL_DOTS : CELL_DOTS / 2) * widthScale;
    if (this.#x + dots > areaDots) this.#printLine();
    const last = this.#runs.at(-1);
    const style = { widthScale, heightScale, bold, underline };
    if (last && sameStyle(last, style) && endOf(last) === this.#x) {
      this.#runs[this.#runs.length - 1] = { ...last, text: last.text + char };
    } else this.#runs.push({ text: char, x: this.#x, ...style });
    this.#x += dots;
  }

  #newLine(): void {
    if (this.#runs.length > 0) this.#printLine();
    else this.#acts.push({ kind: 'advance', line: { kind: 'feed', heightDots: this.#modes.lineDots } });
  }

  #printLine(): void {
    const tallest = Math.max(1, ...this.#runs.map((run) => run.heightScale));
    const heightDots = Math.max(this.#modes.lineDots, tallest * CELL_DOTS + (LINE_DOTS - CELL_DOTS));
    const widthDots = Math.max(0, ...this.#runs.map(endOf));
    const line: PaperLine = { kind: 'text', runs: this.#runs, heightDots, ...placed(this.#modes, widthDots) };
    this.#acts.push({ kind: 'advance', line });
    this.#dropLine();
  }

  #dropLine(): void {
    this.#runs = [];
    this.#x = 0;
    this.#undecoded = new Uint8Array();
  }
}

/** Where something of that width comes to stand. */
function placed({ align, marginDots, areaDots }: Modes, widthDots: number): { align: Align; leftDots: number } {
  const spare = Math.max(0, areaDots - widthDots);
  const share = align === 'left' ? 0 : align === 'centre' ? 0.5 : 1;
  return { align, leftDots: Math.floor(marginDots + spare * share) };
}

function sameStyle(run: TextRun, style: Omit<TextRun, 'text' | 'x'>): boolean {
  return (
    run.widthScale === style.widthScale &&
    run.heightScale === style.heightScale &&
    run.bold === style.bold &&
    run.underline === style.underline
  );
}

/** Right edge of a run; a character outside ASCII fills a full cell. */
export function endOf(run: TextRun): number {
  const cells = [...run.text].reduce((sum, char) => sum + (char.charCodeAt(0) < 0x80 ? 12 : CELL_DOTS), 0);
  return run.x + cells * run.widthScale;
}

interface Context {
  readonly modes: Modes;
  readonly lineIsEmpty: boolean;
  newLine(): void;
  advance(line: PaperLine): void;
  cut(cut: 'full' | 'partial'): void;
  machine(name: string, data: Uint8Array): void;
  moveTo(x: number): void;
  reset(): void;
}

/** Queued questions and orders to the machine. What no table has changes nothing on paper; DLE is answered on arrival. */
const MACHINE = new Set(['GS a', 'GS r', 'GS I', 'GS E1', 'GS e', 'GS R', 'ETB']);
const ALIGN: readonly Align[] = ['left', 'centre', 'right'];
const LABELS = ['none', 'above', 'below', 'both'] as const;
const LEVELS = ['L', 'M', 'Q', 'H'] as const;

const HANDLERS: Readonly<Record<string, (head: Context, data: Uint8Array) => void>> = {
  LF: (head) => head.newLine(),
  HT: () => undefined,
  'ESC @': (head) => head.reset(),
  'FS &': ({ modes }) => (modes.chinese = true),
  'FS .': ({ modes }) => (modes.chinese = false),
  'FS !': ({ modes }, [n = 0]) => {
    modes.chineseScale = { width: n & 4 ? 2 : 1, height: n & 8 ? 2 : 1 };
    modes.underline = (n & 0x80) !== 0;
  },
  'ESC !': ({ modes }, [n = 0]) => {
    modes.scale = { width: n & 0x20 ? 2 : 1, height: n & 0x10 ? 2 : 1 };
    modes.bold = (n & 8) !== 0;
    modes.underline = (n & 0x80) !== 0;
  },
  'GS !': ({ modes }, [n = 0]) => (modes.scale = { width: ((n >> 4) & 7) + 1, height: (n & 7) + 1 }),
  'ESC E': ({ modes }, [n = 0]) => (modes.bold = (n & 1) === 1),
  'ESC G': ({ modes }, [n = 0]) => (modes.bold = (n & 1) === 1),
  'ESC -': ({ modes }, [n = 0]) => (modes.underline = (n & 3) !== 0),
  /** At the start of a line only. */
  'ESC a': ({ modes, lineIsEmpty }, [n = 0]) => {
    if (lineIsEmpty) modes.align = ALIGN[n % 48] ?? modes.align;
  },
  'ESC 2': ({ modes }) => (modes.lineDots = LINE_DOTS),
  'ESC 3': ({ modes }, [n = LINE_DOTS]) => (modes.lineDots = n),
  'ESC d': (head, [n = 0]) => {
    if (!head.lineIsEmpty) head.newLine();
    const feeds = head.lineIsEmpty ? n : n - 1;
    if (feeds > 0) head.advance({ kind: 'feed', heightDots: feeds * head.modes.lineDots });
  },
  'ESC J': (head, [n = 0]) => {
    if (!head.lineIsEmpty) head.newLine();
    if (n > 0) head.advance({ kind: 'feed', heightDots: n });
  },
  'ESC $': (head, [low = 0, high = 0]) => head.moveTo(low + high * 256),
  'GS L': ({ modes }, [low = 0, high = 0]) => {
    modes.marginDots = Math.min(low + high * 256, modes.paperDots - CELL_DOTS);
    modes.areaDots = Math.min(modes.areaDots, modes.paperDots - modes.marginDots);
  },
  'GS W': ({ modes }, [low = 0, high = 0]) => {
    modes.areaDots = Math.max(CELL_DOTS, Math.min(low + high * 256, modes.paperDots - modes.marginDots));
  },
  'GS h': ({ modes }, [n = 162]) => (modes.barcode.dots = n),
  'GS w': ({ modes }, [n = 3]) => (modes.barcode.moduleDots = n),
  'GS H': ({ modes }, [n = 0]) => (modes.barcode.label = LABELS[n % 48] ?? 'none'),
  'GS k': printBarcode,
  'GS v': printRaster,
  'GS (': extended,
  'GS V': (head, [m = 0, n = 0]) => {
    if (!head.lineIsEmpty) head.newLine();
    if (m >= 65 && n > 0) head.advance({ kind: 'feed', heightDots: n });
    head.cut(m === 1 || m === 49 || m === 66 ? 'partial' : 'full');
  },
  'ESC i': (head) => head.cut('full'),
  'ESC m': (head) => head.cut('partial'),
};

function printBarcode(head: Context, data: Uint8Array): void {
  const [m = 0, length = 0] = data;
  if (m !== 73) return; // only CODE128 is modelled
  const code = parseCode128(data.subarray(2, 2 + length));
  if (!code) return;
  const { dots, moduleDots, label } = head.modes.barcode;
  const labelDots = label === 'none' ? 0 : label === 'both' ? 2 * LINE_DOTS : LINE_DOTS;
  const widthDots = (code.symbols.length * 11 + 13) * moduleDots;
  const size = { barDots: dots, moduleDots, heightDots: dots + labelDots, label, ...placed(head.modes, widthDots) };
  head.advance({ kind: 'barcode', symbols: code.symbols, data: code.text, ...size });
}

/** GS v 0: `30 m xL xH yL yH data`. */
function printRaster(head: Context, data: Uint8Array): void {
  const [, m = 0, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = data;
  const rows = yLow + yHigh * 256;
  const widthBytes = xLow + xHigh * 256;
  const scale = { widthScale: m & 1 ? 2 : 1, heightScale: m & 2 ? 2 : 1 };
  head.advance({
    kind: 'raster',
    widthBytes,
    rows,
    bits: data.slice(6),
    ...scale,
    heightDots: rows * scale.heightScale,
    ...placed(head.modes, widthBytes * 8 * scale.widthScale),
  });
}

/** GS ( x pL pH ...: `k` with cn 49 is the QR family (device-protocols 4.3), `H` the job evidence (4.6). */
function extended(head: Context, data: Uint8Array): void {
  const letter = String.fromCharCode(data[0] ?? 0);
  const content = data.subarray(3);
  if (letter === 'H') head.machine('GS ( H', content);
  if (letter === 'k' && content[0] === 49) QR_FUNCTIONS[content[1] ?? 0]?.(head, content.subarray(2));
}

const QR_FUNCTIONS: Readonly<Record<number, (head: Context, parameters: Uint8Array) => void>> = {
  67: ({ modes }, [dots = 3]) => (modes.qr.moduleDots = Math.max(1, Math.min(16, dots))),
  69: ({ modes }, [level = 48]) => (modes.qr.level = LEVELS[level - 48] ?? 'L'),
  80: ({ modes }, parameters) => (modes.qr.data = new TextDecoder().decode(parameters.subarray(1))),
  81: (head) => {
    const { data, moduleDots, level } = head.modes.qr;
    const modules = data === '' ? undefined : qrSymbol(data, level);
    if (!modules) return;
    const side = modules.length * moduleDots;
    head.advance({ kind: 'qr', data, modules, moduleDots, heightDots: side, ...placed(head.modes, side) });
  },
};
