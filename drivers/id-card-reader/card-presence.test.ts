import { describe, expect, it } from 'vitest';
import { idCardStation, READ, READ_ALL } from './testing/id-card-station.test-support.ts';

const MODELS = ['sam-v', 'sam-v-refind', 'sam-v-hid'] as const;
const NOTICE_MS = 500;

describe('the card on the reader', () => {
  it('is entering while it must stay, then latched until it is lifted', async () => {
    const { clock, reader, execute, driver, media } = idCardStation('sam-v', 700);
    await clock.run(100);
    const read = execute();
    await clock.run(400);
    reader.lay('chen-xiaoming');
    await clock.run(500);
    expect(driver.status().media).toBe('entering');
    await clock.runUntil(read);
    await clock.run(5_000);
    expect(driver.status()).toMatchObject({ device: 'online', media: 'latched' });
    reader.lift();
    await clock.run(NOTICE_MS);
    expect(driver.status().media).toBe('notPresent');
    expect(media).toEqual(['unknown', 'notPresent', 'entering', 'latched', 'notPresent']);
  });

  it('is present after a reading where it need not be lifted, and can be read again', async () => {
    const { clock, reader, execute, driver } = idCardStation('sam-v-refind');
    reader.lay('chen-xiaoming');
    await clock.runUntil(execute());
    await clock.run(2_000);
    expect(driver.status().media).toBe('present');
    expect((await clock.runUntil(execute())).kind).toBe('done');
    reader.lift();
    await clock.run(NOTICE_MS);
    expect(driver.status().media).toBe('notPresent');
  });

  it('that must be lifted is the answer at the deadline, and is read once it has been', async () => {
    const { clock, reader, execute, driver } = idCardStation();
    reader.lay('chen-xiaoming');
    await clock.runUntil(execute());
    expect(await clock.runUntil(execute(READ, 4_000))).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'idCard.liftAgain' },
    });
    expect(driver.status().media).toBe('latched');
    const read = execute();
    await clock.run(2_000);
    expect(driver.status().media).toBe('latched');
    reader.lift();
    await clock.run(NOTICE_MS);
    expect(driver.status().media).toBe('notPresent');
    reader.lay('chen-xiaoming');
    expect((await clock.runUntil(read, 600)).kind).toBe('done');
  });

  it('exchanged for another one in a moment is read as the other one', async () => {
    for (const model of MODELS) {
      const { clock, reader, execute } = idCardStation(model);
      reader.lay('chen-xiaoming');
      await clock.runUntil(execute());
      reader.lay('long-term');
      expect(await clock.runUntil(execute())).toMatchObject({ reply: { document: { name: '示范乙' } } });
    }
  });

  it('is not known when the wire is new', async () => {
    const { clock, link, reader, execute, driver } = idCardStation();
    reader.lay('chen-xiaoming');
    await clock.runUntil(execute());
    link.vanish();
    expect(driver.status()).toMatchObject({ device: 'offline', media: 'unknown' });
    link.come();
    await clock.run(100);
    expect(driver.status()).toMatchObject({ device: 'online', media: 'unknown' });
  });
});

