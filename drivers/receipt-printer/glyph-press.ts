/**
 * Draws characters that a printer's font lacks, in cells of 12 or 24 by 24 dots, with a font of the machine. Renderer and
 * font are loaded for the first slip that needs them; nothing that was drawn is kept, for it may be somebody's name.
 */
import { existsSync } from 'node:fs';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { readCoverage, type FontCoverage } from './font-file.ts';

export const CELL_DOTS = 24;

export interface Glyph {
  /** 12 for ASCII, else 24. */
  readonly widthDots: number;
  /** 24 rows of 24 dots, the leftmost in bit 23. */
  readonly rows: readonly number[];
}

export interface GlyphPress {
  /** `device.driverMissing` without renderer or font; `printer.character` with the name of a character no font has. */
  draw(characters: ReadonlySet<string>, isBold: boolean): Promise<Result<ReadonlyMap<string, Glyph>>>;
}

interface FontChoice {
  readonly family: string;
  readonly regular: string;
  readonly bold: string;
}

/**
 * Asked in this order. Noto has GBK, extension A and the rare characters of the Chinese standards; Hanazono (Debian's
 * fonts-hanazono) extensions B to F, one weight.
 */
const FONTS: readonly FontChoice[] = [
  {
    family: 'Noto Sans Mono CJK SC',
    regular: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    bold: '/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc',
  },
  ...['HanaMinA', 'HanaMinB'].map((family) => {
    const path = `/usr/share/fonts/truetype/hanazono/${family}.ttf`;
    return { family, regular: path, bold: path };
  }),
];

/** What is needed of @resvg/resvg-js. */
interface Renderer {
  readonly Resvg: new (
    svg: string,
    options: { font: { fontFiles: string[]; loadSystemFonts: boolean } },
  ) => { render(): { readonly pixels: Uint8Array; readonly width: number } };
}

export type LoadRenderer = () => Promise<Renderer>;

export class SystemGlyphPress implements GlyphPress {
  readonly #load: LoadRenderer;
  readonly #fonts: readonly FontChoice[];
  readonly #coverages = new Map<string, FontCoverage>();

  constructor(load: LoadRenderer = () => import('@resvg/resvg-js'), fonts: readonly FontChoice[] = FONTS) {
    this.#load = load;
    this.#fonts = fonts;
  }

  async draw(characters: ReadonlySet<string>, isBold: boolean): Promise<Result<ReadonlyMap<string, Glyph>>> {
    const present = this.#fonts.filter(({ regular, bold }) => existsSync(isBold ? bold : regular));
    if (present.length === 0) return fail('device.driverMissing', 'a Chinese font: Debian package fonts-noto-cjk');
    const chosen: Cell[] = [];
    for (const character of characters) {
      const font = present.find((candidate) => this.#has(isBold ? candidate.bold : candidate.regular, character));
      if (!font) return fail('printer.character', `no font of this machine has ${nameOf(character)}`);
      chosen.push({ character, family: font.family });
    }
    const fontFiles = present.map(({ regular, bold }) => (isBold ? bold : regular));
    return this.#render(chosen, fontFiles, isBold);
  }

  #has(path: string, character: string): boolean {
    const coverage = this.#coverages.get(path) ?? readCoverage(path);
    this.#coverages.set(path, coverage);
    return coverage.has(character.codePointAt(0) ?? 0);
  }

  async #render(cells: readonly Cell[], files: string[], isBold: boolean): Promise<Result<ReadonlyMap<string, Glyph>>> {
    const renderer = await this.#load().then(ok, (error: unknown) =>
      fail('device.driverMissing', `@resvg/resvg-js: ${error instanceof Error ? error.message : String(error)}`),
    );
    if (!renderer.ok) return renderer;
    const font = { fontFiles: files, loadSystemFonts: false };
    const { pixels, width } = new renderer.value.Resvg(svgOf(cells, isBold), { font }).render();
    return ok(new Map(cells.map(({ character }, place) => [character, glyphAt(pixels, width, place, character)])));
  }
}

interface Cell {
  readonly character: string;
  readonly family: string;
}

/** `U+4DAE`: a character as a problem names it. */
export function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const BASE_LINE_DOTS = 21;

/** One cell beside the other, black on white. */
function svgOf(cells: readonly Cell[], isBold: boolean): string {
  const width = cells.length * CELL_DOTS;
  const weight = isBold ? ' font-weight="bold"' : '';
  const texts = cells.map(
    ({ character, family }, place) =>
      `<text x="${place * CELL_DOTS}" y="${BASE_LINE_DOTS}" font-family="${family}" font-size="${CELL_DOTS}"${weight}>&#${character.codePointAt(0)};</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CELL_DOTS}"><rect width="${width}" height="${CELL_DOTS}" fill="#fff"/>${texts.join('')}</svg>`;
}

const BYTES_PER_PIXEL = 4;
/** A dot is black when its red is darker than this; thin strokes lie between. */
const DARK_BELOW = 150;

function glyphAt(pixels: Uint8Array, width: number, place: number, character: string): Glyph {
  const rows = Array.from({ length: CELL_DOTS }, (_, y) => {
    let row = 0;
    for (let x = 0; x < CELL_DOTS; x += 1) {
      const red = pixels[(y * width + place * CELL_DOTS + x) * BYTES_PER_PIXEL] ?? 255;
      row = row * 2 + (red < DARK_BELOW ? 1 : 0);
    }
    return row;
  });
  return { widthDots: character <= '\u007F' ? CELL_DOTS / 2 : CELL_DOTS, rows };
}
