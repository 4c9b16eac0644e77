/** A line drawn as a picture: each character in its own cell, so that columns stand where the printer's font would put them. */
import { CELL_DOTS, type Glyph } from './glyph-press.ts';
import type { Picture } from './print-language.ts';
import type { Scale } from './receipt-layout.ts';
import { disarm } from './safe-picture.ts';

export function linePicture(text: string, scale: Scale, glyphOf: (character: string) => Glyph): Picture {
  const glyphs = [...text].map(glyphOf);
  const widthDots = glyphs.reduce((sum, glyph) => sum + glyph.widthDots, 0) * scale;
  const widthBytes = Math.ceil(widthDots / 8);
  const heightDots = CELL_DOTS * scale;
  const dots = new Uint8Array(widthBytes * heightDots);
  for (let y = 0; y < heightDots; y += 1) {
    let x = 0;
    for (const glyph of glyphs) {
      const row = glyph.rows[Math.floor(y / scale)] ?? 0;
      for (let dot = 0; dot < glyph.widthDots * scale; dot += 1, x += 1) {
        if ((row >> (CELL_DOTS - 1 - Math.floor(dot / scale))) & 1) {
          const place = y * widthBytes + (x >> 3);
          dots[place] = (dots[place] ?? 0) | (0x80 >> (x & 7));
        }
      }
    }
  }
  disarm(dots);
  return { widthBytes, heightDots, dots };
}
