/**
 * Serial devices against the line itself: the turnaround of a short frame against a bare C program on the same pair of
 * pseudo terminals, and a whole ID-card read against the time its bytes need at 115200 baud.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../contract/clock.ts';
import { systemClock } from '../../contract/clock.system.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { serialLink } from '../../drivers/link/serial.link.ts';
import { openDriver } from '../../drivers/open-driver.ts';
import type { AnyDriver } from '../../drivers/opener.ts';
import { openPtyPair } from '../../tests/support/pty-pair.ts';
import { compared, type Figure } from '../report.ts';
import { median, quantile, rounded } from '../stats.ts';

const BAUD = 115_200;
const BITS_A_BYTE = 10;
const ROUNDS = 5;
const ASKS_A_ROUND = 400;
const READS = 12;
/** The first questions to the module are over by then. */
const SETTLE_MS = 400;

/** device-protocols 1.4, 1.12, 1.13. */
const STATUS = { question: 'AAAAAA9669000311FFED', answer: 'AAAAAA9669000400009094' };
const FIND = { question: 'AAAAAA96690003200122', answer: 'AAAAAA9669000800009F0000000097' };
/** The reader that finds a lying card again is asked this between two readings: is it still there? */
const ADDRESS = { question: 'AAAAAA96690003300330', answer: 'AAAAAA9669000400009195' };
const SELECT = { question: 'AAAAAA96690003200221', answer: 'AAAAAA9669000C00009000000000000000009C' };

interface Exchange {
  readonly question: string;
  readonly answer: string;
}

function cardRead(): Exchange {
  const file = new URL('../../drivers/testing/frames/idcard-sam.json', import.meta.url);
  const { frames } = JSON.parse(readFileSync(file, 'utf8')) as { frames: { name: string; hex: string }[] };
  const answer = frames.find(({ name }) => name === 'rsp-read-base-citizen')?.hex;
  if (answer === undefined) throw new Error('the worked frame of a citizen card is gone');
  return { question: 'AAAAAA96690003300132', answer };
}

/** Needs gcc and socat; says which one is missing instead of measuring. */
export async function measureSerial(directory: string): Promise<readonly Figure[]> {
  const peer = join(directory, 'serial-peer');
  execFileSync('gcc', ['-O2', '-o', peer, join(import.meta.dirname, 'serial-peer.c')]);
  const table = join(directory, 'serial-table.txt');
  const exchanges = [STATUS, FIND, SELECT, ADDRESS, cardRead()];
  writeFileSync(table, exchanges.map(({ question, answer }) => `${question} ${answer}\n`).join(''));
  return [await turnaround(peer, table), await idCard(peer, table)];
}

async function turnaround(peer: string, table: string): Promise<Figure> {
  const pair = await openPtyPair();
  const responder = await respond([peer, 'respond', pair.device, table]);
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      floor.push(...askBare(peer, pair.host));
      ours.push(...(await askOurs(pair.host)));
    }
  } finally {
    responder.kill();
    await pair.end();
  }
  const ratio = median(ours) / median(floor);
  return {
    name: 'serial: 10 B asked, 11 B answered, p50 / p99',
    ours: `${rounded(median(ours) * 1_000, 0)} / ${rounded(quantile(ours, 0.99) * 1_000, 0)} µs`,
    floor: `${rounded(median(floor) * 1_000, 0)} / ${rounded(quantile(floor, 0.99) * 1_000, 0)} µs (C)`,
    ratio: Number(ratio.toFixed(2)),
  };
}

/** Milliseconds of each round trip. */
function askBare(peer: string, path: string): readonly number[] {
  const bytes = String(STATUS.answer.length / 2);
  const out = execFileSync(peer, ['ask', path, String(ASKS_A_ROUND), STATUS.question, bytes], { encoding: 'utf8' });
  return out
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1e6);
}

async function askOurs(path: string): Promise<readonly number[]> {
  const link = serialLink({ path, baudRate: BAUD }, systemClock);
  const question = Uint8Array.from(Buffer.from(STATUS.question, 'hex'));
  const wanted = STATUS.answer.length / 2;
  const opened = new Promise<void>((resolve) => {
    link.onState((state) => state === 'open' && resolve());
  });
  link.open();
  await opened;
  const tripsMs: number[] = [];
  for (let ask = 0; ask < ASKS_A_ROUND; ask += 1) {
    const began = performance.now();
    await new Promise<void>((resolve) => {
      let have = 0;
      const stop = link.onData((chunk) => {
        have += chunk.length;
        if (have < wanted) return;
        stop();
        resolve();
      });
      link.write(question);
    });
    tripsMs.push(performance.now() - began);
  }
  await link.close();
  return tripsMs;
}

async function idCard(peer: string, table: string): Promise<Figure> {
  const pair = await openPtyPair();
  const responder = await respond([peer, 'respond', pair.device, table, String(BAUD)]);
  const readsMs: number[] = [];
  try {
    for (let read = 0; read < READS; read += 1) readsMs.push(await readOnce(pair.host));
  } finally {
    responder.kill();
    await pair.end();
  }
  const bytes = [FIND, SELECT, cardRead()].reduce(
    (sum, { question, answer }) => sum + (question.length + answer.length) / 2,
    0,
  );
  const lineMs = (bytes * BITS_A_BYTE * 1_000) / BAUD;
  return compared({
    name: `ID card: find, select, read (${bytes} B), p50 / slowest of ${READS}`,
    ours: `${median(readsMs).toFixed(1)} / ${Math.max(...readsMs).toFixed(1)} ms`,
    floor: `${lineMs.toFixed(1)} ms (the line at ${BAUD} baud)`,
    ratio: median(readsMs) / lineMs,
    aim: '<= 1.02',
  });
}

/** Milliseconds from the command to the document; by a driver that has seen no card before, as for each new person. */
async function readOnce(path: string): Promise<number> {
  const driver = openReader({ kind: 'serial', path, baudRate: BAUD });
  try {
    await untilOnline(driver);
    await pause(systemClock, SETTLE_MS);
    return await timeRead(driver);
  } finally {
    await driver.close();
  }
}

async function timeRead(driver: AnyDriver): Promise<number> {
  const began = performance.now();
  const limits = { deadline: systemClock.now() + 10_000, signal: new AbortController().signal };
  const outcome = await driver.execute({ kind: 'read', fingerprints: false, appendedAddress: false }, limits);
  if (outcome.kind !== 'done') throw new Error(`the card was not read: ${JSON.stringify(outcome.problem)}`);
  return performance.now() - began;
}

function openReader(link: DeviceConfig['link']): AnyDriver {
  const config: DeviceConfig = { id: 'id-1', class: 'id-card-reader', model: 'sam-v', link };
  const opened = openDriver(config, { clock: systemClock, cardProfiles: [] });
  if (!opened.ok) throw new Error(opened.problem.detail ?? opened.problem.code);
  return opened.value;
}

function untilOnline(driver: AnyDriver): Promise<void> {
  return new Promise((resolve) => {
    const stop = driver.subscribe(({ device }) => {
      if (device !== 'online') return;
      stop();
      resolve();
    });
    if (driver.status().device === 'online') resolve();
  });
}

async function respond([program = '', ...args]: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
