/** Draws a slip as a person would hold it: its dots of print on white paper with a torn edge. */
import { existsSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { CODE128_PATTERNS, CODE128_STOP } from './code128.ts';
import type { PaperLine, Slip, TextRun } from './paper.ts';

const SIDE_DOTS = 32;
const TOP_DOTS = 28;
const TOOTH_DOTS = 16;
const SHADOW_DOTS = 10;
const INK = '#1d1d22';
/** Half-width Latin is exactly half a Chinese cell in it, as in the printer's own fonts. */
const FONT = 'Noto Sans Mono CJK SC';
/** Loading one file takes a tenth of the time of scanning all of the system's fonts. */
const FONT_FILES = ['Regular', 'Bold'].map((weight) => `/usr/share/fonts/opentype/noto/NotoSansCJK-${weight}.ttc`);

export function renderSlipPng(slip: Slip): Uint8Array {
  const fontFiles = FONT_FILES.filter((file) => existsSync(file));
  const font = { fontFiles, loadSystemFonts: fontFiles.length === 0, defaultFontFamily: FONT };
  return new Resvg(slipSvg(slip), { font }).render().asPng();
}

export function slipSvg(slip: Slip): string {
  const parts: string[] = [];
  let y = TOP_DOTS;
  for (const line of slip.lines) {
    parts.push(lineSvg(line, y));
    y += line.heightDots;
  }
  const width = slip.widthDots + 2 * SIDE_DOTS;
  const height = y + TOP_DOTS;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * SHADOW_DOTS}" height="${height + 3 * SHADOW_DOTS}">`,
    `<g transform="translate(${SHADOW_DOTS} ${SHADOW_DOTS})">`,
    `<path d="${outline(width, height, slip.cut)}" transform="translate(2 5)" fill="#000" fill-opacity="0.13"/>`,
    `<path d="${outline(width, height, slip.cut)}" fill="#fefefc" stroke="#d9d7d0"/>`,
    `<g transform="translate(${SIDE_DOTS} 0)" fill="${INK}">${parts.join('')}</g>`,
    '</g></svg>',
  ].join('');
}

/** Cut slips have a fine saw-tooth at the end; a piece torn by hand is ragged. */
function outline(width: number, height: number, cut: Slip['cut']): string {
  const teeth = Math.round(width / TOOTH_DOTS);
  const points = Array.from({ length: teeth + 1 }, (_, tooth) => {
    const x = width - (tooth * width) / teeth;
    const ragged = cut === 'torn' ? ((tooth * 7) % 5) * 4 : 0;
    return `L${x.toFixed(1)} ${height - (tooth % 2 === 0 ? 0 : 7) - ragged}`;
  });
  return `M0 0H${width}${points.join('')}Z`;
}

function lineSvg(line: PaperLine, y: number): string {
  switch (line.kind) {
    case 'feed':
      return '';
    case 'text':
      return line.runs.map((run) => runSvg(run, line.leftDots, y + line.heightDots)).join('');
    case 'qr':
      return modulesSvg(line.modules, line.moduleDots, line.leftDots, y);
    case 'barcode':
      return barcodeSvg(line, y);
    case 'raster':
      return rasterSvg(line, y);
  }
}

/** Characters stand on a common base line, each in its own cell. */
function runSvg(run: TextRun, leftDots: number, bottom: number): string {
  const x = leftDots + run.x;
  const y = bottom - 6 - 3 * run.heightScale;
  const weight = run.bold ? ' font-weight="bold"' : '';
  const underline = run.underline ? ' text-decoration="underline"' : '';
  return (
    `<text transform="translate(${x} ${y}) scale(${run.widthScale} ${run.heightScale})" xml:space="preserve"` +
    ` font-family="${FONT}" font-size="24"${weight}${underline}>${escapeXml(run.text)}</text>`
  );
}

function modulesSvg(
  modules: readonly (readonly boolean[])[],
  moduleDots: number,
  leftDots: number,
  top: number,
): string {
  const squares = modules.flatMap((row, rowIndex) =>
    row.flatMap((dark, column) =>
      dark
        ? [
            `M${leftDots + column * moduleDots} ${top + rowIndex * moduleDots}h${moduleDots}v${moduleDots}h-${moduleDots}z`,
          ]
        : [],
    ),
  );
  return `<path shape-rendering="crispEdges" d="${squares.join('')}"/>`;
}

function barcodeSvg(line: Extract<PaperLine, { kind: 'barcode' }>, y: number): string {
  const labelAbove = line.label === 'above' || line.label === 'both';
  const top = y + (labelAbove ? 30 : 0);
  let x = line.leftDots;
  const bars: string[] = [];
  for (const symbol of [...line.symbols, CODE128_STOP]) {
    for (const [place, width] of [...(CODE128_PATTERNS[symbol] ?? '')].entries()) {
      const dots = Number(width) * line.moduleDots;
      if (place % 2 === 0) bars.push(`M${x} ${top}h${dots}v${line.barDots}h-${dots}z`);
      x += dots;
    }
  }
  const middle = (line.leftDots + x) / 2;
  const label = (baseline: number) =>
    `<text x="${middle}" y="${baseline}" text-anchor="middle" font-family="${FONT}" font-size="24">${escapeXml(line.data)}</text>`;
  return [
    `<path shape-rendering="crispEdges" d="${bars.join('')}"/>`,
    labelAbove ? label(y + 24) : '',
    line.label === 'below' || line.label === 'both' ? label(top + line.barDots + 24) : '',
  ].join('');
}

/** One bit a dot, most significant first, drawn as horizontal strokes. */
function rasterSvg(line: Extract<PaperLine, { kind: 'raster' }>, top: number): string {
  const strokes: string[] = [];
  const { widthScale: sx, heightScale: sy } = line;
  for (let row = 0; row < line.rows; row += 1) {
    let start: number | undefined;
    for (let column = 0; column <= line.widthBytes * 8; column += 1) {
      const byte = line.bits[row * line.widthBytes + (column >> 3)] ?? 0;
      const dark = column < line.widthBytes * 8 && ((byte >> (7 - (column & 7))) & 1) === 1;
      if (dark) start ??= column;
      else if (start !== undefined) {
        const dots = (column - start) * sx;
        strokes.push(`M${line.leftDots + start * sx} ${top + row * sy}h${dots}v${sy}h-${dots}z`);
        start = undefined;
      }
    }
  }
  return `<path shape-rendering="crispEdges" d="${strokes.join('')}"/>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
