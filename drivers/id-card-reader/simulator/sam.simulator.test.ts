import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, framesOf, hexOf } from '../../testing/frames.ts';
import { SamSimulator, type SamSimulatorOptions } from './sam.simulator.ts';

const sam = framesOf('idcard-sam');
const FIND = 'AAAAAA96690003200122';
const SELECT = 'AAAAAA96690003200221';
const READ = sam('cmd-read-base');
const READ_ALL = sam('cmd-read-base-fp');
const ADDRESS = 'AAAAAA96690003300330';
const FOUND = 'AAAAAA9669000800009F0000000097';
const NONE = sam('rsp-find-none');
const SELECTED = 'AAAAAA9669000C00009000000000000000009C';
const OK = 'AAAAAA9669000400009094';
const READ_FAILED = 'AAAAAA9669000400004145';

function reader(options: Partial<SamSimulatorOptions> = {}) {
  const clock = new SimulatedClock();
  const simulator = new SamSimulator({
    clock,
    chance: { bytes: (length) => new Uint8Array(length).fill(7) },
    ...options,
  });
  const said: string[] = [];
  simulator.onOutput((bytes) => said.push(hexOf(bytes)));
  simulator.connected();
  /** What it says to this, all in one. */
  const ask = (hex: string): string => {
    said.length = 0;
    simulator.feed(bytesOf(hex));
    return said.join('');
  };
  return { clock, simulator, said, ask };
}

describe('the sheet’s frames', () => {
  it.each([
    ['cmd-reset', OK],
    ['cmd-status', OK],
    ['cmd-sam-id', sam('rsp-sam-id')],
    ['cmd-baud-57600', OK],
    ['cmd-read-iinsn', sam('rsp-bad-command')],
  ])('%s', (name, answer) => {
    expect(reader().ask(sam(name))).toBe(answer);
  });

  it.each([
    ['no-fingerprints', READ, 'rsp-read-base-citizen'],
    ['no-fingerprints', READ_ALL, 'rsp-read-fp-absent'],
    ['long-term', READ, 'rsp-read-base-citizen-longterm'],
    ['residence-permit', READ, 'rsp-read-base-gat'],
    ['foreigner-2017', READ, 'rsp-read-base-fpr2017'],
    ['foreigner-2023', READ, 'rsp-read-base-fpr2023'],
  ])('%s is read as the sheet has it', (card, read, frame) => {
    const { simulator, ask } = reader();
    simulator.lay(card);
    expect(ask(FIND)).toBe(FOUND);
    expect(ask(SELECT)).toBe(SELECTED);
    expect(ask(read)).toBe(sam(frame));
  });

  it('a card with fingerprints is 2321 bytes', () => {
    const { simulator, ask } = reader();
    simulator.lay('chen-xiaoming');
    ask(FIND);
    ask(SELECT);
    const answer = ask(READ_ALL);
    expect(answer.length / 2).toBe(2_321);
    expect(answer.slice(0, 32)).toBe('AAAAAA9669090A000090010004000400');
  });

  it('appended addresses follow a reading without another find', () => {
    const { simulator, ask } = reader();
    simulator.lay('moved');
    ask(FIND);
    ask(SELECT);
    ask(READ);
    expect(ask(ADDRESS).slice(0, 60)).toBe(`AAAAAA96690090000090${sam('rsp-new-address').slice(20, 60)}`);
    simulator.lay('chen-xiaoming');
    ask(FIND);
    ask(SELECT);
    ask(READ);
    expect(ask(ADDRESS)).toBe(sam('rsp-no-content'));
  });
});

