/** A platform in this process with its database in memory, and two terminals that speak to it over real HTTP. */
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { PlatformSummary } from '../ops/summary.ts';
import { signedHeaders, TEST_PLATFORM_KEYS, testTerminal } from '../../tests/support/test-identity.ts';
import { systemChance } from '../../contract/clock.system.ts';
import { startPlatform } from '../platform.ts';

export const TERMINALS = {
  'kiosk-1': await testTerminal('kiosk-1'),
  'kiosk-2': await testTerminal('kiosk-2'),
} as const;
export type TerminalName = keyof typeof TERMINALS;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface TestPlatform {
  readonly url: string;
  readonly clock: SimulatedClock;
  /** POST as a terminal, in its own name. */
  post(terminal: TerminalName, path: string, body?: unknown): Promise<Answer>;
  sendBatch(terminal: TerminalName, batch: unknown): Promise<Answer>;
  ops(path: string, body: unknown): Promise<Answer>;
  summary(): Promise<PlatformSummary>;
  close(): Promise<void>;
}

let newDatabase = async (): Promise<string> => ':memory:';

/** Where the platforms of this test file keep what they know, from now on: an address for each. */
export function keepPlatformsIn(database: () => Promise<string>): void {
  newDatabase = database;
}

/** A database of its own for one test: an address as `startPlatform` takes it. */
export function newTestDatabase(): Promise<string> {
  return newDatabase();
}

export async function startTestPlatform(
  databasePath?: string,
  listed: readonly TerminalName[] = ['kiosk-1', 'kiosk-2'],
): Promise<TestPlatform> {
  const clock = new SimulatedClock();
  const platform = await startPlatform({
    databasePath: databasePath ?? (await newDatabase()),
    host: '127.0.0.1',
    port: 0,
    clock,
    chance: systemChance,
    keys: TEST_PLATFORM_KEYS,
    terminals: listed.map((id) => TERMINALS[id].enrolled),
  });
  async function post(terminal: TerminalName, rest: string, body: unknown = {}): Promise<Answer> {
    const path = `/v1/terminals/${terminal}/${rest}`;
    const request = { path, body: JSON.stringify(body) };
    const headers = await signedHeaders(TERMINALS[terminal].identity, request, { nowMs: clock.wallMs() });
    return send(`${platform.url}${path}`, body, headers);
  }
  return {
    url: platform.url,
    clock,
    post,
    sendBatch: (terminal, batch) => post(terminal, 'streams/ledger/batches', batch),
    ops: (path, body) => send(`${platform.url}/v1/ops/${path}`, body, {}),
    summary: async () => (await (await fetch(`${platform.url}/v1/ops/summary`)).json()) as PlatformSummary,
    close: () => platform.close(),
  };
}

async function send(url: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
