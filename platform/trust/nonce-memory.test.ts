import { describe, expect, it } from 'vitest';
import { SIGNATURE_WINDOW_MS } from '../../contract/http-signature.ts';
import { createNonceMemory } from './nonce-memory.ts';

const NOW = Date.UTC(2026, 0, 5);
const BYTES_PER_SLOT = 8;

describe('the memory of requests', () => {
  it('knows each again, and tells those of another key apart', () => {
    const memory = createNonceMemory(7);
    const takeAll = () => Array.from({ length: 50_000 }, (_, n) => memory.take('a', `nonce-${n}`, NOW, NOW));
    expect(new Set(takeAll())).toEqual(new Set(['new']));
    expect(new Set(takeAll())).toEqual(new Set(['seen']));
    expect(memory.take('b', 'nonce-1', NOW, NOW)).toBe('new');
  });

  it('remembers one for as long as its own time lets it pass', () => {
    const memory = createNonceMemory(7);
    const created = NOW + SIGNATURE_WINDOW_MS;
    memory.take('a', 'early', created, NOW);
    for (let minute = 0; minute <= 10; minute += 1) {
      const nowMs = NOW + minute * 60_000;
      expect(memory.take('a', 'early', created, nowMs)).toBe('seen');
      memory.take('a', `other-${minute}`, nowMs, nowMs);
    }
  });

  it('lets go of what would be refused for its age', () => {
    const memory = createNonceMemory(7);
    for (let hour = 0; hour < 48; hour += 1) {
      const nowMs = NOW + hour * 3_600_000;
      for (let n = 0; n < 500; n += 1) memory.take('a', `n-${hour}-${n}`, nowMs, nowMs);
    }
    expect(memory.sizeBytes()).toBeLessThanOrEqual(3 * 1_024 * BYTES_PER_SLOT);
  });

  it('refuses at its bound instead of growing or forgetting', () => {
    const memory = createNonceMemory(7, 4_096);
    const verdicts = Array.from({ length: 4_096 }, (_, n) => memory.take('a', `n-${n}`, NOW, NOW));
    expect(verdicts.filter((verdict) => verdict === 'new')).toHaveLength(2_048);
    expect(verdicts.at(-1)).toBe('full');
    expect(memory.sizeBytes()).toBe(4_096 * BYTES_PER_SLOT);
    expect(memory.take('a', 'later', NOW + SIGNATURE_WINDOW_MS, NOW + SIGNATURE_WINDOW_MS)).toBe('new');
  });
});
