import { describe, expect, it } from 'vitest';
import type { PaymentTerminalCommand } from '../../contract/devices/payment-terminal.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { bytesOf, framesOf, hexOf } from '../testing/frames.ts';
import { MisDllDriver } from './mis-dll.driver.ts';
import { MisDllSimulator } from './simulator/mis-dll.simulator.ts';
import { terminalModel } from './terminal-models.ts';

const frame = framesOf('pos-mis-dll');
const SALE: PaymentTerminalCommand = { kind: 'sale', trade: 'T-0371', echo: '0371', amountCents: 200 };
const QUERY: PaymentTerminalCommand = { ...SALE, kind: 'query' };
const NEXT_SALE: PaymentTerminalCommand = { ...SALE, trade: 'T-0372', echo: '0372' };
const NEXT_QUERY: PaymentTerminalCommand = { ...NEXT_SALE, kind: 'query' };
const MODEL = terminalModel('mis-dll');
const NOT_KNOWN = { kind: 'failed', effect: 'none', problem: { code: 'payment.unknown' } };

/** `02 | string | 03 | XOR`, by hand-written arithmetic rather than by the codec. */
function framed(hex: string): string {
  const check = bytesOf(`${hex}03`).reduce((sum, byte) => sum ^ byte, 0);
  return `02${hex}03${hexOf(Uint8Array.of(check))}`;
}

function station() {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const driver = new MisDllDriver({ id: 'pay', model: MODEL, link, clock });
  const run = (command: PaymentTerminalCommand, ms = 30_000, signal = new AbortController().signal) =>
    clock.runUntil(driver.execute(command, { deadline: clock.now() + ms, signal }));
  return { clock, link, driver, run };
}

function terminal() {
  const made = station();
  const { clock, link } = made;
  const chance = { bytes: (length: number) => new Uint8Array(length).fill(0x55) };
  const simulator = new MisDllSimulator({ clock, chance, approvalDelayMs: 1_000, firstVoucher: 123 });
  link.device = (hex) => simulator.feed(bytesOf(hex));
  simulator.onOutput((bytes) => link.say(hexOf(bytes)));
  return { ...made, simulator, faults: simulator.faults };
}

