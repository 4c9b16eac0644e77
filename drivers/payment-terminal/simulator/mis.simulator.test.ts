import { describe, expect, it } from 'vitest';
import type { Chance, Clock } from '../../../contract/clock.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { MisSimulator, type TerminalOptions } from './mis.simulator.ts';

const chance: Chance = { bytes: (length) => new Uint8Array(length).fill(0x7e) };
/** device-protocols 5.1: sale of 2.00 yuan, echo 0371, and its two published answers. */
const SALE =
  '020053DF010100DF04020371DF020101DF08025555DF0306000000000200DF09023004DF0D0131DF46084B494F534B303031DF470330303103A9';
const APPROVED =
  '020161DF010102DF04020371DF020101DF07023030DF06818BDF110420240501DF12083434303131333031DF130F383938343430313030303030303031DF450EB7ACD8AEC7F8B2E2CAD4C9CCBBA7DF0309524D422020322E3030DF0A03000001DF1003000123DF1803000123DF1A0C303833303135303030313233DF1C020501DF1D03083015DF1E103632303030302A2A2A2A2A2A30303035DF1F023012DF2C034355500385';
const DECLINED = '020018DF010102DF04020371DF020101DF070258310303';

/** Seals TLV of fewer than 100 bytes. */
function frame(tlv: string): string {
  const bytes = bytesOf(tlv);
  const body = `${String(bytes.length).padStart(4, '0')}${tlv}03`;
  const lrc = bytesOf(body).reduce((sum, byte) => sum ^ byte, 0);
  return `02${body}${hexOf(Uint8Array.of(lrc))}`;
}
const QUERY = frame('DF010100DF04029999DF020109');
const voidOf = (voucher: string) => frame(`DF010100DF04020371DF020102DF0306000000000200DF1803${voucher}`);

function terminal(options: Partial<TerminalOptions> = {}) {
  const clock = new SimulatedClock();
  /** 2024-05-01 08:30:15 in Panyu, as in the published answer. */
  const sheetClock: Clock = {
    now: () => clock.now(),
    wallMs: () => Date.UTC(2024, 4, 1, 0, 30, 15),
    after: (delayMs, callback) => clock.after(delayMs, callback),
    cancel: (handle) => clock.cancel(handle),
  };
  const simulator = new MisSimulator({ clock: sheetClock, chance, firstVoucher: 123, ...options });
  const heard: string[] = [];
  simulator.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    clock,
    simulator,
    send: (hex: string) => simulator.feed(bytesOf(hex)),
    heard: () => heard.splice(0),
  };
}

describe('sale', () => {
  it('is acknowledged, then answered as published, and counted once', () => {
    const { simulator, send, heard } = terminal();
    send(SALE);
    expect(heard()).toEqual(['06', APPROVED]);
    expect(simulator.state).toMatchObject({ saleRequests: 1, approved: 1, chargedCents: 200 });
  });

  it('is refused as published', () => {
    const { simulator, send, heard } = terminal();
    simulator.setNext({ outcome: 'decline' });
    send(SALE);
    expect(heard()).toEqual(['06', DECLINED]);
    expect(simulator.state).toMatchObject({ declined: 1, chargedCents: 0, next: null });
  });

  it('takes as long as the cardholder; its repetition is acknowledged and not a second sale', async () => {
    const { clock, simulator, send, heard } = terminal({ approvalDelayMs: 5_000 });
    send(SALE);
    send(SALE);
    send(QUERY);
    expect(heard()).toEqual(['06', '06']);
    expect(simulator.state.pending).toEqual({ echo: '0371', amountCents: 200 });
    await clock.run(5_000);
    expect(heard()).toEqual([APPROVED]);
    expect(simulator.state).toMatchObject({ saleRequests: 1, approved: 1, pending: null });
  });

  it('is understood however the bytes are chopped and after noise', () => {
    const { send, heard } = terminal();
    for (const byte of `FF00${SALE}`.match(/../g) ?? []) send(byte);
    expect(heard()).toEqual(['06', APPROVED]);
  });

  it('is refused with NAK when its LRC is wrong', () => {
    const { simulator, send, heard } = terminal();
    send(`${SALE.slice(0, -2)}AA`);
    expect(heard()).toEqual(['15']);
    expect(simulator.state.saleRequests).toBe(0);
  });

  it('repeats its result until the host acknowledges it, and on NAK', async () => {
    const { clock, send, heard } = terminal();
    send(SALE);
    heard();
    send('15');
    expect(heard()).toEqual([APPROVED]);
    await clock.run(2_000);
    expect(heard()).toEqual([APPROVED]);
    send('06');
    await clock.run(10_000);
    expect(heard()).toEqual([]);
  });
});

