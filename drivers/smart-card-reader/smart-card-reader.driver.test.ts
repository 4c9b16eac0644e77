import { describe, expect, it } from 'vitest';
import { parse } from '../../contract/check.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { SelfTestLine } from '../../contract/driver.ts';
import { fail, problem } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { framesOf } from '../testing/frames.ts';
import { createSmartCardReader } from './smart-card-reader.driver.ts';
import { shippedProfile } from './testing/card-profiles.ts';
import { FakeCardLink } from './testing/fake-card.link.ts';
import { scriptedCard } from './testing/scripted-card.ts';

const pboc = framesOf('smartcard-pboc');
const CONFIG: DeviceConfig = {
  id: 'card-reader',
  class: 'smart-card-reader',
  model: 'pcsc',
  link: { kind: 'vpcd', port: 35_964 },
};
const SELECT = '00A404000E50414E59552E4D534B2E44454D4F';
const CARD = scriptedCard({ [SELECT]: '9000', '00B095001E': pboc('rsp-0015') });
/** Select, public information, holder. */
const EXCHANGES = 3;

function station(wallStartMs?: number) {
  const clock = new SimulatedClock(wallStartMs);
  const link = new FakeCardLink();
  const driver = createSmartCardReader(CONFIG, { clock, link, cardProfiles: [shippedProfile('livelihood-demo')] });
  const read = (ms = 10_000, signal = new AbortController().signal) =>
    driver.execute({ kind: 'read' }, { deadline: clock.now() + ms, signal });
  const selfTest = async () => {
    const lines: SelfTestLine[] = [];
    for await (const line of driver.selfTest()) lines.push(line);
    for (const line of lines) expect(parse(SelfTestLine, line)).toMatchObject({ ok: true });
    return lines.map(({ step, result }) => `${step} ${result}`);
  };
  return { clock, link, driver, read, selfTest };
}

const failedWith = (code: string) => ({ kind: 'failed', effect: 'none', problem: { code } });

describe('status', () => {
  it('follows the reader and the card, and tells each change once', async () => {
    const { link, driver } = station();
    expect(driver.status()).toEqual({ device: 'online', paper: 'unknown', media: 'notPresent' });
    const seen: string[] = [];
    const stop = driver.subscribe(({ device, media }) => seen.push(`${device} ${media}`));
    link.lay(CARD);
    link.lay(CARD);
    link.lift();
    link.goOffline();
    link.goOffline(problem('device.driverMissing', 'npm install'));
    expect(driver.status().problem).toEqual({ code: 'device.driverMissing', detail: 'npm install' });
    stop();
    link.open();
    expect(seen).toEqual(['online present', 'online notPresent', 'offline unknown', 'noDevice unknown']);
  });
});

describe('read', () => {
  it('is done with the profile as evidence, and lets the card go', async () => {
    const { clock, link, read } = station();
    link.lay(CARD);
    expect(await clock.runUntil(read())).toEqual({
      kind: 'done',
      reply: {
        profile: 'livelihood-demo',
        cardKind: 'livelihood-card',
        cardNumber: '0012345678901234',
        endDate: '2040-12-31',
      },
      evidence: { method: 'iso7816.read', value: 'livelihood-demo' },
    });
    expect(link.commands).toHaveLength(EXCHANGES);
    expect(link.openConnections).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails at once without a card or a reader', async () => {
    const { clock, link, read } = station();
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.removed'));
    link.goOffline(problem('device.absent', 'pcscd'));
    expect(await clock.runUntil(read())).toMatchObject(failedWith('device.absent'));
    expect(link.commands).toEqual([]);
  });

  it('names an unknown card', async () => {
    const { clock, link, read } = station();
    link.lay(() => '6A82');
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.unknown'));
  });

  it('counts the end date in the day of the station', async () => {
    const lastEvening = Date.UTC(2040, 11, 31, 15, 59);
    const first = station(lastEvening);
    first.link.lay(CARD);
    expect(await first.clock.runUntil(first.read())).toMatchObject({ kind: 'done' });
    const midnight = station(lastEvening + 60_000);
    midnight.link.lay(CARD);
    expect(await midnight.clock.runUntil(midnight.read())).toMatchObject(failedWith('card.expired'));
  });

  it('ends with a card that answers 61xx for ever', async () => {
    const { clock, link, read } = station();
    link.lay(() => '6110');
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.unreadable'));
    expect(link.commands).toHaveLength(8);
  });

  it('calls garbage unreadable, and reads the next time', async () => {
    const { clock, link, read } = station();
    link.lay(() => '5A5A5A5A');
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.unreadable'));
    link.card = CARD;
    expect(await clock.runUntil(read())).toMatchObject({ kind: 'done' });
  });
});

