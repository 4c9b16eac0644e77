import fc from 'fast-check';
import iconv from 'iconv-lite';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { fail, ok } from '../../contract/outcome.schema.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { hexOf } from '../testing/frames.ts';
import { SystemGlyphPress, type GlyphPress } from './glyph-press.ts';
import { printerBytes } from './printer-font.ts';
import { printerModel, PRINTER_MODEL_NAMES, type PrinterFont, type PrinterModel } from './printer-models.ts';
import { disarm } from './safe-picture.ts';
import { EscposSimulator } from './simulator/escpos.simulator.ts';
import { typeset } from './typeset.ts';

const SYSTEM = new SystemGlyphPress();
/** Draws every character but the space as a full black cell: enough for what is not about shapes. */
const BLOCKS: GlyphPress = {
  draw: (characters) =>
    Promise.resolve(
      ok(
        new Map(
          [...characters].map((character) => {
            const widthDots = character <= '\u007F' ? 12 : 24;
            const row = character === ' ' ? 0 : widthDots === 12 ? 0xfff000 : 0xffffff;
            return [character, { widthDots, rows: Array.from({ length: 24 }, () => row) }];
          }),
        ),
      ),
    ),
};

function model(name: string, font?: PrinterFont): PrinterModel {
  const found = printerModel(name);
  if (!found) throw new Error(name);
  return font ? { ...found, font } : found;
}

function slip(...texts: string[]): Receipt {
  return { lines: texts.map((text) => ({ kind: 'text', text })) };
}

async function bytesFor(receipt: Receipt, of: PrinterModel, press: GlyphPress = SYSTEM): Promise<Uint8Array> {
  const result = await typeset(receipt, of, press);
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
}

/** What stands on the paper of the simulated printer, line by line. */
function printed(bytes: Uint8Array, name: PrinterModel['name']) {
  const chance = { bytes: (length: number) => new Uint8Array(length) };
  const simulator = new EscposSimulator({ model: name, clock: new SimulatedClock(), chance });
  simulator.feed(bytes);
  return simulator.paper.slips[0];
}

describe('characters of the printer’s font', () => {
  it('go as GBK; later two-byte and four-byte ones only where the font has them', () => {
    expect(hexOf(printerBytes('番禺', 'gbk') ?? new Uint8Array())).toBe('B7ACD8AE');
    expect(printerBytes('䶮', 'gbk')).toBeUndefined();
    expect(hexOf(printerBytes('䶮㐂', 'gb18030') ?? new Uint8Array())).toBe('FE9F8139EF31');
  });

  it.each(['€', 'ǹ', '𠮷', '\uE7C7', 'ñ'])('does not have %s in GBK', (character) => {
    expect(printerBytes(character, 'gbk')).toBeUndefined();
  });

  it('encodes whatever it takes as the standard does', () => {
    const ranges = [
      [0x20, 0x7e],
      [0xa0, 0x9fff],
      [0xf900, 0xffef],
    ] as const;
    const character = fc
      .oneof(...ranges.map(([min, max]) => fc.integer({ min, max })))
      .map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 6 }), (characters) => {
        const text = characters.join('');
        const bytes = printerBytes(text, 'gb18030');
        if (!bytes) return;
        expect(new TextDecoder('gb18030', { fatal: true }).decode(bytes)).toBe(text);
        expect(hexOf(bytes)).toBe(hexOf(iconv.encode(text, 'gb18030')));
      }),
      { numRuns: 500 },
    );
  });
});

