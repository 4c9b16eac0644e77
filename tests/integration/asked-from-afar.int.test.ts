/** What staff ask of a terminal on the platform's page: told, done once, answered, on real processes and a real line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationCommand } from '../../contract/operation.schema.ts';
import { until } from '../../scripts/journey/watching.ts';
import { startRig, type Rig, type Terminal } from '../support/kiosk-rig.ts';

const BY = 'staff-0417';

let rig: Rig;
let terminal: Terminal;
beforeAll(async () => {
  rig = await startRig();
  const [only] = rig.terminals;
  if (!only) throw new Error('a rig has a terminal');
  terminal = only;
});
afterAll(() => rig.close());

async function ask(command: OperationCommand): Promise<void> {
  const response = await fetch(`${rig.platformUrl}/v1/ops/terminals/${terminal.name}/operations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ by: BY, command, expiresInMinutes: 60 }),
  });
  expect(response.status).toBe(200);
}

/** As often as the terminal's page shows each answer. */
async function answers(): Promise<Readonly<Record<string, number>>> {
  const page = await (await fetch(`${rig.platformUrl}/terminals/${terminal.name}`)).text();
  const count = (words: string): number => page.split(`<td>${words}`).length - 1;
  return Object.fromEntries(
    ['resynced', 'rotated', 'notSupported selfTest', 'restarted'].map((one) => [one, count(one)]),
  );
}

function untilAnswered(words: string): Promise<void> {
  return until(words, async () => (await answers())[words] === 1);
}

describe('a terminal that is asked from afar', () => {
  it('does what it can, says what it cannot, and speaks on under the key it was told to take', async () => {
    await ask({ kind: 'resyncChannel' });
    await ask({ kind: 'rotateKey' });
    await ask({ kind: 'selfTest', device: 'receipt-1' });
    await terminal.open();
    await untilAnswered('resynced');
    await untilAnswered('rotated');
    await untilAnswered('notSupported selfTest');
  });

  it('ends its program when asked to, and answers once it is there again', async () => {
    await terminal.stop();
    await ask({ kind: 'restartApp' });
    // it may be told before anybody could see it open
    expect(await terminal.start().ended).toBe('0');
    expect((await answers())['restarted']).toBe(0);
    await terminal.open();
    await untilAnswered('restarted');
    expect(await answers()).toEqual({ resynced: 1, rotated: 1, 'notSupported selfTest': 1, restarted: 1 });
  });
});
