import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { FINGER_NAMES, PEOPLE, printOf } from './fingers.ts';
import { ZfmSimulator, type ZfmOptions } from './zfm.simulator.ts';

const frame = framesOf('fingerprint-zfm');
const OK = frame('ack-ok');
const GEN_IMG = 'EF01FFFFFFFF010003010005';
const IMG2TZ_1 = 'EF01FFFFFFFF01000402010008';
const MATCH = 'EF01FFFFFFFF010003030007';
const STORE_1_5 = 'EF01FFFFFFFF010006060100050013';
const LOAD_1_5 = 'EF01FFFFFFFF010006070100050014';
const DELETE_5 = 'EF01FFFFFFFF0100070C00050001001A';
const VERIFY_PASSWORD_0 = 'EF01FFFFFFFF0100071300000000001B';

/** Sealed by arithmetic of its own: content is instruction and parameters. */
function command(content: string, address = 'FFFFFFFF', pid = '01'): string {
  const length = (content.length / 2 + 2).toString(16).toUpperCase().padStart(4, '0');
  const sum = bytesOf(pid + length + content).reduce((total, byte) => total + byte, 0);
  return `EF01${address}${pid}${length}${content}${sum.toString(16).toUpperCase().padStart(4, '0')}`;
}

function ack(content: string): string {
  return command(content, 'FFFFFFFF', '07');
}

function module(options: Partial<ZfmOptions> = {}) {
  const clock = new SimulatedClock();
  const chance = { bytes: () => bytesOf('89ABCDEF') };
  const simulator = new ZfmSimulator({ clock, chance, ...options });
  const heard: string[] = [];
  simulator.onOutput((bytes) => heard.push(hexOf(bytes)));
  return {
    clock,
    simulator,
    send: (...hexes: string[]) => {
      for (const hex of hexes) simulator.feed(bytesOf(hex));
      return heard.splice(0);
    },
  };
}

/** Enrols what is on the sensor into page `page`. */
function enrol(station: ReturnType<typeof module>, page: string): void {
  station.send(GEN_IMG, IMG2TZ_1, GEN_IMG, frame('img2tz-2'), frame('reg-model'), command(`0601${page}`));
}

describe('commands of the sheet', () => {
  it('are answered as the sheet says', () => {
    const { simulator, send } = module();
    expect(send(frame('read-params'))).toEqual([frame('ack-params')]);
    expect(send(frame('random'))).toEqual([frame('ack-random')]);
    expect(send(GEN_IMG)).toEqual([frame('ack-no-finger')]);
    expect(send(IMG2TZ_1)).toEqual([frame('ack-no-image')]);
    simulator.press('neighbour', 'rightThumb');
    expect(send(GEN_IMG, IMG2TZ_1)).toEqual([OK, OK]);
    expect(send(STORE_1_5, LOAD_1_5, DELETE_5, LOAD_1_5)).toEqual([OK, OK, OK, frame('ack-load-error')]);
    expect(send(frame('set-packet-128'), frame('empty'), VERIFY_PASSWORD_0)).toEqual([OK, OK, OK]);
    expect(send('EF01FFFFFFFF010007350164020000A4')).toEqual([OK]);
    expect(simulator.state.light).toBe('aura mode 1 colour 2');
  });

  it('find a stored finger with page and score, and count what is stored', () => {
    const station = module();
    station.simulator.press('neighbour', 'leftThumb');
    enrol(station, '0000');
    station.simulator.press('neighbour', 'rightThumb');
    enrol(station, '0001');
    station.simulator.press('stranger', 'rightThumb');
    enrol(station, '0002');
    station.simulator.press('neighbour', 'rightThumb');
    expect(station.send(GEN_IMG, IMG2TZ_1, frame('search-all'))).toEqual([OK, OK, frame('ack-found')]);
    expect(station.send(frame('template-count'))).toEqual([frame('ack-count')]);
    expect(station.send('EF01FFFFFFFF0100041F000024')).toEqual([frame('ack-index')]);
    station.simulator.press('stranger', 'leftThumb');
    expect(station.send(GEN_IMG, IMG2TZ_1, frame('search-all')).at(-1)).toBe(ack('0900000000'));
  });

  it('that come with a wrong sum, for another address, or for a page that is not there are refused', () => {
    const { send } = module();
    expect(send('EF01FFFFFFFF010003010006')).toEqual([frame('ack-packet-error')]);
    expect(send(command('01', '00000001'))).toEqual([ack('20')]);
    expect(send(command('06010400'))).toEqual([frame('ack-bad-page')]);
    expect(send(command('0E0703'))).toEqual([frame('ack-bad-register')]);
  });

  it('are found in any noise and in any pieces', () => {
    const { send } = module();
    expect(send('00EF02EF01', 'EF', '01FFFFFFFF0100', '03010005')).toEqual([frame('ack-no-finger')]);
  });
});

