/** What stands on the paper: the model that tests read and the renderer draws. Lengths in dots; 8 dots are 1 mm (203 dpi). */
export const DOTS_PER_MM = 8;

export type Align = 'left' | 'centre' | 'right';

export interface TextRun {
  readonly text: string;
  /** From where the line begins. */
  readonly x: number;
  readonly widthScale: number;
  readonly heightScale: number;
  readonly bold: boolean;
  readonly underline: boolean;
}

interface Printed {
  readonly heightDots: number;
  readonly align: Align;
  /** From the edge of the paper to where it begins. */
  readonly leftDots: number;
}

export type PaperLine =
  | ({ readonly kind: 'text'; readonly runs: readonly TextRun[] } & Printed)
  | { readonly kind: 'feed'; readonly heightDots: number }
  | ({
      readonly kind: 'qr';
      readonly data: string;
      readonly modules: readonly (readonly boolean[])[];
      readonly moduleDots: number;
    } & Printed)
  | ({
      readonly kind: 'barcode';
      /** CODE128 symbol values, start to check, without the stop. */
      readonly symbols: readonly number[];
      readonly data: string;
      readonly moduleDots: number;
      readonly barDots: number;
      readonly label: 'none' | 'above' | 'below' | 'both';
    } & Printed)
  | ({
      readonly kind: 'raster';
      readonly widthBytes: number;
      readonly rows: number;
      readonly bits: Uint8Array;
      readonly widthScale: number;
      readonly heightScale: number;
    } & Printed);

/** `mouth`: waits to be taken. `torn`: an unfinished piece that staff tore off. */
export type SlipPlace = 'mouth' | 'taken' | 'retracted' | 'ejected' | 'jammed' | 'torn';

export interface Slip {
  readonly number: number;
  readonly lines: readonly PaperLine[];
  /** Line by line; pictures as `[QR data]`, `[CODE128 data]`, `[image 576x80]`. */
  readonly text: string;
  readonly lengthMm: number;
  readonly widthDots: number;
  readonly cut: 'full' | 'partial' | 'torn';
  place: SlipPlace;
}

export function textOfLines(lines: readonly PaperLine[]): string {
  return lines
    .filter((line) => line.kind !== 'feed')
    .map((line) => textOfLine(line))
    .join('\n');
}

function textOfLine(line: PaperLine): string {
  switch (line.kind) {
    case 'text':
      return line.runs.map((run) => run.text).join('');
    case 'qr':
      return `[QR ${line.data}]`;
    case 'barcode':
      return `[CODE128 ${line.data}]`;
    case 'raster':
      return `[image ${line.widthBytes * 8}x${line.rows}]`;
    case 'feed':
      return '';
  }
}

const SLIPS_KEPT = 20;

/** The roll, the strip that hangs from the head, and the slips cut from it. */
export class Paper {
  /** The last slips, oldest first; older ones are forgotten but stay counted. */
  readonly slips: Slip[] = [];
  slipsCut = 0;
  remainingDots: number;
  #strip: PaperLine[] = [];

  readonly #widthDots: number;

  constructor(rollCm: number, widthDots: number) {
    this.#widthDots = widthDots;
    this.remainingDots = cmToDots(rollCm);
  }

  /** Whole centimetres, as a printer's counter says it. */
  get remainingCm(): number {
    return Math.max(0, Math.floor(this.remainingDots / (10 * DOTS_PER_MM)));
  }

  get stripText(): string {
    return textOfLines(this.#strip);
  }

  advance(line: PaperLine): void {
    this.#strip.push(line);
    this.remainingDots = Math.max(0, this.remainingDots - line.heightDots);
  }

  /** Cuts what hangs from the head; nothing when nothing hangs there. */
  cut(kind: Slip['cut'], place: SlipPlace): Slip | undefined {
    if (this.#strip.length === 0) return undefined;
    const lines = this.#strip;
    this.#strip = [];
    this.slipsCut += 1;
    const dots = lines.reduce((sum, line) => sum + line.heightDots, 0);
    const slip: Slip = {
      number: this.slipsCut,
      lines,
      text: textOfLines(lines),
      lengthMm: Math.round(dots / DOTS_PER_MM),
      widthDots: this.#widthDots,
      cut: kind,
      place,
    };
    this.slips.push(slip);
    if (this.slips.length > SLIPS_KEPT) this.slips.shift();
    return slip;
  }

  /** Moves every slip at `from` to `to`; says how many moved. */
  move(from: SlipPlace, to: SlipPlace): number {
    const moved = this.slips.filter((slip) => slip.place === from);
    for (const slip of moved) slip.place = to;
    return moved.length;
  }

  has(place: SlipPlace): boolean {
    return this.slips.some((slip) => slip.place === place);
  }

  refill(rollCm: number): void {
    this.remainingDots = cmToDots(rollCm);
  }
}

function cmToDots(cm: number): number {
  return cm * 10 * DOTS_PER_MM;
}