describe.each(MODELS)('a card pulled off %s', (model) => {
  it.each([2, 3, 4])('at exchange %i is removed within half a second, and read when it is back', async (exchange) => {
    const { clock, reader, execute, driver } = idCardStation(model);
    await clock.run(100);
    reader.lay('moved');
    reader.faults.pulledAtExchange = exchange;
    const from = clock.now();
    const outcome = await clock.runUntil(execute(READ_ALL));
    expect(outcome).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'card.removed' } });
    expect(JSON.stringify(outcome)).not.toMatch(/陈|4401/);
    // leaving out the pauses in which this model must be left alone
    expect(clock.now() - from).toBeLessThanOrEqual(NOTICE_MS + (model === 'sam-v-hid' ? 100 : 0));
    expect(driver.status().media).toBe('notPresent');
    await clock.run(1_500);
    const again = execute(READ_ALL);
    reader.lay('moved');
    expect(await clock.runUntil(again, 1_000)).toMatchObject({ reply: { document: { name: '陈小明' } } });
  });

  it('before it was found is only waited for', async () => {
    const { clock, reader, execute } = idCardStation(model);
    reader.lay('moved');
    reader.faults.pulledAtExchange = 1;
    const read = execute();
    await clock.run(2_000);
    reader.lay('moved');
    expect((await clock.runUntil(read)).kind).toBe('done');
  });

  it('in the middle of a slow reading is removed within half a second', async () => {
    const { clock, reader, execute, media } = idCardStation(model, 900);
    reader.lay('chen-xiaoming');
    const read = execute();
    await clock.run(600);
    reader.lift();
    const from = clock.now();
    expect(await clock.runUntil(read)).toMatchObject({ problem: { code: 'card.removed' } });
    expect(clock.now() - from).toBeLessThanOrEqual(NOTICE_MS);
    expect(media.at(-1)).toBe('notPresent');
  });

  it('and answering nothing any more is removed after the patience of a reading', async () => {
    const { clock, link, reader, execute } = idCardStation(model);
    const device = link.device;
    link.device = (hex) => (hex.startsWith('AAAAAA966900033001') ? reader.lift() : device(hex));
    reader.lay('chen-xiaoming');
    expect(await clock.runUntil(execute(READ, 10_000), 5_000)).toMatchObject({ problem: { code: 'card.removed' } });
  });
});

describe('a card that cannot be read', () => {
  it('but still lies there is unreadable, not removed', async () => {
    for (const model of MODELS) {
      const { clock, reader, execute, driver } = idCardStation(model);
      reader.faults.readCode = 0x41;
      reader.lay('chen-xiaoming');
      expect(await clock.runUntil(execute())).toMatchObject({ problem: { code: 'card.unreadable' } });
      expect(driver.status().media).toBe('present');
      reader.lift();
      await clock.run(NOTICE_MS);
      expect(driver.status().media).toBe('notPresent');
    }
  });
});

describe('a reading that ends early', () => {
  it.each([0x31, 0x40] as const)('by %i leaves a card that is watched until it goes', async (readCode) => {
    const { clock, reader, execute, driver } = idCardStation();
    reader.faults.readCode = readCode;
    reader.lay('chen-xiaoming');
    await clock.runUntil(execute());
    await clock.run(1_000);
    expect(driver.status().media).toBe('present');
    reader.lift();
    await clock.run(NOTICE_MS);
    expect(driver.status().media).toBe('notPresent');
  });

  it.each([
    ['sam-v', 'latched'],
    ['sam-v-refind', 'present'],
  ] as const)('by its caller leaves the card of %s %s', async (model, media) => {
    const { clock, reader, execute, driver } = idCardStation(model, 500);
    const abort = new AbortController();
    reader.lay('chen-xiaoming');
    const read = execute(READ, 30_000, abort.signal);
    await clock.run(400);
    expect(driver.status().media).toBe('entering');
    abort.abort();
    expect(await read).toMatchObject({ problem: { code: 'kiosk.cancelled' } });
    // the reading goes on in the module and uses up the presentation
    await clock.run(3_000);
    expect(driver.status().media).toBe(media);
  });
});

describe('a module that fails while a card lies on it', () => {
  it('is asked for its status and reset; of the card nothing is known', async () => {
    for (const model of MODELS) {
      const { clock, reader, execute, driver } = idCardStation(model);
      reader.lay('chen-xiaoming');
      await clock.runUntil(execute());
      Object.assign(reader.faults, { samCode: 0x60, resetMends: true });
      await clock.run(1_000);
      expect(driver.status()).toMatchObject({ device: 'hardwareError', media: 'unknown' });
      await clock.run(2_500);
      expect(driver.status()).toMatchObject({ device: 'online', media: 'unknown' });
    }
  });
});
