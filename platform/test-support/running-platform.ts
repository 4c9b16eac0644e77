/** A platform in this process with its database in memory, and two terminals that speak to it over real HTTP. */
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { PlatformSummary } from '../ops/summary.ts';
import { startPlatform } from '../platform.ts';

export const TOKENS = { 'kiosk-1': 'token-of-the-first-one', 'kiosk-2': 'token-of-the-second-one' } as const;
export type TerminalName = keyof typeof TOKENS;

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

export async function startTestPlatform(
  databasePath = ':memory:',
  listed: readonly TerminalName[] = ['kiosk-1', 'kiosk-2'],
): Promise<TestPlatform> {
  const clock = new SimulatedClock();
  const platform = await startPlatform({
    databasePath,
    host: '127.0.0.1',
    port: 0,
    clock,
    terminals: listed.map((id) => ({ id, token: TOKENS[id] })),
  });
  const post = (terminal: TerminalName, path: string, body: unknown = {}): Promise<Answer> =>
    send(`${platform.url}/v1/terminals/${terminal}/${path}`, body, {
      authorization: `Kiosk ${terminal}:${TOKENS[terminal]}`,
    });
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