describe('prints', () => {
  it('too poor to compare say why by their code', () => {
    const { simulator, send } = module();
    simulator.press('resident', 'rightThumb');
    expect(send(GEN_IMG, IMG2TZ_1)).toEqual([OK, ack('07')]);
    simulator.press('resident', 'leftThumb', { skin: 'wet' });
    expect(send(GEN_IMG, IMG2TZ_1)).toEqual([OK, frame('ack-messy')]);
    simulator.press('resident', 'rightIndex');
    expect(send(GEN_IMG, IMG2TZ_1)).toEqual([OK, OK]);
  });

  it('of every finger of everybody are their own', () => {
    const all = PEOPLE.flatMap((person) => FINGER_NAMES.map((finger) => hexOf(printOf({ person, finger }))));
    expect(new Set(all).size).toBe(30);
  });

  it('match the same finger and no other; two fingers do not merge', () => {
    const { simulator, send } = module();
    simulator.press('neighbour', 'rightThumb');
    send(GEN_IMG, IMG2TZ_1, GEN_IMG, frame('img2tz-2'));
    expect(send(MATCH)).toEqual([ack('000060')]);
    simulator.press('stranger', 'rightThumb');
    send(GEN_IMG, frame('img2tz-2'));
    expect(send(MATCH, frame('reg-model'))).toEqual([ack('080000'), frame('ack-merge-fail')]);
  });

  it('travel as a template of four packets and match after they came back', () => {
    const { simulator, send } = module();
    simulator.press('neighbour', 'rightThumb');
    send(GEN_IMG, IMG2TZ_1, GEN_IMG, frame('img2tz-2'), frame('reg-model'));
    const [first, ...packets] = send(frame('up-char-1'));
    expect(first).toBe(OK);
    // 12 + 4 x 139 bytes on the wire (device-protocols 3.6)
    expect(packets.map((hex) => hex.slice(12, 18))).toEqual(['020082', '020082', '020082', '080082']);
    expect(send(command('0902'), ...packets, MATCH)).toEqual([OK, ack('000060')]);
  });

  it('stay in image and buffers until every byte is overwritten', () => {
    const { simulator, send } = module({ sizes: { imageBytes: 256 } });
    simulator.press('neighbour', 'rightThumb');
    send(GEN_IMG, IMG2TZ_1, GEN_IMG, frame('img2tz-2'), frame('reg-model'));
    const zeros = (count: number) => '00'.repeat(count);
    const data = (pid: string, count: number) => command(zeros(count), 'FFFFFFFF', pid);
    send(command('0901'), data('02', 128), data('02', 128), data('02', 128), data('08', 128));
    send(command('0902'), data('02', 128), data('02', 128), data('02', 128), data('08', 128));
    expect(simulator.state.memory).toMatchObject({ buffer1: 'zeros', buffer2: 'zeros' });
    expect(simulator.state.holdsAPerson).toBe(true);
    send(command('0B'), data('08', 128));
    expect(simulator.state.memory.image).toBe('of neighbour rightThumb');
    send(command('0B'), data('02', 128), data('08', 128));
    expect(simulator.state).toMatchObject({ holdsAPerson: false, memory: { image: 'zeros' } });
  });
});

describe('a module that misbehaves', () => {
  it('asks for its password and refuses a wrong one', () => {
    const { send } = module({ password: 0x11223344 });
    expect(send(GEN_IMG)).toEqual([frame('ack-need-password')]);
    expect(send(VERIFY_PASSWORD_0)).toEqual([ack('13')]);
    expect(send(command('1311223344'), GEN_IMG)).toEqual([OK, frame('ack-no-finger')]);
  });

  it('tells a damaged sum as the sheet shows one', () => {
    const { simulator, send } = module();
    simulator.faults.badChecksum = true;
    expect(send(VERIFY_PASSWORD_0)).toEqual(['EF01FFFFFFFF07000300000B']);
  });

  it('repeats what it said before, at once or later', () => {
    const { clock, simulator, send } = module();
    send(VERIFY_PASSWORD_0);
    simulator.faults.staleAck = true;
    expect(send(GEN_IMG)).toEqual([OK, frame('ack-no-finger')]);
    simulator.faults.staleAck = false;
    simulator.faults.echoAfterMs = 40;
    expect(send(GEN_IMG)).toEqual([frame('ack-no-finger')]);
    clock.advance(40);
    expect(send()).toEqual([frame('ack-no-finger')]);
  });

  it('cuts its packets into pieces, loses one, refuses its parameters', () => {
    const { simulator, send } = module();
    simulator.faults.splitEveryBytes = 5;
    expect(send(GEN_IMG)).toEqual(['EF01FFFFFF', 'FF07000302', '000C']);
    simulator.faults.splitEveryBytes = 0;
    simulator.press('neighbour', 'rightThumb');
    simulator.faults.losesDataPacket = true;
    expect(send(GEN_IMG, IMG2TZ_1, frame('up-char-1'))).toHaveLength(4);
    simulator.faults.noParameters = true;
    expect(send(frame('read-params'))).toEqual([frame('ack-packet-error')]);
  });
});