describe('afterwards', () => {
  it('tells the last sale under its own echo', () => {
    const { simulator, send, heard } = terminal();
    simulator.setNext({ replyLost: true });
    send(SALE);
    expect(heard()).toEqual(['06']);
    send(QUERY);
    const [ack, answer = ''] = heard();
    expect(ack).toBe('06');
    expect(answer.slice(6)).toMatch(/^DF010102DF04020371DF020109DF07023030DF06818BDF110420240501/);
    expect(simulator.state).toMatchObject({ saleRequests: 1, approved: 1 });
  });

  it('says no sale when there never was one', () => {
    const { send, heard } = terminal();
    send(QUERY);
    expect(heard()[1]).toBe(frame('DF010102DF04020000DF020109DF07025831'));
  });

  it('gives money back by voucher, once however often it is asked', () => {
    const { simulator, send, heard } = terminal();
    send(SALE);
    heard();
    send(voidOf('000123'));
    send(voidOf('000123'));
    expect(heard().filter((hex) => hex.includes('DF020102DF07023030'))).toHaveLength(2);
    expect(simulator.state).toMatchObject({ approved: 1, voided: 1, chargedCents: 0 });
    send(QUERY);
    expect(heard()[1]).toBe(frame('DF010102DF04020371DF020109DF07025831'));
  });

  it('refuses to void what it does not know', () => {
    const { send, heard } = terminal();
    send(voidOf('000777'));
    expect(heard()[1]).toContain('DF07025831');
  });
});

describe('faults', () => {
  it.each([
    ['deaf', [], 0],
    ['busy', ['15'], 0],
    ['nakOnce', ['15'], 0],
    ['lost', [APPROVED], 1],
  ] as const)('ack %s', (ack, expected, requests) => {
    const { simulator, send, heard } = terminal();
    simulator.faults.ack = ack;
    send(SALE);
    expect(heard()).toEqual(expected);
    expect(simulator.state.saleRequests).toBe(requests);
  });

  it('hears the second try after one NAK', () => {
    const { simulator, send, heard } = terminal();
    simulator.setNext({ ack: 'nakOnce', outcome: 'decline' });
    send(SALE);
    send(SALE);
    expect(heard()).toEqual(['15', '06', DECLINED]);
  });

  it('sends its result damaged once, twice, under another echo or after noise', () => {
    const { simulator, send, heard } = terminal();
    simulator.setNext({ badLrc: true, duplicateReply: true });
    send(SALE);
    const [, damaged = '', good] = heard();
    expect(good).toBe(APPROVED);
    expect(damaged).toBe(`${APPROVED.slice(0, -2)}DF`);
    simulator.setNext({ wrongEcho: true, garbage: true });
    send(SALE);
    const [, noise, other] = heard();
    expect(noise).toBe('FF027E7E7E7E7E');
    expect(other).toContain('DF04020372');
  });

  it('shows a whole card number when told to', () => {
    const { simulator, send, heard } = terminal();
    simulator.setNext({ unmaskedPan: true });
    send(SALE);
    expect(heard()[1]).toContain(hexOf(Buffer.from('6200000000000005')));
  });

  it('cuts the wire in the middle of the result and remembers the sale', () => {
    const { simulator, send, heard } = terminal();
    simulator.onHangUp(() => simulator.disconnected());
    simulator.wire.faults.hangUpAfterOutputBytes = 11;
    send(SALE);
    expect(heard()).toEqual(['06', APPROVED.slice(0, 20)]);
    expect(simulator.state).toMatchObject({ approved: 1, connected: false });
  });
});
