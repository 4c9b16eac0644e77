import { describe, expect, it } from 'vitest';
import { IdCardReply } from '../../contract/devices/id-card-reader.schema.ts';
import { parse } from '../../contract/check.ts';
import { framesOf } from '../testing/frames.ts';
import { ID_CARDS } from './simulator/id-cards.ts';
import { idCardStation, READ, READ_ALL } from './testing/id-card-station.test-support.ts';

const sam = framesOf('idcard-sam');
const STATUS = sam('cmd-status');
const FIND = 'AAAAAA96690003200122';
const SELECT = 'AAAAAA96690003200221';
const LINE_MS = (1_295 * 10_000) / 115_200;

describe('reading', () => {
  it.each(ID_CARDS.filter(({ id }) => !['unknown-document', 'wrong-check-digit'].includes(id)).map(({ id }) => id))(
    '%s is done, and fits the contract',
    async (card) => {
      const { clock, reader, execute } = idCardStation();
      reader.lay(card);
      const outcome = await clock.runUntil(execute(READ_ALL));
      expect(outcome.kind).toBe('done');
      expect(parse(IdCardReply, outcome.kind === 'done' ? outcome.reply : undefined)).toMatchObject({ ok: true });
    },
  );

  it('tells everything the card says, and how much came', async () => {
    const { clock, reader, execute } = idCardStation();
    reader.lay('moved');
    const outcome = await clock.runUntil(execute(READ_ALL));
    expect(outcome).toMatchObject({
      kind: 'done',
      reply: {
        document: { name: '陈小明', number: '440113190001010016', nationCode: '01' },
        fingerprints: [
          { finger: 'right-thumb', quality: 80 },
          { finger: 'left-thumb', quality: 72 },
        ],
        appendedAddress: '广东省广州市番禺区示范镇新村九号',
      },
      evidence: { method: 'sam.read', value: '90, 2310 bytes' },
    });
    const photo = outcome.kind === 'done' && outcome.reply.kind === 'read' ? outcome.reply.photo : '';
    expect(Buffer.from(photo, 'base64').toString('hex').slice(0, 20)).toBe('574c66007e00320000ff');
    expect(Buffer.from(photo, 'base64').length).toBe(1_024);
  });

  it('a card without fingerprints (1297 bytes) and without an appended address is read all the same', async () => {
    const { clock, reader, execute } = idCardStation();
    reader.lay('no-fingerprints');
    const outcome = await clock.runUntil(execute(READ_ALL));
    expect(outcome).toMatchObject({ kind: 'done', reply: { fingerprints: [], document: { name: '示范甲' } } });
    expect(JSON.stringify(outcome)).not.toContain('appendedAddress');
  });

  it('asks for no more than it was told to', async () => {
    const { clock, link, reader, execute } = idCardStation();
    reader.lay('chen-xiaoming');
    await clock.runUntil(execute(READ));
    const asked = link.written.map((hex) => hex.slice(14, 18)).filter((command) => command !== '11FF');
    expect(asked).toEqual(['2001', '2002', '3001']);
  });

  it('a module that knows no 30 10 is asked for text and photo', async () => {
    const { clock, link, reader, execute } = idCardStation();
    const device = link.device;
    link.device = (hex) => (hex === sam('cmd-read-base-fp') ? link.say(sam('rsp-bad-command')) : device(hex));
    reader.lay('chen-xiaoming');
    const outcome = await clock.runUntil(execute(READ_ALL));
    expect(outcome).toMatchObject({ kind: 'done', reply: { fingerprints: [], document: { name: '陈小明' } } });
  });

  it('waits for a card until the deadline, asking every 300 ms and never faster', async () => {
    const { clock, link, execute, driver } = idCardStation();
    await clock.run(50);
    link.written.length = 0;
    expect(await clock.runUntil(execute(READ, 3_000))).toEqual({
      kind: 'failed',
      effect: 'none',
      problem: { code: 'device.deadline' },
    });
    expect(link.written.filter((hex) => hex === FIND).length).toBe(10);
    expect(driver.status()).toMatchObject({ device: 'online', media: 'notPresent' });
  });

  it('takes the card that comes while it waits', async () => {
    const { clock, reader, execute } = idCardStation();
    const read = execute();
    await clock.run(5_000);
    reader.lay('rare-name');
    expect(await clock.runUntil(read, 400)).toMatchObject({ reply: { document: { name: '梁䶮' } } });
  });

  it('gives up at once when it is cancelled', async () => {
    const { clock, execute } = idCardStation();
    const abort = new AbortController();
    const read = execute(READ, 30_000, abort.signal);
    await clock.run(1_000);
    abort.abort();
    expect(await read).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'kiosk.cancelled' } });
  });

  it('of a real card on a line of 115200 baud takes the time of the line and no more', async () => {
    const { clock, reader, execute } = idCardStation();
    await clock.run(1_000);
    reader.faults.paced = true;
    reader.lay('chen-xiaoming');
    const from = clock.now();
    expect((await clock.runUntil(execute())).kind).toBe('done');
    // find 15, select 19 and read 1295 bytes; the goal is 1.02 of the line
    expect(clock.now() - from).toBeLessThan(((15 + 19 + 1_295) * 10_000) / 115_200 + 0.02 * LINE_MS);
  });
});

