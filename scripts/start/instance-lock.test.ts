import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemBeganOf, takeLock, type BeganOf } from './instance-lock.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kiosk-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const processes =
  (alive: Record<number, string>): BeganOf =>
  (pid) =>
    alive[pid];

describe('the one-instance lock', () => {
  it('is refused while its process runs, and says where', () => {
    const began = processes({ 10: 'monday', 11: 'tuesday' });
    const first = takeLock(dir, 10, began);
    if (first.ok) first.lock.publish('http://127.0.0.1:1');
    const holder = { pid: 10, began: 'monday', url: 'http://127.0.0.1:1' };
    expect(takeLock(dir, 11, began)).toEqual({ ok: false, holder });
  });

  it('can be taken again after a release', () => {
    const began = processes({ 10: 'monday', 11: 'tuesday' });
    const first = takeLock(dir, 10, began);
    if (first.ok) first.lock.release();
    expect(readdirSync(dir)).toEqual([]);
    expect(takeLock(dir, 11, began).ok).toBe(true);
  });

  it('is taken over when its process has gone', () => {
    takeLock(dir, 10, processes({ 10: 'monday' }));
    expect(takeLock(dir, 11, processes({ 11: 'tuesday' })).ok).toBe(true);
    expect(readdirSync(dir)).toEqual(['start.lock']);
  });

  it('is taken over when another process got the same number', () => {
    takeLock(dir, 10, processes({ 10: 'monday' }));
    expect(takeLock(dir, 11, processes({ 10: 'friday', 11: 'friday' })).ok).toBe(true);
  });

  it('is taken over when its writer died half way', () => {
    for (const half of ['', '{"pid":1', '{"pid":"1"}']) {
      writeFileSync(join(dir, 'start.lock'), half);
      expect(takeLock(dir, 11, processes({ 11: 'tuesday' })).ok).toBe(true);
    }
  });

  it('is not released by one who lost it', () => {
    const first = takeLock(dir, 10, processes({ 10: 'monday' }));
    const began = processes({ 11: 'tuesday' });
    takeLock(dir, 11, began);
    if (first.ok) first.lock.release();
    expect(takeLock(dir, 12, began).ok).toBe(false);
  });

  it('can be read by its owner only', () => {
    takeLock(dir, 10, processes({ 10: 'monday' }));
    expect(statSync(join(dir, 'start.lock')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'start.lock'), 'utf8')).toContain('"pid":10');
  });

  it('knows this process and no process', () => {
    expect(systemBeganOf(process.pid)).toBeDefined();
    expect(systemBeganOf(2 ** 22 + 1)).toBeUndefined();
  });
});
