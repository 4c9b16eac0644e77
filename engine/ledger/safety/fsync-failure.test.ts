import type * as fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { openKeptLedger, type LedgerKeeper } from './ledger-keeper.ts';
import { SafeRig } from './test-support/safe-rig.ts';

const disk = vi.hoisted(() => ({ failing: undefined as 'fdatasync' | 'write' | undefined }));

/** As the system says it: a named call, with an error number. */
function refuse(call: 'fdatasync' | 'write'): void {
  if (disk.failing === call) throw Object.assign(new Error(`EIO: i/o error, ${call}`), { code: 'EIO', syscall: call });
}

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    fdatasyncSync(file: number) {
      refuse('fdatasync');
      real.fdatasyncSync(file);
    },
    writeSync(...args: Parameters<typeof real.writeSync>) {
      refuse('write');
      return real.writeSync(...args);
    },
  };
});

let rig: SafeRig;
let keeper: LedgerKeeper;
afterEach(async () => {
  disk.failing = undefined;
  await rig.until(keeper.stop());
  rig.dispose();
});

it.each([
  ['fdatasync', 'fsync.failed', 'opened again: ledger.unsafe black box: EIO fdatasync'],
  ['write', 'ledger.unsafe', 'opened again: ledger.unsafe black box: EIO write'],
] as const)('a disk that refuses %s is told of as %s, once the file was opened again', async (call, action, detail) => {
  rig = new SafeRig();
  const opened = await rig.until(openKeptLedger({ ...rig.options(), onProblem: () => undefined }));
  if (!opened.ok) throw new Error(opened.problem.code);
  keeper = opened.value;
  keeper.start({ isIdle: () => true, localHour: () => 12, settle: () => Promise.resolve(), onChange: () => undefined });
  disk.failing = call;
  const { trade, echo } = keeper.ledger.newTrade();
  const intent = { step: 'charge.intent', trade, echo, amountCents: 960, service: 'parking' } as const;
  expect(keeper.ledger.append(keeper.ledger.newOperation(), intent, []).ok).toBe(false);
  expect(keeper.closedFor('paid')).toBe('ledger.unsafe');
  disk.failing = undefined;
  for (let passed = 0; passed < 4_000; passed += 500) await rig.clock.run(500);
  expect(keeper.closedFor('paid')).toBeUndefined();
  const told = keeper.ledger.outbox.pending(9, 'audit').records.map(({ event }) => event);
  expect(told).toMatchObject([{ action, detail }]);
});