describe('what is never shown', () => {
  it.each([
    ['unknown-document', 'idCard.unknownDocument'],
    ['wrong-check-digit', 'card.unreadable'],
  ])('%s is %s, and nothing of it gets out', async (card, code) => {
    const { clock, reader, execute, driver } = idCardStation();
    reader.lay(card);
    const outcome = await clock.runUntil(execute(READ_ALL));
    expect(outcome).toMatchObject({ kind: 'failed', effect: 'none', problem: { code } });
    expect(JSON.stringify([outcome, driver.status()])).not.toMatch(/440113|陈|示范/);
  });
});

describe('what the module says', () => {
  it.each([
    [0x31, 'idCard.notGenuine'],
    [0x32, 'idCard.notGenuine'],
    [0x33, 'idCard.notGenuine'],
    [0x40, 'card.unknown'],
    [0x41, 'card.unreadable'],
    [0x21, 'device.refused'],
  ] as const)('%i to a reading is %s, and the card is not asked again', async (readCode, code) => {
    const { clock, link, reader, execute } = idCardStation();
    reader.faults.readCode = readCode;
    reader.lay('chen-xiaoming');
    expect(await clock.runUntil(execute())).toMatchObject({ kind: 'failed', effect: 'none', problem: { code } });
    expect(link.written.filter((hex) => hex === sam('cmd-read-base')).length).toBe(1);
  });

  it.each([0x23, 0x24] as const)('%i begins again with find, three times at most', async (readCode) => {
    const { clock, link, reader, execute } = idCardStation();
    reader.faults.readCode = readCode;
    reader.lay('chen-xiaoming');
    expect(await clock.runUntil(execute())).toMatchObject({ problem: { code: 'card.unreadable' } });
    expect(link.written.filter((hex) => hex === sam('cmd-read-base')).length).toBe(4);
  });

  it('a broken sequence that mends is read', async () => {
    const { clock, reader, execute } = idCardStation();
    reader.faults.readCode = 0x23;
    reader.lay('chen-xiaoming');
    const read = execute();
    await clock.run(200);
    reader.faults.readCode = null;
    expect((await clock.runUntil(read)).kind).toBe('done');
  });

  it.each(['misheard', 'wrongChecksums'] as const)('%s once is asked once more, at every step', async (fault) => {
    for (const skipped of [0, 1, 2]) {
      const { clock, link, reader, execute } = idCardStation();
      await clock.run(50);
      const device = link.device;
      let questions = 0;
      link.device = (hex) => {
        if (questions === skipped) reader.faults[fault] = 1;
        questions += 1;
        device(hex);
      };
      reader.lay('chen-xiaoming');
      expect((await clock.runUntil(execute())).kind).toBe('done');
      expect(questions).toBe(4);
    }
  });

  it('an answer of which a part is missing is asked for once more', async () => {
    for (const lose of [(hex: string) => hex.slice(0, -2), (hex: string) => `00${hex.slice(2)}`]) {
      const { clock, link, reader, execute } = idCardStation();
      const say = link.say.bind(link);
      let isFirst = true;
      link.say = (hex) => {
        const isSpoilt = isFirst && hex.length === 1_295 * 2;
        if (isSpoilt) isFirst = false;
        say(isSpoilt ? lose(hex) : hex);
      };
      reader.lay('chen-xiaoming');
      expect((await clock.runUntil(execute())).kind).toBe('done');
      expect(link.written.filter((hex) => hex === sam('cmd-read-base')).length).toBe(2);
    }
  });

  it('another question’s answer is not taken for a selected card', async () => {
    const { clock, link, reader, execute } = idCardStation();
    const device = link.device;
    link.device = (hex) => (hex === SELECT ? link.say('AAAAAA9669000400009094') : device(hex));
    reader.lay('chen-xiaoming');
    expect((await clock.runUntil(execute(READ, 900))).kind).toBe('failed');
    expect(link.written).not.toContain(sam('cmd-read-base'));
  });

  it('the block of another kind of reading, left over from another card, is not taken for this one', async () => {
    const { clock, link, reader, execute } = idCardStation();
    const device = link.device;
    link.device = (hex) => {
      if (hex === sam('cmd-read-base')) link.say(sam('rsp-read-fp-absent'));
      device(hex);
    };
    reader.lay('long-term');
    expect(await clock.runUntil(execute())).toMatchObject({ reply: { document: { name: '示范乙' } } });
  });

  it('damaged answers to every reading are garbage, never a document', async () => {
    const { clock, link, reader, execute } = idCardStation();
    const device = link.device;
    link.device = (hex) => {
      if (hex === sam('cmd-read-base')) reader.faults.wrongChecksums = 1;
      device(hex);
    };
    reader.faults.liftAgain = false;
    reader.lay('chen-xiaoming');
    expect(await clock.runUntil(execute())).toMatchObject({ kind: 'failed', problem: { code: 'device.garbage' } });
  });

  it('a find answer with another number than zeros is a card', async () => {
    const { clock, link, reader, execute } = idCardStation();
    const device = link.device;
    link.device = (hex) => {
      const stop = hex === FIND ? reader.onOutput(() => undefined) : undefined;
      device(hex);
      stop?.();
    };
    reader.lay('chen-xiaoming');
    const say = link.say.bind(link);
    link.say = (hex) => say(hex === 'AAAAAA9669000800009F0000000097' ? sam('rsp-find-ok-nonzero') : hex);
    expect((await clock.runUntil(execute())).kind).toBe('done');
  });

  it.each(['garbage', 'foreignFrame', 'stale'] as const)('%s before every answer changes nothing', async (fault) => {
    const { clock, reader, execute, driver } = idCardStation();
    reader.faults[fault] = true;
    for (const card of ['moved', 'long-term']) {
      reader.lay(card);
      const name = card === 'moved' ? '陈小明' : '示范乙';
      expect(await clock.runUntil(execute(READ_ALL))).toMatchObject({ kind: 'done', reply: { document: { name } } });
    }
    expect(driver.status().device).toBe('online');
  });

  it('is never asked for the card serial, whose bytes nobody is sure of', async () => {
    const { clock, link, reader, execute } = idCardStation('sam-v-refind');
    reader.lay('moved');
    await clock.runUntil(execute(READ_ALL));
    await clock.run(5_000);
    expect(link.written).not.toContain(sam('cmd-read-iinsn'));
  });
});