describe('a card', () => {
  it('is not found again after a reading until it is lifted, on readers of that kind only', () => {
    for (const liftAgain of [true, false]) {
      const { simulator, ask } = reader({ liftAgain });
      simulator.lay('chen-xiaoming');
      for (const question of [FIND, SELECT, READ]) ask(question);
      expect(ask(FIND)).toBe(liftAgain ? NONE : FOUND);
      simulator.lay('chen-xiaoming');
      expect(ask(FIND)).toBe(FOUND);
    }
  });

  it('must be found before it is selected, and selected before it is read', () => {
    const { simulator, ask } = reader();
    expect([ask(FIND), ask(SELECT), ask(READ)]).toEqual([NONE, 'AAAAAA9669000400008185', READ_FAILED]);
    simulator.lay('chen-xiaoming');
    expect([ask(SELECT), ask(READ)]).toEqual(['AAAAAA9669000400002327', 'AAAAAA9669000400002327']);
  });

  it('lifted while it is read is a failed reading a moment later', () => {
    const { clock, simulator, said, ask } = reader({ radioMs: 800 });
    simulator.lay('chen-xiaoming');
    ask(FIND);
    ask(SELECT);
    expect(ask(READ)).toBe('');
    clock.advance(300);
    simulator.lift();
    clock.advance(60);
    expect(said).toEqual([READ_FAILED]);
    clock.advance(1_000);
    expect(said.length).toBe(1);
  });

  it.each([1, 2, 3, 4])('pulled at exchange %i fails that one and all after it', (exchange) => {
    const { simulator, ask } = reader();
    simulator.lay('moved');
    simulator.faults.pulledAtExchange = exchange;
    const answers = [FIND, SELECT, READ, ADDRESS].map(ask);
    const isSound = (answer: string) => answer.slice(18, 20) === '90' || answer.slice(18, 20) === '9F';
    expect(answers.map(isSound)).toEqual([1, 2, 3, 4].map((each) => each < exchange));
    expect(simulator.state.card).toBeNull();
  });
});

describe('the line', () => {
  it('a damaged question is 10, one of an impossible length 11', () => {
    expect(reader().ask('AAAAAA96690003200123')).toBe(sam('rsp-rx-checksum'));
    expect(reader().ask('AAAAAA9669FF03200122')).toBe(sam('rsp-rx-length'));
  });

  it('hears nothing while it works: it is half-duplex', () => {
    const { clock, simulator, said, ask } = reader({ radioMs: 100 });
    simulator.lay('chen-xiaoming');
    ask(FIND);
    ask(SELECT);
    ask(READ);
    simulator.feed(bytesOf(sam('cmd-status')));
    clock.advance(100);
    expect(said.map((each) => each.length / 2)).toEqual([1_295]);
  });

  it('answers in 64-byte reports padded with zeros', () => {
    const { said, ask } = reader({ transport: 'hid' });
    ask(framesOf('idcard-sam-hid')('out-find'));
    expect(said).toEqual([NONE.padEnd(128, '0')]);
  });

  it('takes the time of 115200 baud when it is paced', () => {
    const { clock, simulator, said, ask } = reader();
    simulator.lay('no-fingerprints');
    ask(FIND);
    ask(SELECT);
    simulator.faults.paced = true;
    ask(READ);
    clock.advance(112);
    expect(said.join('').length / 2).toBeLessThan(1_295);
    clock.advance(0.5);
    expect(said.join('')).toBe(sam('rsp-read-base-citizen'));
  });

  it('spoils what it is told to spoil', () => {
    const { simulator, ask } = reader();
    simulator.faults.wrongChecksums = 1;
    expect(ask(sam('cmd-status'))).toBe(sam('rsp-bad-checksum'));
    simulator.faults.misheard = 1;
    expect(ask(sam('cmd-status'))).toBe(sam('rsp-rx-checksum'));
    Object.assign(simulator.faults, { garbage: true, foreignFrame: true, stale: true });
    const [noise, foreign] = ['AA0707070707AAAA', 'AAAAAA9669000700005501020352'];
    expect(ask(sam('cmd-status'))).toBe(noise + foreign + sam('rsp-rx-checksum') + OK);
  });

  it('is at fault until a reset mends it', () => {
    const { simulator, ask } = reader();
    Object.assign(simulator.faults, { samCode: 0x60, resetMends: true });
    expect(ask(sam('cmd-status'))).toBe(sam('rsp-status-selftest-fail'));
    expect(ask(FIND)).toBe(sam('rsp-status-selftest-fail'));
    expect(ask(sam('cmd-reset'))).toBe(OK);
    expect(ask(sam('cmd-status'))).toBe(OK);
  });

  it('changes its speed', () => {
    const { simulator, ask } = reader();
    ask(sam('cmd-baud-9600'));
    expect(simulator.state.baudRate).toBe(9_600);
    expect(ask('AAAAAA96690003600566')).toBe(sam('rsp-bad-command'));
  });
});
