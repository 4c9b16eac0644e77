import { expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { EscposSimulator } from './escpos.simulator.ts';
import { stream } from './escpos-stream.test-support.ts';
import { renderSlipPng, slipSvg } from './paper-renderer.ts';

it('draws every kind of line, escapes text and gives a PNG as wide as the paper', () => {
  const chance = { bytes: (length: number) => new Uint8Array(length) };
  const simulator = new EscposSimulator({ model: 'epson-tm-t88', clock: new SimulatedClock(), chance });
  simulator.feed(
    stream(
      '1B401C261B61011C210C', { text: '番禺区党群服务站' }, '0A1C21001D2100', { text: '您的号码' }, '0A',
      '1D2133', { text: 'A012' }, '0A1D21001C2100', '1B6100', { text: '前面还有' }, '1B4501', { text: ' 3 位' }, '1B45000A',
      '1C2E', { text: '-'.repeat(48) }, '0A', { text: 'a < b & c > d' }, '0A1B6101',
      '1D286B0400313132001D286B03003143061D286B03003145311D286B080031503048454C4C4F1D286B0300315130',
      '1B64011D48021D68501D77021D6B490B7B42413031322D32303234', '1D76300301000800FF818181818181FF',
      '1B64021D564240',
    ), // prettier-ignore
  );
  const slip = simulator.paper.slips[0];
  if (!slip) throw new Error('no slip');
  expect(slipSvg(slip)).toContain('a &lt; b &amp; c &gt; d');
  const png = Buffer.from(renderSlipPng(slip));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(576 + 64 + 20);
});
