import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../contract/clock.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { IsoHostSimulator } from './iso8583-host.simulator.ts';

const frame = framesOf('iso8583');
/** device-protocols 5.7; not among the frames. */
const APPROVED =
  '008C60000600006031003110030210703E00810ED080111662000000000000050000000000000002000001230830150501301205010008010200003038333031353030303132333635343332313030343430313133303138393834343031303030303030303122303130323030303020202034383434303030302020203135360008220000013232364442374431';
const DECLINED =
  '005D60000600006031003110030210303800800AC08011000000000000000200000123083015050100303833303135303030313233353134343031313330313839383434303130303030303030313135360008220000013934444443414245';

function acquirer() {
  const clock = new SimulatedClock();
  /** 2024-05-01 08:30:15 in Panyu at instant 0, as in the published answers. */
  const sheetClock: Clock = {
    now: () => clock.now(),
    wallMs: () => Date.UTC(2024, 4, 1, 0, 30, 15) + clock.now(),
    after: (delayMs, callback) => clock.after(delayMs, callback),
    cancel: (handle) => clock.cancel(handle),
  };
  const host = new IsoHostSimulator({ clock: sheetClock, chance: { bytes: (length) => new Uint8Array(length) } });
  const heard: string[] = [];
  host.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    clock,
    host,
    say(hex: string) {
      for (const piece of hex.match(/.{1,14}/g) ?? []) host.feed(bytesOf(piece));
      return heard.splice(0);
    },
  };
}

describe('the worked conversation of device-protocols 5.7', () => {
  it('the sale is approved as published, and its reversal a minute later closed as published', () => {
    const { clock, host, say } = acquirer();
    expect(say(frame('0200-sale'))).toEqual([APPROVED]);
    expect(host.state.balanceCents).toBe(200);
    clock.advance(60_000);
    expect(say(frame('0400-reversal-98'))).toEqual([frame('0410-reversed')]);
    expect(say(frame('0400-reversal-98'))).toEqual([frame('0410-reversed')]);
    expect(host.state).toMatchObject({ balanceCents: 0, bookings: [{ state: 'reversed' }] });
  });

  it('is declined as published', () => {
    const { host, say } = acquirer();
    host.faults.responseCode = '51';
    expect(say(frame('0200-sale'))).toEqual([DECLINED]);
    expect(host.state.balanceCents).toBe(0);
  });

  it('a reversal whose original is not there is answered as published', () => {
    const { clock, say } = acquirer();
    clock.advance(60_000);
    expect(say(frame('0400-reversal-a0'))).toEqual([frame('0410-not-found')]);
  });

  it('a void gives the sale back', () => {
    const { host, say } = acquirer();
    say(frame('0200-sale'));
    expect(say(frame('0200-void'))).toHaveLength(1);
    expect(host.state.balanceCents).toBe(0);
  });
});

describe('what goes wrong at the host', () => {
  it('a request whose MAC is wrong books nothing and is told A0', () => {
    const { host, say } = acquirer();
    const [answer = ''] = say(frame('0200-sale').replace(/39$/, '38'));
    expect(answer).toContain('4130');
    expect(host.state).toMatchObject({ requests: 1, bookings: [] });
  });

  it('books and loses its answer; or answers with a wrong MAC', () => {
    const { host, say } = acquirer();
    host.faults.answerLost = true;
    expect(say(frame('0200-sale'))).toEqual([]);
    expect(host.state.balanceCents).toBe(200);
    host.faults.answerLost = false;
    host.faults.wrongMac = true;
    const [answer = ''] = say(frame('0200-sale'));
    expect(answer).not.toBe(APPROVED);
    expect(answer.slice(0, -2)).toBe(APPROVED.slice(0, -2));
  });

  it('noise before a message costs no message', () => {
    const { say } = acquirer();
    expect(say(`0000${frame('0200-sale')}`)).toEqual([APPROVED]);
  });
});