describe('identity of the module', () => {
  it('is told without a card', async () => {
    const { clock, execute } = idCardStation();
    expect(await clock.runUntil(execute({ kind: 'sam-id' }))).toMatchObject({
      reply: { kind: 'sam-id', samId: '05.03-20200101-0012345678-0087654321' },
    });
  });

  it('of a module at fault, of a mute one, and of a damaged line', async () => {
    const faulty = idCardStation();
    faulty.reader.faults.samCode = 0x66;
    expect(await faulty.clock.runUntil(faulty.execute({ kind: 'sam-id' }))).toMatchObject({
      problem: { code: 'idCard.samFault', detail: '66' },
    });
    const mute = idCardStation();
    mute.reader.wire.faults.silent = true;
    expect(await mute.clock.runUntil(mute.execute({ kind: 'sam-id' }, 3_000))).toMatchObject({
      effect: 'none',
      kind: 'failed',
    });
    const spoilt = idCardStation();
    spoilt.reader.faults.wrongChecksums = 9;
    expect(await spoilt.clock.runUntil(spoilt.execute({ kind: 'sam-id' }))).toMatchObject({
      problem: { code: 'device.garbage' },
    });
  });
});

describe('HID reports', () => {
  it('carry each question, padded with zeros to 64 bytes', async () => {
    const { clock, link, reader, execute } = idCardStation('sam-v-hid');
    reader.lay('moved');
    expect(await clock.runUntil(execute(READ_ALL))).toMatchObject({ reply: { document: { name: '陈小明' } } });
    expect(link.written).toContain(framesOf('idcard-sam-hid')('out-find'));
    expect(link.written.every((hex) => hex.length === 128)).toBe(true);
  });

  it('leave the reader alone for 100 ms after a reading was asked for', async () => {
    const { clock, link, reader, execute } = idCardStation('sam-v-hid');
    await clock.run(50);
    reader.lay('chen-xiaoming');
    const asked: number[] = [];
    const device = link.device;
    link.device = (hex) => {
      asked.push(clock.now());
      device(hex);
    };
    const from = clock.now();
    await clock.runUntil(execute(READ_ALL));
    expect(asked.map((at) => at - from)).toEqual([0, 0, 0, 100]);
    expect(clock.now() - from).toBe(200);
  });
});

describe('the wire', () => {
  it('status starts unknown, is starting on an open wire, online when the module has answered', async () => {
    const { clock, driver, link } = idCardStation();
    expect(driver.status()).toMatchObject({ device: 'starting', media: 'unknown' });
    await clock.run(10);
    expect(driver.status()).toEqual({ device: 'online', paper: 'unknown', media: 'unknown' });
    expect(link.written).toEqual([STATUS]);
  });

  it('close settles what runs, can be said twice, and leaves no timer', async () => {
    const { clock, execute, driver } = idCardStation();
    const read = execute();
    await clock.run(500);
    await driver.close();
    await driver.close();
    expect((await read).kind).toBe('failed');
    expect((await execute()).kind).toBe('failed');
    expect(clock.pendingTimers).toBe(0);
  });
});
