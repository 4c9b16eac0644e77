import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ScanPurpose, ScanRejected, ScanToken } from '../../contract/scan-token.schema.ts';
import { hostileCodes, nonceOf, signed } from './hostile-codes.test-support.ts';
import { createScanCheck, type ScanCheckOptions } from './scan-check.ts';
import { rememberTokens } from './used-tokens.ts';

const PLATFORM = generateKeyPairSync('ed25519');
const NEXT = generateKeyPairSync('ed25519');
const STRANGER = generateKeyPairSync('ed25519');
const NOW_MS = Date.UTC(2026, 0, 5);
const GOOD: ScanToken = {
  purpose: 'pick-up',
  audience: 'station-1',
  expires: NOW_MS + 60_000,
  nonce: nonceOf(0),
  subject: 'case-1',
};

function checker(options: Partial<ScanCheckOptions> = {}) {
  const rejected: ScanRejected[] = [];
  const clock = { wallMs: () => NOW_MS, isTrusted: () => true };
  const check = createScanCheck({
    keys: [PLATFORM.publicKey, NEXT.publicKey],
    audiences: ['terminal-1', 'station-1'],
    clock,
    used: rememberTokens(clock),
    hashKey: Buffer.from('a key of this run'),
    onRejected: (record) => rejected.push(record),
    ...options,
  });
  const accept = (code: string | Uint8Array, purpose: ScanPurpose = 'pick-up') =>
    check.accept(Buffer.from(code), purpose);
  return { accept, rejected };
}

const REJECTED = { ok: false, problem: { code: 'scan.rejected' } };

describe('a good code', () => {
  it('is accepted once, for this terminal or its station, by either pinned key', () => {
    const { accept, rejected } = checker();
    const code = signed(GOOD, PLATFORM.privateKey);
    expect(accept(code)).toEqual({ ok: true, value: GOOD });
    expect(accept(code)).toEqual(REJECTED);
    expect(rejected).toMatchObject([{ class: 'used' }]);
    const other = { ...GOOD, audience: 'terminal-1', nonce: nonceOf(1) };
    expect(accept(signed(other, NEXT.privateKey))).toEqual({ ok: true, value: other });
  });

  it('with the longest fields fits into 512 bytes', () => {
    const longest = { ...GOOD, purpose: 'appointment', audience: 'a'.repeat(40), subject: 's'.repeat(64) } as const;
    const code = signed(longest, PLATFORM.privateKey);
    expect(code.length).toBeLessThanOrEqual(512);
    expect(checker({ audiences: ['a'.repeat(40)] }).accept(code, 'appointment').ok).toBe(true);
  });

  it('is not used up by a try at the wrong place, the wrong screen or the wrong time', () => {
    let isTrusted = false;
    const clock = { wallMs: () => NOW_MS, isTrusted: () => isTrusted };
    const used = rememberTokens(clock);
    const code = signed(GOOD, PLATFORM.privateKey);
    expect(checker({ used, audiences: ['station-2'] }).accept(code)).toEqual(REJECTED);
    expect(checker({ used }).accept(code, 'resume')).toEqual(REJECTED);
    expect(checker({ used, clock }).accept(code).ok).toBe(false);
    isTrusted = true;
    expect(checker({ used, clock }).accept(code).ok).toBe(true);
  });

  it('is refused by its own name while the clock is not verified', () => {
    const { accept, rejected } = checker({ clock: { wallMs: () => NOW_MS, isTrusted: () => false } });
    expect(accept(signed(GOOD, PLATFORM.privateKey))).toEqual({
      ok: false,
      problem: { code: 'scan.rejected', detail: 'clock not verified' },
    });
    expect(rejected).toMatchObject([{ class: 'clockUntrusted' }]);
    expect(accept('nonsense')).toEqual(REJECTED);
  });

  it('is not accepted by a terminal without keys, or with a key of another kind', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const keys of [[], [rsa.publicKey]]) {
      expect(checker({ keys }).accept(signed(GOOD, PLATFORM.privateKey))).toEqual(REJECTED);
    }
  });
});

describe('500 hostile codes', () => {
  const codes = hostileCodes({ key: PLATFORM.privateKey, strangerKey: STRANGER.privateKey, good: GOOD, nowMs: NOW_MS });

  it('are 500, and no two are the same', () => {
    expect(codes).toHaveLength(500);
    expect(new Set(codes.map(({ code }) => Buffer.from(code).toString('hex'))).size).toBeGreaterThan(490);
  });

  it('get one neutral problem each, and a record without a byte of them', () => {
    const { accept, rejected } = checker();
    for (const { name, code, refusedAs } of codes) {
      expect(accept(code), name).toEqual(REJECTED);
      const record = rejected.at(-1);
      expect(refusedAs, name).toContain(record?.class);
      expect(Object.keys(record ?? {}).toSorted(), name).toEqual(['class', 'hash8', 'length']);
      expect(record?.length, name).toBe(code.length);
      expect(record?.hash8, name).toMatch(/^[0-9a-f]{8}$/);
    }
    expect(rejected).toHaveLength(500);
  });

  it('claim nothing: the good code still works after all of them', () => {
    const { accept } = checker();
    for (const { code } of codes) expect(accept(code).ok).toBe(false);
    expect(accept(signed(GOOD, PLATFORM.privateKey)).ok).toBe(true);
  });

  it('are told apart in the log by a hash that another run does not share', () => {
    const [one, two] = [checker(), checker({ hashKey: Buffer.from('a key of the next run') })];
    for (const { accept } of [one, two])
      for (const code of ['6200000000000000005', '6200000000000000005']) void accept(code);
    expect(one.rejected[0]?.hash8).toBe(one.rejected[1]?.hash8);
    expect(one.rejected[0]?.hash8).not.toBe(two.rejected[0]?.hash8);
  });
});

describe('anything at all', () => {
  const good = signed({ ...GOOD, nonce: nonceOf(9) }, PLATFORM.privateKey);
  const mangled = fc
    .tuple(
      fc.array(fc.tuple(fc.nat(good.length), fc.string({ maxLength: 3 }), fc.nat(3)), { minLength: 1, maxLength: 4 }),
    )
    .map(([edits]) => edits.reduce((code, [at, put, drop]) => code.slice(0, at) + put + code.slice(at + drop), good));

  it('is rejected without an exception', () => {
    const { accept } = checker();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 700 }),
          mangled.map((text) => Buffer.from(text)),
        ),
        (code) => {
          fc.pre(Buffer.from(code).toString('latin1') !== good);
          expect(accept(code)).toEqual(REJECTED);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('that was signed but is no token is rejected, too', () => {
    const { accept } = checker();
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 2 }), fc.string({ maxLength: 200 })), (payload) => {
        expect(accept(signed(payload, PLATFORM.privateKey))).toEqual(REJECTED);
      }),
      { numRuns: 300 },
    );
  });
});

describe('used tokens in memory', () => {
  it('are claimed by one caller, remembered to their end, and a full memory accepts nothing new', () => {
    let nowMs = 0;
    const used = rememberTokens({ wallMs: () => nowMs }, 2);
    expect([used.claim('a', 10), used.claim('a', 10), used.claim('b', 20)]).toEqual([true, false, true]);
    expect(used.claim('c', 30)).toBe(false);
    nowMs = 10;
    expect(used.claim('c', 30)).toBe(true);
    expect(used.claim('b', 20)).toBe(false);
  });
});
