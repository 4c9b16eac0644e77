import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, paid, printed, recordsOf } from '../test-support/ledger.ts';
import { startTestPlatform, type TestPlatform } from '../test-support/running-platform.ts';
import { readBill, reconcile, type BillLine, type LedgerCharge } from './bill.ts';

const HEADER = 'trade,terminal,kind,amountCents';
const LINE: BillLine = { trade: 'T1', terminal: 'kiosk-1', kind: 'paid', amountCents: 960 };
const CHARGE: LedgerCharge = {
  trade: 'T1',
  terminal: 'kiosk-1',
  operation: 'op-T1',
  state: 'paid',
  amountCents: 960,
  output: 'done',
};
const reversed: BillLine = { ...LINE, kind: 'reversed' };

function found(lines: readonly BillLine[], charges: readonly LedgerCharge[]): readonly string[] {
  return reconcile(lines, charges).map(({ finding, trade }) => `${finding} ${trade}`);
}

describe('a bill beside the ledger', () => {
  it.each<[string, readonly BillLine[], readonly LedgerCharge[], readonly string[]]>([
    ['paid and delivered', [LINE], [CHARGE], []],
    ['paid, and nothing was to come out', [LINE], [{ ...CHARGE, output: 'nothing' }], []],
    ['paid, and nothing came out', [LINE], [{ ...CHARGE, output: 'notDone' }], ['paidNotDelivered T1']],
    [
      'paid there, never known to have ended here',
      [LINE],
      [{ ...CHARGE, state: 'asked', output: 'nothing' }],
      ['paidNotDelivered T1'],
    ],
    [
      'paid there, cancelled here',
      [LINE],
      [{ ...CHARGE, state: 'cancelled', output: 'nothing' }],
      ['paidNotDelivered T1'],
    ],
    ['another amount', [{ ...LINE, amountCents: 1 }], [{ ...CHARGE, output: 'nothing' }], ['paidNotDelivered T1']],
    [
      'reversed here, still billed',
      [LINE],
      [{ ...CHARGE, state: 'reversed', output: 'notDone' }],
      ['reversedButBilled T1'],
    ],
    ['reversed on both sides', [LINE, reversed], [{ ...CHARGE, state: 'reversed', output: 'notDone' }], []],
    ['delivered, and not on the bill', [], [CHARGE], ['deliveredNotPaid T1']],
    ['delivered, and given back there', [LINE, reversed], [CHARGE], ['deliveredNotPaid T1']],
    ['not charged, not delivered, not on the bill', [], [{ ...CHARGE, state: 'cancelled', output: 'nothing' }], []],
    ['on the bill, unknown to us', [{ ...LINE, trade: 'X' }], [], ['unknownToUs X']],
    [
      'the same trade number of another terminal',
      [{ ...LINE, terminal: 'kiosk-2' }],
      [{ ...CHARGE, output: 'nothing' }],
      ['unknownToUs T1'],
    ],
  ])('%s', (_name, lines, charges, wanted) => {
    expect(found(lines, charges)).toEqual(wanted);
  });
});

describe('a bill that is sent', () => {
  it.each([
    ['another header', 'trade,kind\n', 'line 1'],
    ['a line that is none', `${HEADER}\nT1,kiosk-1,paid,9.60\n`, 'line 2'],
    ['a line said twice', `${HEADER}\nT1,k,paid,1\nT1,k,paid,2\n`, 'line 3 repeats'],
    ['an empty line in the middle', `${HEADER}\n\nT1,k,paid,1\n`, 'line 2'],
    ['a formula of a spreadsheet', `${HEADER}\n=1+1,k,paid,1\n`, 'line 2'],
  ])('is refused whole, with the line: %s', (_name, text, where) => {
    const read = readBill(text);
    expect(read.ok ? '' : read.problem.detail).toContain(where);
  });

  it('is read with either kind of line end, with a mark of its byte order, and with no last line end', () => {
    const lines = [LINE, reversed];
    expect(readBill(`\ufeff${HEADER}\r\nT1,kiosk-1,paid,960\r\nT1,kiosk-1,reversed,960`)).toEqual({
      ok: true,
      value: lines,
    });
  });
});

describe('the day after', () => {
  let platform: TestPlatform;
  beforeEach(async () => {
    platform = await startTestPlatform();
  });
  afterEach(() => platform.close());

  async function send(bill: string, day = '2026-01-05'): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${platform.url}/v1/ops/bills/bank/${day}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: bill,
    });
    return { status: response.status, body: await response.json() };
  }

  it('opens one case for each entry that does not agree, however often the bill is sent', async () => {
    const events = [
      ...[paid('T1'), printed('J1')],
      ...[paid('T2'), { ...printed('J2', 'notPrinted'), operation: 'op-T2' }],
      ...[paid('T3'), { ...printed('J3'), operation: 'op-T3' }],
      ...[paid('T4', { state: 'reversed' })],
    ];
    await platform.sendBatch('kiosk-1', batchOf(recordsOf(events)));
    const bill = `${HEADER}\nT1,kiosk-1,paid,960\nT2,kiosk-1,paid,960\nT4,kiosk-1,paid,960\nX9,kiosk-1,paid,500\n`;
    expect(await send(bill)).toEqual({ status: 200, body: { lines: 4, findings: 4, opened: 4 } });
    expect(await send(bill)).toEqual({ status: 200, body: { lines: 4, findings: 4, opened: 0 } });
    const { cases } = await platform.summary();
    expect(cases.map(({ reason, trade }) => `${reason} ${trade}`).toSorted()).toEqual([
      'bill.deliveredNotPaid T3',
      'bill.paidNotDelivered T2',
      'bill.reversedButBilled T4',
      'bill.unknownToUs X9',
    ]);
    expect(await (await fetch(`${platform.url}/bills`)).text()).toContain('X9');
  });

  it('takes an open case of the same trade for it, and opens no second one', async () => {
    const code = 'AB12-CD34';
    const opened = {
      type: 'CaseOpened',
      at: '2026-01-05T00:00:00.000Z',
      operation: 'op-T2',
      code,
      reason: 'print.unknown',
      trade: 'T2',
    } as const;
    const events = [paid('T2'), { ...printed('J2', 'notPrinted'), operation: 'op-T2' }, opened];
    await platform.sendBatch('kiosk-1', batchOf(recordsOf(events)));
    expect((await send(`${HEADER}\nT2,kiosk-1,paid,960\n`)).body).toMatchObject({ findings: 1, opened: 1 });
    expect((await platform.summary()).cases.map((one) => one.code)).toEqual([code]);
    expect(await (await fetch(`${platform.url}/bills`)).text()).toContain(code);
  });

  it('is refused whole when one line is wrong, and for a day that there is not', async () => {
    expect(await send(`${HEADER}\nX9,kiosk-1,paid,500\nnonsense\n`)).toMatchObject({
      status: 422,
      body: { code: 'bill.unreadable' },
    });
    expect(await send(`${HEADER}\n`, '2026-13-01')).toMatchObject({ status: 404 });
    expect((await platform.summary()).cases).toEqual([]);
  });
});
