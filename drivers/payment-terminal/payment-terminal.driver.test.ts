import { describe, expect, it } from 'vitest';
import type { PaymentTerminalCommand } from '../../contract/devices/payment-terminal.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { framesOf } from '../testing/frames.ts';
import { PaymentTerminalDriver } from './payment-terminal.driver.ts';
import { terminalModel } from './terminal-models.ts';

const frame = framesOf('pos-mis-serial');
const SALE: PaymentTerminalCommand = { kind: 'sale', trade: 'T-0371', echo: '0371', amountCents: 200 };
const QUERY: PaymentTerminalCommand = { ...SALE, kind: 'query' };
const REVERSE: PaymentTerminalCommand = { ...SALE, kind: 'reverse', voucher: '000123' };

/** Sheet frames with other digits in them, sealed anew by hand-written arithmetic rather than by the codec. */
function resealed(name: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
  let hex = frame(name);
  for (const [from, to] of changes) {
    if (!hex.includes(from)) throw new Error(`${from} is not in ${name}`);
    hex = hex.replace(from, to);
  }
  const bytes = Buffer.from(hex, 'hex');
  bytes[bytes.length - 1] = bytes.subarray(1, -1).reduce((sum, byte) => sum ^ byte, 0);
  return bytes.toString('hex').toUpperCase();
}

const APPROVED = frame('rsp-sale-ok');
const DECLINED = frame('rsp-sale-cancelled');
const OTHER_ECHO = ['DF04020371', 'DF04020999'] as const;
/** `RMB  2.00` to `RMB  3.00`. */
const OTHER_AMOUNT = ['2020322E3030', '2020332E3030'] as const;
const AS_LAST_RESULT = ['DF020101', 'DF020109'] as const;
/** The model's. */
const OUTCOME_MS = terminalModel('mis-tlv').outcomeMs.value;
const AS_VOID = ['DF020101', 'DF020102'] as const;

function station() {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const model = terminalModel('mis-tlv');

  const driver = new PaymentTerminalDriver({ id: 'pos', model, link, clock });
  const execute = (command: PaymentTerminalCommand, ms = 60_000, signal = new AbortController().signal) =>
    driver.execute(command, { deadline: clock.now() + ms, signal });
  /** Frames of a trade that left this side. */
  const sent = (tradeCode: string) => link.written.filter((hex) => hex.includes(`DF0201${tradeCode}`)).length;
  /** The terminal answers a request with these bytes. */
  const answering = (...answers: readonly string[]) => {
    let next = 0;
    link.device = (hex) => {
      if (hex.length > 2) link.say(answers[Math.min(next++, answers.length - 1)] ?? '');
    };
  };
  return { clock, link, driver, execute, sent, answering };
}

