import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { EscposSimulator } from '../receipt-printer/simulator/escpos.simulator.ts';
import { serveSerial } from './serve-serial.ts';

it('speaks over a pseudo-terminal pair', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pty-'));
  const [device, host] = [join(folder, 'device'), join(folder, 'host')];
  const pair = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${host}`]);
  try {
    let log = '';
    while (!log.includes('starting data transfer')) log += String((await once(pair.stderr, 'data'))[0]);
    const clock = new SimulatedClock();
    const chance = { bytes: (length: number) => new Uint8Array(length) };
    const simulator = new EscposSimulator({ model: 'epson-tm-t88', clock, chance });
    const served = await serveSerial(simulator, device);
    const port = new SerialPort({ path: host, baudRate: 115_200 });
    await once(port, 'open');
    port.write(Buffer.from('1B401B3D01100401', 'hex'));
    const [answer] = (await once(port, 'data')) as [Buffer];
    expect(answer.toString('hex')).toBe('16');
    port.close();
    await once(port, 'close');
    await served.close();
    expect(simulator.state.connected).toBe(false);
  } finally {
    pair.kill();
    rmSync(folder, { recursive: true });
  }
});
