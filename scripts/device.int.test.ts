/** The command as a technician starts it: a process of its own, against simulated devices on real sockets. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { systemChance, systemClock } from '../contract/clock.system.ts';

import { startStation, type Station } from '../station/station.ts';

const ROOT = resolve(import.meta.dirname, '..');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function device(...args: readonly string[]): Promise<Ended> {
  return new Promise((end) => {
    const child = spawn(process.execPath, ['scripts/device.ts', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('close', (code) => end({ code, out, err }));
  });
}

const json = ({ out }: Ended): unknown => JSON.parse(out);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-device-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('decode and encode', () => {
  it('gives the meaning as JSON, and the bytes back', async () => {
    const decoded = await device('decode', 'bp-omron-hid', '474D450000000303');
    expect(decoded.code).toBe(0);
    expect(json(decoded)).toMatchObject({ command: 'reading', index: 3 });
    const encoded = await device('encode', 'bp-omron-hid', decoded.out);
    expect(encoded).toMatchObject({ code: 0, out: '474D450000000303\n' });
  });

  it.each([
    ['a damaged frame', ['bp-omron-hid', '474D450000000302'], 'device.garbage', 'KP-2004'],
    ['half a byte', ['bp-omron-hid', '474D4'], 'kiosk.badMessage', 'KP-1007'],
    ['no hex', ['bp-omron-hid', 'hello'], 'kiosk.badMessage', 'KP-1007'],
    ['an unknown protocol', ['teapot', '00'], 'kiosk.badMessage', 'KP-1007'],
  ])('%s is a typed problem and exit 1', async (_name, args, code, number) => {
    const ended = await device('decode', ...args);
    expect(ended.code).toBe(1);
    expect(json(ended)).toEqual({ problem: { code, number, detail: expect.any(String) as unknown } });
  });

  it('reads a whole list, one line a frame, and no bad entry ends it', async () => {
    const file = join(folder, 'frames.json');
    const good = { device: 'ble-weight', name: 'w', direction: 'device->host', hex: '00C832', meaning: '65 kg' };
    writeFileSync(
      file,
      JSON.stringify([good, { ...good, hex: '00C8' }, null, 7, { ...good, device: 'teapot' }, { hex: 1 }, good]),
    );
    const ended = await device('decode', '--batch', file);
    expect(ended.code).toBe(0);
    const lines = ended.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { ok: boolean; device: unknown });
    expect(lines.map(({ ok }) => ok)).toEqual([true, false, false, false, false, false, true]);
    expect(lines[0]).toEqual({
      device: 'ble-weight',
      name: 'w',
      ok: true,
      meaning: { kind: 'weight', weightUnit: 'kg', weight: 65 },
    });
    expect(lines[2]).toMatchObject({ device: null, name: null, problem: { code: 'kiosk.badMessage' } });
  });

  it('reads the frames of a file that names its device once', async () => {
    const ended = await device('decode', '--batch', join(ROOT, 'drivers/testing/frames/ble-bp.json'));
    expect(ended.out.trim().split('\n')).toHaveLength(4);
    expect(ended.out).not.toContain('"ok":false');
  });

  it('says so when the list itself cannot be read', async () => {
    expect(await device('decode', '--batch', join(folder, 'nothing.json'))).toMatchObject({ code: 1 });
  });

  it('a wrong command line is exit 64 with the usage on stderr, and nothing on stdout', async () => {
    const ended = await device('dance');
    expect(ended).toMatchObject({ code: 64, out: '' });
    expect(ended.err).toContain('usage: npm run device');
  });
});

describe('on a station', () => {
  let station: Station;
  let site = '';
  const linkOf = (id: string): string => `tcp:${station.devices.find((one) => one.id === id)?.address ?? ''}`;

  beforeAll(async () => {
    station = await startStation({
      controlPort: 0,
      clock: systemClock,
      chance: systemChance,
      devices: [
        { id: 'receipt-1', class: 'receipt-printer', model: 'epson-tm-t88', listen: { kind: 'tcp', port: 0 } },
        { id: 'spo2-1', class: 'health', model: 'cms50-5byte', listen: { kind: 'tcp', port: 0 } },
      ],
    });
    site = join(folder, 'site.yaml');
    writeFileSync(site, stringify(siteWith(station)));
  });
  afterAll(() => station.close());

  it('lists the devices of a site file, their links, all models and all protocols', async () => {
    const ended = await device('list', '--site', site, '--json');
    expect(ended.code).toBe(0);
    const told = json(ended) as { devices: { id: string; link: string }[]; protocols: { key: string }[] };
    expect(told.devices.map(({ id, link }) => `${id} ${link}`)).toEqual([
      `receipt-1 ${linkOf('receipt-1')}`,
      `spo2-1 ${linkOf('spo2-1')}`,
    ]);
    expect(told.protocols.map(({ key }) => key)).toContain('spo2-cms50-5byte');
    expect((await device('list')).out).toContain('The devices of demo-village:');
  });

  it('status: a table, exit 0 when all are online', async () => {
    const ended = await device('status', '--site', site);
    expect(ended.code, ended.out + ended.err).toBe(0);
    expect(ended.out).toMatch(/receipt-1 +epson-tm-t88 +tcp:\S+ +online +full/);
    expect(ended.out).toMatch(/spo2-1 .* online +- +notPresent/);
  });

  it('status of one that is not there: exit 1, its number, and what to do', async () => {
    const args = [
      '--class',
      'receipt-printer',
      '--model',
      'epson-tm-t88',
      '--link',
      'tcp:127.0.0.1:1',
      '--wait',
      '0.3',
    ];
    const ended = await device('status', ...args);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('KP-2001 device.absent');
    const told = json(await device('status', ...args, '--json'));
    expect(told).toMatchObject({ devices: [{ device: 'offline', problem: { number: 'KP-2001' } }] });
  });

  it('self-test: what the driver finds, exit 0; a device that is no such device: exit 1', async () => {
    const well = await device('self-test', 'spo2-1', '--site', site, '--json');
    expect(well.code, well.out).toBe(0);
    expect(json(well)).toMatchObject({ device: 'spo2-1', state: 'online', passed: true });
    const oximeterModel = ['--class', 'health', '--model', 'cms50-5byte'];
    const wrong = await device('self-test', ...oximeterModel, '--link', linkOf('receipt-1'), '--wait', '0.5');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/fail +answer/);
  });

  it('records, tells what passed, and plays it back with the same end', async () => {
    const file = join(folder, 'receipt.jsonl');
    const recorded = await device('record', 'receipt-1', '--site', site, '--seconds', '1', '--out', file);
    expect(recorded.code, recorded.out + recorded.err).toBe(0);
    const [header] = readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ version: 1, bytes: 'masked', keys: ['printer-escpos'] });
    const replayed = await device('replay', file, '--json');
    expect(replayed.code, replayed.out + replayed.err).toBe(0);
    expect(json(replayed)).toMatchObject({ same: true });
    const statuses = (json(replayed) as { statuses: { status: { device: string } }[] }).statuses;
    expect(statuses.at(-1)?.status).toMatchObject({ device: 'online', paper: 'full' });
    expect((await device('replay', file, '--decode')).out).toContain('printer-escpos');
  });

  it('a recording of a finger holds neither its pulse nor its oxygen', async () => {
    const finger = await fetch(`${station.page}api/spo2-1/put-finger`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pulseBpm: 72, spo2Percent: 98 }),
    });
    expect(finger.status).toBe(200);
    const file = join(folder, 'finger.jsonl');
    const recorded = await device('record', 'spo2-1', '--site', site, '--seconds', '3', '--out', file);
    expect(recorded.code, recorded.out + recorded.err).toBe(0);
    const kept = await device('replay', file, '--decode', '--json');
    expect(kept.out).toContain('oximeterPacket');
    expect(kept.out).not.toMatch(/"(pulseBpm|spo2Percent)":\d/);
  });

  it('refuses to keep plain bytes of a protocol that may carry personal ones', async () => {
    const args = ['--site', site, '--seconds', '1', '--out', join(folder, 'plain.jsonl'), '--plain'];
    expect(await device('record', 'spo2-1', ...args)).toMatchObject({ code: 2 });
  });

  it('a device the site does not have, a site that is not there: exit 2, by name', async () => {
    const unknown = await device('self-test', 'moon-1', '--site', site);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('receipt-1, spo2-1');
    expect(await device('list', '--site', join(folder, 'none.yaml'))).toMatchObject({ code: 2 });
  });

  /** The demonstration site with these devices in place of its own. */
  function siteWith({ devices }: Station): object {
    const { simulation: _own, ...rest } = parse(
      readFileSync(join(ROOT, 'kiosk-config/sites/demo-village.yaml'), 'utf8'),
    ) as { simulation: unknown };
    const named = devices.map(({ id, class: deviceClass, model, port }) => ({
      id,
      class: deviceClass,
      model,
      link: { kind: 'tcp', host: '127.0.0.1', port },
    }));
    return { ...rest, devices: named };
  }
});