describe('sale', () => {
  it('sends the worked string and takes the worked approval', async () => {
    const { link, run } = station();
    link.device = () => link.say(framed(frame('rsp-sale-ok')), 11);
    expect(await run(SALE)).toEqual({
      kind: 'done',
      reply: { state: 'approved', voucher: '000123', reference: '083015000123', cardMasked: '620000******0005' },
      evidence: { method: 'mis.dll', value: '371 00 voucher 000123' },
    });
    expect(link.written).toEqual([framed(frame('req-sale'))]);
  });

  it('the worked answer with other digits: unknown', async () => {
    const { link, run } = station();
    link.device = () => link.say(framed(frame('rsp-wrong-echo')));
    expect(await run(SALE)).toMatchObject({ kind: 'unknown', problem: { code: 'payment.unknown' } });
    expect(link.written).toHaveLength(1);
  });

  it('is declined with the terminal’s code', async () => {
    const { run, faults } = terminal();
    faults.outcome = 'decline';
    expect(await run(SALE)).toMatchObject({ reply: { state: 'declined', declineCode: 'X1' } });
  });

  it('another amount: unknown', async () => {
    const { run, faults } = terminal();
    faults.wrongAmount = true;
    expect(await run(SALE)).toMatchObject({ kind: 'unknown', problem: { detail: 'amount 300 fen' } });
  });

  it.each(['answerLost', 'wrongCheck', 'deaf'] as const)('%s: unknown at the deadline, called once', async (fault) => {
    const { run, faults, simulator } = terminal();
    faults[fault] = true;
    expect(await run(SALE, 10_000)).toMatchObject({ kind: 'unknown', problem: { code: 'payment.unknown' } });
    expect(simulator.state.saleCalls).toBeLessThanOrEqual(1);
  });

  it('the link goes while the cardholder is busy: unknown; away before: failed without effect', async () => {
    const { clock, link, driver, run } = terminal();
    const paid = driver.execute(SALE, { deadline: 30_000, signal: new AbortController().signal });
    await clock.run(500);
    link.vanish();
    expect(await paid).toMatchObject({ kind: 'unknown', problem: { detail: 'device.lost' } });
    expect(await run(NEXT_SALE)).toMatchObject({ kind: 'failed', effect: 'none' });
  });

  it('a late answer to a sale given up does not disturb the next one, and is remembered for its own question', async () => {
    const { link, run } = station();
    await run(SALE, 1_000);
    link.device = (hex) => {
      link.say(framed(frame('rsp-sale-ok')));
      link.say(framed(frame('rsp-sale-ok').replace(/333731$/, '333732')));
      expect(hex).toContain('333732');
    };
    expect(await run(NEXT_SALE)).toMatchObject({ reply: { state: 'approved' } });
    link.device = () => expect.unreachable('the answer is known');
    expect(await run(QUERY)).toMatchObject({ reply: { state: 'approved', voucher: '000123' } });
  });

  it('a whole card number leaves the driver masked and is counted', async () => {
    const { clock, run, faults, driver } = terminal();
    faults.unmaskedCard = true;
    const outcome = await run(SALE);
    expect(outcome).toMatchObject({ reply: { cardMasked: '620000******0005' } });
    expect(JSON.stringify(outcome)).not.toContain('6200000000000005');
    const lines = [];
    for await (const line of driver.selfTest()) lines.push(line);
    expect(lines[1]).toMatchObject({ result: 'fail', detail: expect.stringContaining('1 unmasked') as string });
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('query by reprint', () => {
  it('finds the approval whose answer was lost, because the voucher moved on', async () => {
    const { run, faults, simulator } = terminal();
    await run(SALE);
    faults.answerLost = true;
    await run(NEXT_SALE, 5_000);
    faults.answerLost = false;
    expect(await run(NEXT_QUERY)).toMatchObject({ reply: { state: 'approved', voucher: '000124' } });
    expect(simulator.state).toMatchObject({ saleCalls: 2, chargedCents: 400 });
  });

  it('the same voucher says nothing while the sale may still run, and notFound afterwards', async () => {
    const { clock, run, faults } = terminal();
    await run(SALE);
    faults.deaf = true;
    await run(NEXT_SALE, 5_000);
    faults.deaf = false;
    expect(await run(NEXT_QUERY)).toMatchObject(NOT_KNOWN);
    await clock.run(MODEL.outcomeMs.value);
    expect(await run(NEXT_QUERY)).toMatchObject({ kind: 'done', reply: { state: 'notFound' } });
  });

  it('without a voucher from before, nobody guesses whose the last result is', async () => {
    const { clock, run, faults, simulator } = terminal();
    simulator.sell(200);
    faults.deaf = true;
    await run(SALE, 5_000);
    faults.deaf = false;
    await clock.run(MODEL.outcomeMs.value);
    expect(await run(QUERY)).toMatchObject(NOT_KNOWN);
  });

  it('of a sale that another one followed, or of the run before, says nothing and calls nobody', async () => {
    const { run, faults, simulator } = terminal();
    faults.deaf = true;
    await run(SALE, 5_000);
    faults.deaf = false;
    await run(NEXT_SALE);
    const { calls } = simulator.state;
    expect(await run(QUERY)).toMatchObject(NOT_KNOWN);
    expect(await run({ ...QUERY, echo: '0999' })).toMatchObject(NOT_KNOWN);
    expect(simulator.state.calls).toBe(calls);
  });

  it('a new voucher over another amount: unknown', async () => {
    const { run, faults, simulator } = terminal();
    await run(SALE);
    faults.deaf = true;
    await run(NEXT_SALE, 5_000);
    faults.deaf = false;
    simulator.sell(900);
    expect(await run(NEXT_QUERY)).toMatchObject({ kind: 'unknown', problem: { detail: 'amount 900 fen' } });
  });

  it('is not answered: failed without effect', async () => {
    const { run, faults } = terminal();
    faults.deaf = true;
    await run(SALE, 5_000);
    expect(await run(QUERY)).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.absent' } });
  });
});

describe('reverse', () => {
  const reverse = (voucher: string): PaymentTerminalCommand => ({ ...SALE, kind: 'reverse', voucher });

  it('gives the money back by voucher, once however often it is asked', async () => {
    const { run, simulator } = terminal();
    await run(SALE);
    expect(await run(reverse('000123'))).toMatchObject({ reply: { state: 'reversed' } });
    expect(await run(reverse('000123'))).toMatchObject({ reply: { state: 'reversed' } });
    expect(simulator.state).toMatchObject({ voided: 1, chargedCents: 0 });
  });

  it('refused: failed without effect; not answered: unknown', async () => {
    const { run, faults } = terminal();
    await run(SALE);
    faults.refuseVoid = true;
    expect(await run(reverse('000123'))).toMatchObject({ effect: 'none', problem: { code: 'device.refused' } });
    faults.deaf = true;
    expect(await run(reverse('000123'), 5_000)).toMatchObject({ kind: 'unknown' });
  });

  it('the last result after a void is not taken for the next sale', async () => {
    const { run, faults } = terminal();
    await run(SALE);
    await run(reverse('000123'));
    faults.deaf = true;
    await run(NEXT_SALE, 5_000);
    faults.deaf = false;
    expect(await run(NEXT_QUERY)).toMatchObject(NOT_KNOWN);
  });
});

describe('the terminal behind the DLL', () => {
  it('is online while its bridge stands, and closes at any time without a timer left', async () => {
    const { clock, link, driver } = terminal();
    expect(driver.status().device).toBe('online');
    link.vanish();
    expect(driver.status()).toMatchObject({ device: 'offline', problem: { code: 'device.absent' } });
    link.come();
    const paid = driver.execute(SALE, { deadline: 30_000, signal: new AbortController().signal });
    await clock.run(100);
    await driver.close();
    await driver.close();
    expect((await paid).kind).toBe('unknown');
    await clock.run(2_000);
    expect(clock.pendingTimers).toBe(0);
  });
});