describe('sale', () => {
  it('is approved by a glued ACK and answer, which is acknowledged', async () => {
    const { clock, link, execute, answering } = station();
    answering(frame('ack-then-frame'));
    expect(await clock.runUntil(execute(SALE))).toEqual({
      kind: 'done',
      reply: { state: 'approved', voucher: '000123', reference: '083015000123', cardMasked: '620000******0005' },
      evidence: { method: 'mis.result', value: '0371 00 voucher 000123' },
    });
    expect(link.written).toEqual([frame('req-sale'), '06']);
  });

  it('is declined with the terminal’s code', async () => {
    const { clock, execute, answering } = station();
    answering(`06${DECLINED}`);
    expect(await clock.runUntil(execute(SALE))).toMatchObject({ reply: { state: 'declined', declineCode: 'X1' } });
  });

  it('waits as long as the deadline allows after the ACK', async () => {
    const { clock, link, execute, answering } = station();
    answering('06');
    const paid = execute(SALE);
    await clock.run(50_000);
    link.say(APPROVED, 7);
    expect(await clock.runUntil(paid)).toMatchObject({ reply: { state: 'approved' } });
  });

  it('no ACK within two seconds: unknown, and the sale is not sent a second time', async () => {
    const { clock, execute, sent } = station();
    const paid = execute(SALE);
    expect(await clock.runUntil(paid, 2_500)).toMatchObject({ kind: 'unknown', problem: { code: 'payment.unknown' } });
    await clock.run(60_000);
    expect(sent('01')).toBe(1);
  });

  it('an answer without its ACK counts all the same', async () => {
    const { clock, execute, answering } = station();
    answering(APPROVED);
    expect(await clock.runUntil(execute(SALE))).toMatchObject({ reply: { state: 'approved' } });
  });

  it('NAK: the same frame again, up to three repeats, then failed with no effect', async () => {
    const { clock, link, execute, answering } = station();
    answering('15');
    expect(await clock.runUntil(execute(SALE))).toMatchObject({ effect: 'none', problem: { code: 'device.refused' } });
    expect(link.written).toEqual(Array.from({ length: 4 }, () => frame('req-sale')));
  });

  it('NAK once, then taken', async () => {
    const { clock, execute, sent, answering } = station();
    answering('15', `06${APPROVED}`);
    expect(await clock.runUntil(execute(SALE))).toMatchObject({ reply: { state: 'approved' } });
    expect(sent('01')).toBe(2);
  });

  it.each([
    ['noise before it', 'FFFF15'],
    ['another byte after it', '1506'],
    ['inside a frame that never ends', '02050015'],
  ])('a NAK with %s does not let the sale be sent again', async (_where, bytes) => {
    const { clock, execute, sent, answering } = station();
    answering(bytes);
    await clock.runUntil(execute(SALE, 10_000));
    expect(sent('01')).toBe(1);
  });

  it('echo mismatch: unknown', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', OTHER_ECHO)}`);
    expect(await clock.runUntil(execute(SALE))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'payment.unknown' },
    });
  });

  it('amount mismatch: unknown', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', OTHER_AMOUNT)}`);
    expect(await clock.runUntil(execute(SALE))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'payment.unknown', detail: 'amount 300 fen' },
    });
  });

  it('an approval that names no amount: unknown', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-cancelled', ['DF07025831', 'DF07023030'])}`);
    expect(await clock.runUntil(execute(SALE))).toMatchObject({ kind: 'unknown' });
  });

  it('reply lost: unknown at the deadline', async () => {
    const { clock, execute, sent, answering } = station();
    answering('06');
    expect(await clock.runUntil(execute(SALE, 30_000))).toMatchObject({ problem: { code: 'payment.unknown' } });
    expect(sent('01')).toBe(1);
  });

  it('link lost after the ACK: unknown at once', async () => {
    const { clock, link, execute, sent, answering } = station();
    answering('06');
    const paid = execute(SALE);
    await clock.run(100);
    link.vanish();
    expect(await paid).toMatchObject({ kind: 'unknown', problem: { detail: 'device.lost' } });
    link.come();
    await clock.run(10_000);
    expect(sent('01')).toBe(1);
  });

  it('link away before: failed with no effect', async () => {
    const { link, execute } = station();
    link.vanish();
    expect(await execute(SALE)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
  });

  it('a damaged answer is refused and taken when it comes again', async () => {
    const { clock, link, execute, driver } = station();
    const damaged = APPROVED.replace(/..$/, '00');
    link.device = (hex) => {
      if (hex === '15') link.say(APPROVED);
      else if (hex.length > 2) link.say(`06${damaged}`);
    };
    expect(await clock.runUntil(execute(SALE))).toMatchObject({ reply: { state: 'approved' } });
    const lines = [];
    for await (const line of driver.selfTest()) lines.push(line);
    expect(lines[1]).toMatchObject({ result: 'fail', detail: expect.stringContaining('1 damaged') as string });
  });

  it('survives a garbage flood with a false start before the answer', async () => {
    const { clock, link, execute, answering } = station();
    answering('06');
    const paid = execute(SALE);
    await clock.run(100);
    for (let count = 0; count < 100; count += 1) link.say('FFC1020300A5E7');
    link.say(APPROVED);
    expect(await clock.runUntil(paid)).toMatchObject({ reply: { state: 'approved' } });
  });

  it('a late answer to a sale given up does not disturb the next one', async () => {
    const { clock, link, execute, answering } = station();
    answering('06');
    await clock.runUntil(execute({ ...SALE, trade: 'T-0999', echo: '0999' }, 5_000));
    const paid = execute(SALE);
    await clock.run(100);
    link.say(resealed('rsp-sale-ok', OTHER_ECHO));
    link.say(DECLINED);
    expect(await clock.runUntil(paid)).toMatchObject({ reply: { state: 'declined' } });
  });

  it('a late answer while nobody waits is acknowledged, so that the terminal stops repeating it', async () => {
    const { clock, link, execute, answering } = station();
    answering('06');
    await clock.runUntil(execute(SALE, 5_000));
    link.written.length = 0;
    link.say(APPROVED);
    expect(link.written).toEqual(['06']);
  });

  it('an unmasked card number leaves the driver masked', async () => {
    const { clock, execute, answering } = station();
    const card = ['3632303030302A2A2A2A2A2A30303035', '36323030303031323334353630303035'] as const;
    answering(`06${resealed('rsp-sale-ok', card)}`);
    const outcome = await clock.runUntil(execute(SALE));
    expect(outcome).toMatchObject({ reply: { cardMasked: '620000******0005' } });
    expect(JSON.stringify(outcome)).not.toContain('6200001234560005');
  });
});

