import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance as chance } from '../../contract/clock.system.ts';
import type { TerminalEvent } from '../../contract/terminal-event.schema.ts';
import { sealPersonal } from '../../engine/trust/sealing.ts';
import { TEST_PLATFORM_KEYS } from '../../tests/support/test-identity.ts';
import { openPlatform } from '../platform.ts';
import { AT, batchOf, bodyOf, recordsOf, type Records } from '../test-support/ledger.ts';
import { startTestPlatform, TERMINALS, type TestPlatform } from '../test-support/running-platform.ts';

const CONTENT = { reason: 'synthetic' };
const FORM = 'terminals/kiosk-1/forms/op-1';
const CLERK = { by: 'w1', why: 'application 17' };

let platform: TestPlatform;
beforeEach(async () => {
  platform = await startTestPlatform();
  const { record, sealed } = await formRecord();
  const sent = await platform.sendBatch('kiosk-1', { ...batchOf([record]), records: [{ ...record, sealed }] });
  expect(sent.status).toBe(200);
});
afterEach(() => platform.close());

async function formRecord(): Promise<{ readonly record: Records[number]; readonly sealed: string }> {
  const { provider, platform: keys } = TERMINALS['kiosk-1'].identity;
  const { commitment, sealed } = await sealPersonal({ provider, chance, key: keys.agreement }, CONTENT);
  const what = { operation: 'op-1', service: 'subsidy', form: 'application', formVersion: '3', personal: commitment };
  const [record] = recordsOf([{ type: 'FormSubmitted', at: AT, ...what } as TerminalEvent]);
  if (!record) throw new Error('one event is one record');
  return { record, sealed };
}

const accesses = async (): Promise<unknown> => (await fetch(`${platform.url}/v1/ops/${FORM}/access`)).json();

describe('a form', () => {
  it.each<[string, unknown]>([
    ['nobody', {}],
    ['somebody without a name', { why: 'application 17' }],
    ['somebody whose name is blank', { by: ' ', why: 'application 17' }],
    ['somebody without a reason', { by: 'w1' }],
    ['somebody whose reason is empty', { by: 'w1', why: '' }],
  ])('is neither opened nor erased for %s', async (_who, body) => {
    for (const act of ['open', 'erase']) expect((await platform.ops(`${FORM}/${act}`, body)).status).toBe(422);
    expect(await accesses()).toEqual([]);
    expect((await platform.ops(`${FORM}/open`, CLERK)).body).toEqual({ content: CONTENT });
  });

  it('tells who looked into it, when and why, each time, also after it is erased', async () => {
    const atMs = platform.clock.wallMs();
    expect((await platform.ops(`${FORM}/open`, CLERK)).body).toEqual({ content: CONTENT });
    platform.clock.advance(1_000);
    expect((await platform.ops(`${FORM}/open`, { by: '陈二', why: 'a complaint' })).status).toBe(200);
    expect((await platform.ops(`${FORM}/erase`, CLERK)).body).toEqual({ erased: true });
    expect((await platform.ops(`${FORM}/open`, CLERK)).status).toBe(410);
    expect(await accesses()).toEqual([
      { ...CLERK, act: 'open', atMs },
      { by: '陈二', why: 'a complaint', act: 'open', atMs: atMs + 1_000 },
      { ...CLERK, act: 'erase', atMs: atMs + 1_000 },
      { ...CLERK, act: 'open', atMs: atMs + 1_000 },
    ]);
  });

  it('counts two who open it at the same moment as two', async () => {
    const names = ['w1', 'w2', 'w3', 'w4'];
    const answers = await Promise.all(names.map((by) => platform.ops(`${FORM}/open`, { ...CLERK, by })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const told = (await accesses()) as readonly { readonly by: string }[];
    expect(told.map(({ by }) => by).toSorted()).toEqual(names);
  });

  it('that there is none of leaves no trace of the asking', async () => {
    expect((await platform.ops('terminals/kiosk-1/forms/none/open', CLERK)).status).toBe(404);
    expect((await platform.ops('terminals/kiosk-1/forms/none/erase', CLERK)).body).toEqual({ erased: false });
  });
});

describe('when the asking cannot be written down', () => {
  it('nothing is opened and nothing is erased', async () => {
    const keys = TEST_PLATFORM_KEYS;
    const { app, context, close } = await openPlatform({
      databasePath: ':memory:',
      keys,
      clock: platform.clock,
      chance,
    });
    const { record, sealed } = await formRecord();
    await context.ingest.take('kiosk-1', 'ledger', bodyOf({ ...batchOf([record]), records: [{ ...record, sealed }] }));
    await context.database.schema.dropTable('form_access').execute();
    for (const act of ['open', 'erase']) {
      const url = `/v1/ops/${FORM}/${act}`;
      const answer = await app.inject({ method: 'POST', url, headers: { host: 'localhost' }, payload: CLERK });
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toContain(CONTENT.reason);
    }
    expect(await context.database.selectFrom('sealed_parts').select('sealed').execute()).toEqual([{ sealed }]);
    await close();
  });
});
