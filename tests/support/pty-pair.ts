/** Two serial devices joined back to back, made by socat. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PtyPair {
  /** For the simulated device. */
  readonly device: string;
  /** For the kiosk. */
  readonly host: string;
  end(): Promise<void>;
}

export async function openPtyPair(): Promise<PtyPair> {
  const folder = mkdtempSync(join(tmpdir(), 'pty-'));
  const [device, host] = [join(folder, 'device'), join(folder, 'host')];
  const pair = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${host}`]);
  const ended = once(pair, 'exit');
  const failed = ended.then(() => Promise.reject(new Error(`socat ended: ${log}`)));
  failed.catch(() => undefined); // after it was ready nobody waits for this
  let log = '';
  // stderr stays open: socat would die of the next word it cannot say
  while (!log.includes('starting data transfer'))
    log += String((await Promise.race([once(pair.stderr, 'data'), failed]))[0]);
  return {
    device,
    host,
    async end() {
      pair.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
