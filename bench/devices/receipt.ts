/**
 * One slip through our encoder and through four libraries (performance.md 2): what comes out, and how fast, measured in turn
 * and in shuffled order in the same run, so that a busy machine slows all alike. Read the ratio.
 */
import { encodeReceipt } from '../../drivers/receipt-printer/escpos.codec.ts';
import { printerModel } from '../../drivers/receipt-printer/printer-models.ts';
import type { Receipt } from '../../contract/receipt.schema.ts';
import { compared, type Figure } from '../report.ts';
import { median, shuffled } from '../stats.ts';
import { readBack, type ReadBack } from './read-back.ts';
import { peers, type Encoder } from './receipt-peers.ts';
import { BARCODE_DATA, FOOTER, PAIRS, QR_DATA, TITLE } from './receipt-slip.ts';

/** What a minimal encoder of the same slip needs (performance.md 2). */
const REFERENCE_BYTES = 805;
const ROUNDS = 15;
const ROUND_MS = 60;
/** Enough for every library's code to be compiled before it counts. */
const WARM_UP_MS = 300;
const RIVAL = 'receiptline 4.0.4';

const SLIP: Receipt = {
  lines: [
    { kind: 'text', text: TITLE, align: 'centre' },
    ...PAIRS.map(([label, value]) => ({ kind: 'pair' as const, label, value })),
    { kind: 'qr', data: QR_DATA },
    { kind: 'barcode', data: BARCODE_DATA },
    { kind: 'text', text: FOOTER, align: 'centre' },
  ],
};

/** The model whose font has four-byte characters, as every library here takes for granted. */
function ours(): Encoder {
  const model = printerModel('epson-tm-t88');
  if (!model) throw new Error('no such model');
  return { name: 'ours', encode: () => encodeReceipt(SLIP, { ...model, font: 'gb18030' }) };
}

export function measureReceipt(): readonly Figure[] {
  const own = ours();
  const all = [own, ...peers()];
  for (const encoder of all) slipsASecond(encoder, WARM_UP_MS);
  const ratios = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  const speeds = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const speed = new Map(shuffled(all).map((encoder) => [encoder.name, slipsASecond(encoder, ROUND_MS)]));
    for (const [name, perSecond] of speed) {
      speeds.get(name)?.push(perSecond);
      ratios.get(name)?.push((speed.get(own.name) ?? 0) / perSecond);
    }
  }
  const read = readBack(own.encode());
  return [
    compared({
      name: 'receipt: bytes, against a minimal encoder',
      ours: `${read.bytes} B`,
      floor: `${REFERENCE_BYTES} B`,
      ratio: read.bytes / REFERENCE_BYTES,
      aim: '<= 1.1',
    }),
    compared({
      name: 'receipt: columns that end at the edge, of 12',
      ours: describe(read),
      ratio: read.columnsRight / PAIRS.length,
      aim: '>= 1',
    }),
    ...all.slice(1).map((encoder) => against(encoder, speeds, ratios)),
  ];
}

function against(
  { name, encode }: Encoder,
  speeds: ReadonlyMap<string, readonly number[]>,
  ratios: ReadonlyMap<string, readonly number[]>,
): Figure {
  const figure = {
    name: `receipt: slips a second, against ${name}`,
    ours: `${Math.round(median(speeds.get('ours') ?? []))}/s`,
    floor: `${Math.round(median(speeds.get(name) ?? []))}/s; ${describe(readBack(encode()))}`,
    ratio: median(ratios.get(name) ?? []),
  };
  return name === RIVAL ? compared({ ...figure, aim: '>= 10' }) : { ...figure, ratio: Number(figure.ratio.toFixed(2)) };
}

function describe(read: ReadBack): string {
  const chineseMode = read.hasChineseMode ? 'FS &' : 'no FS &';
  return `${read.bytes} B, Chinese ${read.chinese}/12, columns ${read.columnsRight}/12, rare names ${read.rareNames}/2, ${chineseMode}, QR ${read.qr}`;
}

function slipsASecond(encoder: Encoder, forMs: number): number {
  const from = performance.now();
  let slips = 0;
  while (performance.now() - from < forMs) {
    encoder.encode();
    slips += 1;
  }
  return (slips * 1_000) / (performance.now() - from);
}
