/** What a rehearsal waits for and looks at, on the platform and on the glass. */
import { pause } from '../../contract/clock.ts';
import { systemClock } from '../../contract/clock.system.ts';
import type { View } from '../../contract/view.schema.ts';
import type { RunningEngine } from './processes.ts';

const LOOK_MS = 100;
const PATIENCE_MS = 60_000;

/** The part of `GET /v1/ops/summary` that rehearsals judge by. */
export interface PlatformSummary {
  readonly terminals: readonly { readonly terminal: string; readonly online: boolean; readonly records: number }[];
  readonly totals: Readonly<Record<'records' | 'parked' | 'quarantined' | 'payments' | 'tickets', number>>;
  readonly payments: readonly {
    readonly terminal: string;
    readonly trade: string;
    readonly amount_cents: number;
    readonly state: 'paid' | 'cancelled' | 'reversed';
    readonly grace: 'open' | 'closed' | null;
  }[];
  readonly tickets: readonly {
    readonly terminal: string;
    readonly operation: string;
    readonly queue: string;
    readonly day: string;
    readonly number: string;
    readonly offline: number;
  }[];
  readonly cases: readonly {
    readonly terminal: string;
    readonly code: string;
    readonly operation: string;
    readonly reason: string;
    readonly state: string;
  }[];
  readonly prints: readonly {
    readonly terminal: string;
    readonly job: string;
    readonly template: string;
    readonly state: 'printed' | 'notPrinted';
  }[];
  readonly blocks: readonly {
    readonly terminal: string;
    readonly queue: string;
    readonly prefix: string;
    readonly first: number;
    readonly last: number;
  }[];
}

export async function platformSummary(platformUrl: string): Promise<PlatformSummary> {
  const response = await fetch(`${platformUrl}/v1/ops/summary`);
  return (await response.json()) as PlatformSummary;
}

export function cutLine(platformUrl: string, cut: boolean): Promise<void> {
  return tellPlatform(platformUrl, 'line', { cut });
}

/** A car comes in, so that there is something to pay. */
export function carArrives(platformUrl: string, plate: string, parkedMinutes: number): Promise<void> {
  return tellPlatform(platformUrl, 'parking/arrivals', { plate, place: 'dafushan-north', parkedMinutes });
}

export async function viewOf(engine: RunningEngine): Promise<View> {
  const view = await engine.client.call('view', {});
  if (!view.ok) throw new Error(`the engine does not answer: ${view.problem.code} ${engine.stderr()}`);
  return view.value as View;
}

/** The engine has met the platform, and every service can be started. */
export async function isOpen(engine: RunningEngine): Promise<boolean> {
  const { screen, frame } = await viewOf(engine);
  const isFree = screen.kind === 'attract' && screen.quick.every((choice) => choice.unavailable === undefined);
  return isFree && frame.network.state === 'online';
}

/** Looks until it is so; rejects naming `what` when it never is. */
export async function until(what: string, isSo: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const lastMs = systemClock.now() + patienceMs;
  while (!(await isSo())) {
    if (systemClock.now() > lastMs) throw new Error(`${what}: not within ${patienceMs / 1_000} s`);
    await rest(LOOK_MS);
  }
}

export function rest(ms: number): Promise<void> {
  return pause(systemClock, ms);
}

async function tellPlatform(platformUrl: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${platformUrl}/v1/ops/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the platform refused ${path}: ${await response.text()}`);
}