describe('characters it lacks', () => {
  it('are drawn: the whole line as a picture, each character on its columns', async () => {
    const receipt: Receipt = {
      lines: [
        { kind: 'pair', label: '龘䶮', value: '￥5.00' },
        { kind: 'text', text: '完' },
      ],
    };
    const paper = printed(await bytesFor(receipt, model('epson-tm-t88'), BLOCKS), 'epson-tm-t88');
    expect(paper?.text).toBe('[image 576x24]\n完');
    const [picture] = paper?.lines ?? [];
    if (picture?.kind !== 'raster') throw new Error('no picture');
    const firstRow = [...picture.bits.subarray(0, 72)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    // four columns of twelve dots at the left edge, six at the right one
    expect(firstRow).toBe('1'.repeat(48) + '0'.repeat(38 * 12) + '1'.repeat(72));
  });

  it('look like themselves: drawn from the machine’s font, not as a box', async () => {
    const drawn = await SYSTEM.draw(new Set(['䶮', '一', '丨', 'A']), false);
    if (!drawn.ok) throw new Error(drawn.problem.detail);
    const ink = (character: string): number[] =>
      (drawn.value.get(character)?.rows ?? []).map((row) => row.toString(2).replaceAll('0', '').length);
    // 一 is one stroke across, 丨 one down, 䶮 has ink in nearly every row
    expect(Math.max(...ink('一'))).toBeGreaterThan(16);
    expect(ink('一').filter((dots) => dots > 0).length).toBeLessThan(6);
    expect(ink('丨').filter((dots) => dots > 0).length).toBeGreaterThan(18);
    expect(ink('䶮').filter((dots) => dots > 3).length).toBeGreaterThan(16);
    expect(drawn.value.get('A')?.widthDots).toBe(12);
    expect(drawn.value.get('A')?.rows.every((row) => (row & 0xfff) === 0)).toBe(true);
  });

  it('are drawn larger on a large line, and in bold', async () => {
    const receipt: Receipt = { lines: [{ kind: 'text', text: '䶮', scale: 2, bold: true, align: 'centre' }] };
    const paper = printed(await bytesFor(receipt, model('custom-vkp80')), 'custom-vkp80');
    expect(paper?.lines[0]).toMatchObject({ kind: 'raster', widthBytes: 6, rows: 48, leftDots: (576 - 48) / 2 });
  });

  it('go in Star’s own picture command to a Star', async () => {
    const bytes = await bytesFor(slip('㐂'), model('star-tsp'), BLOCKS);
    expect(hexOf(bytes)).toContain('1B1D530103001800' + '00' + 'FF'.repeat(72) + '1B4A03');
    expect(printed(bytes, 'star-tsp')?.text).toBe('[image 24x24]');
  });

  it.each([
    ['a private-use character, which every machine draws differently', '\uE5E5', 'U+E5E5'],
    ['half a surrogate pair', '\uD87E', 'U+D87E'],
    ['a variation selector, which names another shape', '葛\u{E0100}', 'U+E0100'],
    ['writing that joins', 'ئ', 'U+0626'],
    ['an unassigned code', '\u{2FFFF}', 'U+2FFFF'],
    ['an invisible sign', '龘\u200B', 'U+200B'],
    ['a character no font here has', '\u{2CEAB}', 'U+2CEAB'],
  ])('are refused by name: %s', async (_what, text, name) => {
    const result = await typeset(slip(`${text}䶮`), model('epson-tm-t88'), SYSTEM);
    expect(result).toMatchObject({ ok: false, problem: { code: 'printer.character' } });
    expect(result.ok ? '' : result.problem.detail).toContain(name);
  });

  it('never change a compatibility character into its look-alike', async () => {
    // U+F92C and U+90DE are two codes for nearly one shape; code page 936 has both
    expect(hexOf(await bytesFor(slip('\uF92C'), model('epson-tm-t88')))).toContain('FD9C');
    expect(hexOf(await bytesFor(slip('\u90DE'), model('epson-tm-t88')))).toContain('E04F');
  });

  it('join a letter with its mark', async () => {
    expect(hexOf(await bytesFor(slip('e\u0301'), model('epson-tm-t88')))).toContain('A8A6');
  });

  it('name the missing font before anything is sent', async () => {
    const none = new SystemGlyphPress(undefined, []);
    expect(await typeset(slip('䶮'), model('epson-tm-t88'), none)).toEqual(
      fail('device.driverMissing', 'a Chinese font: Debian package fonts-noto-cjk'),
    );
    expect((await typeset(slip('王'), model('epson-tm-t88'), none)).ok).toBe(true);
  });

  it('name the missing renderer', async () => {
    const press = new SystemGlyphPress(() => Promise.reject(new Error('Cannot find package')));
    expect(await typeset(slip('䶮'), model('epson-tm-t88'), press)).toEqual(
      fail('device.driverMissing', '@resvg/resvg-js: Cannot find package'),
    );
  });
});

describe('picture data', () => {
  it('never holds an order to the printer, whatever is drawn (4.4)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0x10, 0x04, 0x05, 0x14, 0x1b, 0x06, 0x01, 0x08), { maxLength: 64 }),
        (raw) => {
          const dots = Uint8Array.from(raw);
          disarm(dots);
          expect(hexOf(dots).replaceAll(/../g, '$& ')).not.toMatch(/10 0[45]|10 14|1B 06/);
          // only dots are added, never taken away, and one at most in a byte
          dots.forEach((byte, at) => expect([raw[at], (raw[at] ?? 0) | 0x20]).toContain(byte));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is not obeyed by a strict printer: no answer comes out of a line full of status requests', async () => {
    const rows = Array.from({ length: 24 }, () => 0x100401);
    const armed: GlyphPress = {
      draw: (characters) => Promise.resolve(ok(new Map([...characters].map((c) => [c, { widthDots: 24, rows }])))),
    };
    const chance = { bytes: (length: number) => new Uint8Array(length) };
    const simulator = new EscposSimulator({ model: 'epson-tm-t88', clock: new SimulatedClock(), chance });
    const said: number[] = [];
    simulator.onOutput((bytes) => said.push(...bytes));
    simulator.feed(await bytesFor(slip('䶮䶮'), { ...model('epson-tm-t88'), preamble: '1B40' }, armed));
    expect(said).toEqual([]);
    expect(simulator.paper.slips[0]?.text).toBe('[image 48x24]');
  });

  it('is refused in a QR code, whose data cannot be changed', async () => {
    const receipt: Receipt = { lines: [{ kind: 'qr', data: 'a\u0010\u0004\u0001' }] };
    expect(await typeset(receipt, model('epson-tm-t88'), BLOCKS)).toMatchObject({ ok: false });
  });
});

describe('every text the kiosk ships', () => {
  const folder = join(import.meta.dirname, '../../kiosk-config/locales');
  const texts = readdirSync(folder).flatMap((file) => leaves(parseYaml(readFileSync(join(folder, file), 'utf8'))));

  function leaves(node: unknown): string[] {
    if (typeof node === 'string') return [node];
    return typeof node === 'object' && node !== null ? Object.values(node).flatMap(leaves) : [];
  }

  it.each([...PRINTER_MODEL_NAMES])(
    'prints on %s, in the printer’s font or drawn, never as a question mark',
    async (name) => {
      expect(texts.length).toBeGreaterThan(300);
      for (const text of texts) {
        const result = await typeset(slip(text), model(name), BLOCKS);
        if (!result.ok) expect(result.problem.detail).toMatch(/U\+[0-9A-F]{4,6}/);
        else if (!text.includes('?')) expect(printed(result.value, name)?.text ?? '').not.toMatch(/[?□]/);
      }
    },
  );
});