describe('a card that leaves', () => {
  it.each([1, 2, 3])(
    'is removed within 500 ms when it falls silent at exchange %i and the reader says so',
    async (k) => {
      const { clock, link, read } = station();
      link.lay((command, count) => (count === k ? undefined : CARD(command)));
      const outcome = read();
      await clock.run(1_000);
      expect(link.commands).toHaveLength(k);
      link.lift();
      const pulledAtMs = clock.now();
      expect(await clock.runUntil(outcome)).toMatchObject(failedWith('card.removed'));
      expect(clock.now() - pulledAtMs).toBeLessThan(500);
      link.lay(CARD);
      expect(await clock.runUntil(read())).toMatchObject({ kind: 'done' });
    },
  );

  it.each([1, 2, 3])('is removed when exchange %i breaks first and the reader says so 400 ms later', async (k) => {
    const { clock, link, read } = station();
    link.lay((command, count) => (count === k ? '' : CARD(command)));
    clock.after(400, () => link.lift());
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.removed'));
    expect(clock.now()).toBeLessThan(500);
  });

  it('is removed when the reader knows it first', async () => {
    const { clock, link, read } = station();
    link.lay(() => fail('card.removed'));
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.removed'));
    link.connectFailure = problem('card.removed');
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.removed'));
  });

  it('is unreadable when an exchange broke and the card still lies there', async () => {
    const { clock, link, read } = station();
    link.lay(() => '');
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.unreadable'));
    link.connectFailure = problem('card.unreadable', 'PC/SC UnresponsiveCard');
    expect(await clock.runUntil(read())).toMatchObject(failedWith('card.unreadable'));
  });

  it('is lost with its reader', async () => {
    const { clock, link, read } = station();
    link.lay(() => undefined);
    const outcome = read();
    await clock.run(100);
    link.goOffline();
    expect(await clock.runUntil(outcome)).toMatchObject(failedWith('device.lost'));
  });
});

describe('limits', () => {
  it.each([1, 2, 3])('keeps the deadline at exchange %i, without effect', async (k) => {
    const { clock, link, read } = station();
    link.lay((command, count) => (count === k ? undefined : CARD(command)));
    expect(await clock.runUntil(read(2_000))).toMatchObject(failedWith('device.deadline'));
    expect(clock.now()).toBe(2_000);
    expect(link.openConnections).toBe(0);
  });

  it('stops when it is cancelled', async () => {
    const { clock, link, read } = station();
    link.lay(() => undefined);
    const cancel = new AbortController();
    const outcome = read(10_000, cancel.signal);
    await clock.run(100);
    cancel.abort();
    expect(await clock.runUntil(outcome)).toMatchObject(failedWith('kiosk.cancelled'));
  });

  it('keeps the deadline while the card is powered, and lets the late connection go before the next', async () => {
    const { clock, link, read } = station();
    link.lay(CARD);
    let powered: () => void = () => {};
    link.connectAfter = new Promise((resolve) => {
      powered = resolve;
    });
    expect(await clock.runUntil(read(1_000))).toMatchObject(failedWith('device.deadline'));
    const next = read();
    powered();
    expect(await clock.runUntil(next)).toMatchObject({ kind: 'done' });
    expect(link.maxOpenConnections).toBe(1);
    expect(link.openConnections).toBe(0);
  });

  it('never opens a card twice, and does not wait for ever for one that is not let go', async () => {
    const { clock, link, read } = station();
    link.lay(CARD);
    link.endAfter = new Promise(() => {});
    expect(await clock.runUntil(read())).toMatchObject({ kind: 'done' });
    expect(await clock.runUntil(read(1_000))).toMatchObject(failedWith('device.deadline'));
    expect(link.maxOpenConnections).toBe(1);
  });

  it('carries out one command at a time', async () => {
    const { clock, link, read } = station();
    link.lay(CARD);
    const outcomes = Promise.all([read(), read(), read()]);
    expect((await clock.runUntil(outcomes)).map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
    expect(link.maxOpenConnections).toBe(1);
  });

  it('settles what is pending when it is closed, and refuses afterwards', async () => {
    const { clock, link, driver, read } = station();
    link.lay(() => undefined);
    const outcome = read();
    await clock.run(100);
    await clock.runUntil(driver.close());
    expect(await outcome).toMatchObject(failedWith('kiosk.cancelled'));
    expect(await clock.runUntil(read())).toMatchObject(failedWith('device.absent'));
    await clock.runUntil(driver.close());
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('self-test', () => {
  it('reads the card that lies there and shows nothing of it', async () => {
    const { clock, link, driver, selfTest } = station();
    link.lay(CARD);
    expect(await clock.runUntil(selfTest())).toEqual(['reader pass', 'profiles pass', 'card pass']);
    const lines: string[] = [];
    for await (const { detail } of driver.selfTest()) lines.push(detail);
    expect(lines.join()).not.toContain('1234');
  });

  it('passes the reader on a foreign card and fails it on a mute one', async () => {
    const { clock, link, selfTest } = station();
    link.lay(() => '6A82');
    expect(await clock.runUntil(selfTest())).toContain('card pass');
    link.card = () => '';
    expect(await clock.runUntil(selfTest())).toContain('card fail');
  });

  it('says what is missing', async () => {
    const { clock, link, selfTest } = station();
    expect(await clock.runUntil(selfTest())).toEqual(['reader pass', 'profiles pass', 'card skip']);
    link.goOffline();
    expect(await clock.runUntil(selfTest())).toEqual(['reader fail', 'profiles pass']);
  });
});

it('refuses a wire that cannot carry cards', () => {
  const config: DeviceConfig = { ...CONFIG, link: { kind: 'tcp', host: '127.0.0.1', port: 9100 } };
  expect(() => createSmartCardReader(config, { clock: new SimulatedClock(), cardProfiles: [] })).toThrow('card-reader');
});
