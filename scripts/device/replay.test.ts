import { describe, expect, it } from 'vitest';
import { replay } from './replay.ts';
import type { RecordedEntry, Recording, RecordingHeader } from './recording-file.ts';

const HEADER: RecordingHeader = {
  format: 'livelihood-kiosk-recording',
  version: 1,
  device: { id: 'bp-1', class: 'health', model: 'suntech-ascii', link: { kind: 'tcp', host: '192.0.2.1', port: 1 } },
  keys: ['bp-suntech'],
  bytes: 'masked',
  startedAt: '2026-01-05T00:00:00.000Z',
};
const ASK = '0231383B3B444603';
const STATUS = framed('S1;A0;C00;M00;P000000000;R000;T0000;;');

function framed(text: string): string {
  const sum = [...text].reduce((total, character) => total + character.charCodeAt(0), 0) & 0xff;
  return Buffer.from(`\u0002${text}${sum.toString(16).toUpperCase().padStart(2, '0')}\u0003\r`)
    .toString('hex')
    .toUpperCase();
}
const host = (atMs: number, hex: string): RecordedEntry => ({ atMs, direction: 'toDevice', hex });
const device = (atMs: number, hex: string): RecordedEntry => ({ atMs, direction: 'fromDevice', hex });

async function played(entries: readonly RecordedEntry[], header: Partial<RecordingHeader> = {}) {
  const recording: Recording = { header: { ...HEADER, ...header }, entries };
  const result = await replay(recording);
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
}

describe('replay', () => {
  it('brings the driver to the states it had, at the instants it had them', async () => {
    const { statuses, host: tally } = await played([
      host(5, ASK),
      device(35, STATUS),
      host(5_040, ASK),
      device(5_060, STATUS),
    ]);
    expect(statuses.map(({ atMs, status }) => `${atMs} ${status.device}`)).toEqual(['0 starting', '30 online']);
    expect(tally).toEqual({ hostEntries: 2, same: 2, firstDifference: undefined });
  });

  it('is the same each time', async () => {
    const entries = [host(5, ASK), device(35, STATUS)];
    expect(await played(entries)).toEqual(await played(entries));
  });

  it('says where the driver of today says something else', async () => {
    const other = '0230313B3B443703';
    const { host: tally } = await played([host(5, other), device(35, STATUS)]);
    expect(tally).toMatchObject({ same: 0, firstDifference: { atMs: 5, recorded: other, written: ASK } });
  });

  it('goes on when the driver does not say what was recorded', async () => {
    const more = Array.from({ length: 40 }, (_, index) => host(100 + index, ASK));
    const { host: tally } = await played([host(5, ASK), device(35, STATUS), ...more]);
    expect(tally.hostEntries).toBe(41);
    expect(tally.same).toBeGreaterThan(1);
  });

  it('a device that fell silent is seen to', async () => {
    const silent = Array.from({ length: 4 }, (_, index) => host(5_000 * (index + 1), ASK));
    const { statuses } = await played([host(5, ASK), device(35, STATUS), ...silent]);
    expect(statuses.map(({ status }) => status.device)).toContain('offline');
  });

  it('refuses what is kept as lengths only', async () => {
    const mute: RecordedEntry = { atMs: 1, direction: 'fromDevice', byteCount: 3 };
    expect(await replay({ header: HEADER, entries: [mute] })).toMatchObject({
      ok: false,
      problem: { code: 'kiosk.badMessage' },
    });
  });
});
