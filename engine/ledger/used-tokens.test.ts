import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { openStore, type Store } from './store.ts';
import { ledgerUsedTokens } from './used-tokens.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'used-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function opened(): Store {
  const store = openStore({ path: join(folder, 'ledger.db') });
  if (!store.ok) throw new Error(store.problem.detail);
  return store.value;
}

it('claims a token once, also after the file was closed and opened again', () => {
  const clock = new SimulatedClock();
  const first = opened();
  const expires = clock.wallMs() + 60_000;
  expect(ledgerUsedTokens(first, clock).claim('nonce-a', expires)).toBe(true);
  expect(ledgerUsedTokens(first, clock).claim('nonce-a', expires)).toBe(false);
  first.close();
  const second = opened();
  expect(ledgerUsedTokens(second, clock).claim('nonce-a', expires)).toBe(false);
  expect(ledgerUsedTokens(second, clock).claim('nonce-b', expires)).toBe(true);
  second.close();
});

it('forgets a claim only long after its token has expired', () => {
  const clock = new SimulatedClock();
  const store = opened();
  const tokens = ledgerUsedTokens(store, clock);
  const rows = () => (store.db.prepare('SELECT COUNT(*) AS count FROM used_token').get() as { count: number }).count;
  tokens.claim('old', clock.wallMs());
  clock.advance(29 * DAY_MS);
  expect(tokens.claim('old', clock.wallMs())).toBe(false);
  clock.advance(2 * DAY_MS);
  tokens.claim('new', clock.wallMs());
  expect(rows()).toBe(1);
  store.close();
});

it('refuses when the claim cannot be written', () => {
  const clock = new SimulatedClock();
  const store = opened();
  const tokens = ledgerUsedTokens(store, clock);
  store.db.pragma('query_only = ON');
  expect(tokens.claim('nonce-a', clock.wallMs() + 1)).toBe(false);
  store.close();
});