describe('query', () => {
  it.each([
    ['approved', resealed('rsp-sale-ok', AS_LAST_RESULT)],
    ['approved', APPROVED],
    ['declined', resealed('rsp-sale-cancelled', AS_LAST_RESULT)],
    ['notFound', resealed('rsp-sale-ok', AS_LAST_RESULT, OTHER_ECHO)],
  ])('says %s from the last result', async (state, answer) => {
    const { clock, execute, answering } = station();
    await clock.run(OUTCOME_MS);
    answering(`06${answer}`);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ kind: 'done', reply: { state } });
  });

  it('does not hand out another resident’s voucher or card', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', AS_LAST_RESULT, OTHER_ECHO)}`);
    expect(JSON.stringify(await clock.runUntil(execute(QUERY)))).not.toContain('620000');
    await clock.run(OUTCOME_MS);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ reply: { state: 'notFound' } });
    const outcome = await clock.runUntil(execute(QUERY));
    expect(JSON.stringify(outcome)).not.toContain('620000');
  });

  it('another last result while our sale may still run says nothing, and a late approval is then ours', async () => {
    const { clock, link, execute, answering } = station();
    const other = `06${resealed('rsp-sale-ok', AS_LAST_RESULT, OTHER_ECHO)}`;
    answering('06', other, other, `06${resealed('rsp-sale-ok', AS_LAST_RESULT)}`);
    await clock.run(OUTCOME_MS);
    await clock.runUntil(execute(SALE, 5_000));
    const early = { kind: 'failed', effect: 'none', problem: { code: 'payment.unknown' } };
    expect(await clock.runUntil(execute(QUERY))).toMatchObject(early);
    await clock.run(OUTCOME_MS - 10_000);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject(early);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ reply: { state: 'approved' } });
    expect(link.written.filter((hex) => hex.includes('DF020101'))).toHaveLength(1);
  });

  it('after a restart the wait counts from the start: the sale may have left a moment before', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', AS_LAST_RESULT, OTHER_ECHO)}`);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ kind: 'failed', effect: 'none' });
    await clock.run(OUTCOME_MS);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ reply: { state: 'notFound' } });
  });

  it('our echo with another amount: unknown', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', AS_LAST_RESULT, OTHER_AMOUNT)}`);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ kind: 'unknown' });
  });

  it('a void as the last result is not taken for the approved sale', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', AS_VOID)}`);
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ kind: 'unknown' });
  });

  it('is repeated into silence and fails without effect', async () => {
    const { clock, execute, sent } = station();
    expect(await clock.runUntil(execute(QUERY))).toMatchObject({ effect: 'none', problem: { code: 'device.absent' } });
    expect(sent('09')).toBe(4);
    expect(sent('01')).toBe(0);
  });
});

describe('reverse', () => {
  it('gives the money back by voucher', async () => {
    const { clock, link, execute, answering } = station();
    answering(`06${resealed('rsp-sale-ok', AS_VOID)}`);
    expect(await clock.runUntil(execute(REVERSE))).toMatchObject({ reply: { state: 'reversed', voucher: '000123' } });
    expect(link.written[0]).toContain('DF1803000123');
  });

  it('is repeated into silence and then unknown', async () => {
    const { clock, execute, sent } = station();
    expect(await clock.runUntil(execute(REVERSE))).toMatchObject({
      kind: 'unknown',
      problem: { code: 'payment.unknown' },
    });
    expect(sent('02')).toBe(4);
  });

  it('refused: failed with no effect and the terminal’s code', async () => {
    const { clock, execute, answering } = station();
    answering(`06${resealed('rsp-sale-cancelled', AS_VOID)}`);
    expect(await clock.runUntil(execute(REVERSE))).toMatchObject({ effect: 'none', problem: { detail: 'result X1' } });
  });

  it('counts “already given back” as given back where the model names that code', async () => {
    const clock = new SimulatedClock();
    const link = new FakeLink();
    const model = terminalModel('mis-tlv');
    if (!model) throw new Error('no model');
    const driver = new PaymentTerminalDriver({
      id: 'pos',
      model: { ...model, alreadyVoidedCodes: ['X1'] },
      link,
      clock,
    });
    link.device = (hex) => void (hex.length > 2 && link.say(`06${resealed('rsp-sale-cancelled', AS_VOID)}`));
    const reversed = driver.execute(REVERSE, { deadline: 5_000, signal: new AbortController().signal });
    expect(await clock.runUntil(reversed)).toMatchObject({ reply: { state: 'reversed' } });
  });

  it('does not take the sale’s late approval for its own', async () => {
    const { clock, link, execute, answering } = station();
    answering('06');
    const reversed = execute(REVERSE, 5_000);
    await clock.run(100);
    link.say(APPROVED);
    expect(await clock.runUntil(reversed)).toMatchObject({ kind: 'unknown' });
  });
});

describe('the terminal itself', () => {
  it('is online while its link stands', () => {
    const { link, driver } = station();
    const seen: string[] = [];
    driver.subscribe((status) => seen.push(status.device));
    expect(driver.status().device).toBe('online');
    link.vanish();
    link.come();
    expect(seen).toEqual(['offline', 'online']);
  });

  it('closes at any time, twice, and leaves no timer', async () => {
    const { clock, link, execute, driver, answering } = station();
    answering('06');
    const paid = execute(SALE);
    await clock.run(100);
    link.say('0203');
    await driver.close();
    await driver.close();
    expect(await paid).toMatchObject({ kind: 'unknown' });
    expect(clock.pendingTimers).toBe(0);
  });
});
