import { describe, expect, it } from 'vitest';
import type { Operation, OperationCommand } from '../../contract/operation.schema.ts';
import { fail, ok } from '../../contract/outcome.schema.ts';
import { createOperations, type OperationActs, type Operations } from './operations.ts';

const NOW_MS = 1_000_000;

function operation(command: OperationCommand, number = 1, expiresAtMs = NOW_MS + 60_000): Operation {
  return { operation: String(number).padStart(24, '0'), expiresAtMs, command };
}

/** A terminal whose disk outlives its program. */
function machine() {
  const disk = new Map<string, unknown>();
  const answers: string[] = [];
  const acts: string[] = [];
  const state = { isIdle: true, isFull: false };
  const can: OperationActs = {
    restartApp: () => void acts.push('restart'),
    resyncChannel: () => void acts.push('resync'),
    selfTest: async (device) => {
      acts.push(`test ${device}`);
      return 'passed';
    },
  };
  const start = (some: OperationActs = can): Operations =>
    createOperations({
      acts: some,
      isIdle: () => state.isIdle,
      memory: {
        put(channel, _version, body) {
          if (state.isFull) return fail('ledger.unsafe');
          disk.set(channel, JSON.parse(JSON.stringify(body)));
          return ok(undefined);
        },
        get: (channel) => (disk.has(channel) ? { body: disk.get(channel) } : undefined),
      },
      audit: (_action, target = '', detail = '') => void answers.push(`${Number(target)} ${detail}`),
    });
  return { start, state, answers, acts };
}

describe('an operation', () => {
  it('is done once and answered once, however often it is told', async () => {
    const { start, answers, acts } = machine();
    const operations = start();
    const told = [operation({ kind: 'selfTest', device: 'printer' }), operation({ kind: 'resyncChannel' }, 2)];
    for (let time = 0; time < 3; time++) await operations.told(told, NOW_MS);
    expect([acts, answers]).toEqual([
      ['test printer', 'resync'],
      ['1 passed', '2 resynced'],
    ]);
    await start().told(told, NOW_MS);
    expect(acts).toHaveLength(2);
  });

  it('that restarts the program does so once, and is answered after the restart', async () => {
    const { start, answers, acts } = machine();
    const told = [operation({ kind: 'restartApp' })];
    const first = start();
    for (let time = 0; time < 2; time++) await first.told(told, NOW_MS);
    expect([acts, answers]).toEqual([['restart'], []]);
    const second = start();
    for (let time = 0; time < 2; time++) await second.told(told, NOW_MS);
    expect([acts, answers]).toEqual([['restart'], ['1 restarted']]);
  });

  it('that a power cut interrupted is not begun again, and says so', async () => {
    const { start, answers, acts } = machine();
    const told = [operation({ kind: 'selfTest', device: 'locker' })];
    const never = new Promise<string>(() => undefined);
    void start({ selfTest: () => never }).told(told, NOW_MS);
    await start().told(told, NOW_MS);
    expect([acts, answers]).toEqual([[], ['1 interrupted']]);
  });

  it('waits while somebody is served, and is not begun after its time', async () => {
    const { start, state, answers, acts } = machine();
    const operations = start();
    const told = [operation({ kind: 'restartApp' })];
    state.isIdle = false;
    await operations.told(told, NOW_MS);
    expect(acts).toEqual([]);
    state.isIdle = true;
    await operations.told(told, NOW_MS + 60_000);
    expect([acts, answers]).toEqual([[], []]);
  });

  it('is not begun when it cannot be written down first', async () => {
    const { start, state, acts } = machine();
    const operations = start();
    state.isFull = true;
    await operations.told([operation({ kind: 'restartApp' })], NOW_MS);
    expect(acts).toEqual([]);
    state.isFull = false;
    await operations.told([operation({ kind: 'restartApp' })], NOW_MS);
    expect(acts).toEqual(['restart']);
  });

  it('that this machine cannot do is answered so', async () => {
    const { start, answers } = machine();
    const commands: OperationCommand[] = [{ kind: 'rotateKey' }, { kind: 'collectLogs', fromMs: 0, toMs: 1 }];
    await start().told(
      commands.map((command, index) => operation(command, index + 1)),
      NOW_MS,
    );
    await start({}).told([operation({ kind: 'restartApp' }, 3)], NOW_MS);
    expect(answers).toEqual(['1 notSupported rotateKey', '2 notSupported collectLogs', '3 notSupported restartApp']);
  });
});
