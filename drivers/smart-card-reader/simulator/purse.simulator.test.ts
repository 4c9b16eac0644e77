/** Card and PSAM on the sheet's own frames: a question of the host in, the answer of the sheet out. */
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf, type ByteSimulator } from '../../simulator/byte-simulator.ts';
import { framesOf } from '../../testing/frames.ts';
import { PURSE_KEY } from './card-files.ts';
import { PsamSimulator } from './psam.simulator.ts';
import { PurseOs } from './purse-os.ts';
import { readApdu } from './apdu-in.ts';
import { VirtualCardSimulator } from './virtual-card.simulator.ts';

const pboc = framesOf('smartcard-pboc');
const sam = framesOf('smartcard-psam');
const NO_FAULTS = { countsAhead: false, signBit: false, wrongMac2: false, refuseMac1: false };

/** One APDU in vpcd framing, its answer without. */
function talk(device: ByteSimulator) {
  const heard: string[] = [];
  device.onOutput((bytes) => heard.push(hexOf(bytes)));
  device.connected();
  return (apdu: string): string => {
    device.feed(bytesOf((apdu.length / 2).toString(16).padStart(4, '0') + apdu));
    return heard.splice(0).join(' ').slice(4);
  };
}

/** A purse with this key, balance and sequence, whose random numbers are these. */
function purse(key: string, random: string, balanceCents = 1_234, faults = NO_FAULTS) {
  const os = new PurseOs({ key, balanceCents, offlineSequence: 0x12, log: [] }, faults, {
    bytes: () => bytesOf(random),
  });
  const say = (hex: string): string => {
    const apdu = readApdu(bytesOf(hex));
    if (!apdu) throw new Error(hex);
    const answer = os.obey(apdu);
    return 'status' in answer ? hexOf(Uint8Array.from(answer.status)) : `${hexOf(answer.data)}9000`;
  };
  return { os, say };
}

describe('the card', () => {
  it('is loaded as the published example was', () => {
    const { os, say } = purse('11223344556677888877665544332211', '11223344', 0);
    expect(say(pboc('init-load'))).toBe(pboc('rsp-init-load'));
    expect(say('805200000B201112212148223A845BF0')).toMatch(/^.{8}9000$/);
    expect(say(pboc('init-load'))).toMatch(/^0{8}0001/);
    expect(say('805200000B201112212148223A845BF0')).toBe('9302');
    expect(os.state.balanceCents).toBe(0x1000);
  });

  it('pays as the sheet’s did, once', () => {
    const { os, say } = purse(PURSE_KEY, 'A1B2C3D4');
    expect(say(pboc('init-purchase'))).toBe(pboc('rsp-init-purchase'));
    expect(say(pboc('debit-purchase'))).toMatch(/^.{8}134D33E89000$/);
    expect(say(pboc('debit-purchase'))).toBe('6985');
    expect(os.state).toMatchObject({ balanceCents: 1_034, debits: 1 });
    expect(os.state.log[0]).toBe('0012000000000000C80644011300000120240501083015');
    expect(say(pboc('get-prove-same-seq'))).toMatch(/^134D33E8.{8}9000$/);
    expect(say('805A000602001308')).toBe(pboc('rsp-prove-none'));
  });

  it('refuses a wrong MAC, too much money, another key, and a debit out of nothing', () => {
    const { os, say } = purse(PURSE_KEY, 'A1B2C3D4');
    expect(say(pboc('debit-purchase'))).toBe('6985');
    say(pboc('init-purchase'));
    expect(say(pboc('debit-purchase').replace('7CDC1A59', '7CDC1A58'))).toBe(pboc('rsp-debit-mac'));
    expect(say('805001020B01000004D34401130000010F')).toBe(pboc('rsp-debit-funds'));
    expect(say('805001020B02000000C84401130000010F')).toBe('9403');
    expect(os.state.debits).toBe(0);
  });

  it('pays a compound purchase under its own type', () => {
    const { os, say } = purse(PURSE_KEY, 'A1B2C3D4');
    say(pboc('init-compound'));
    expect(say('80DC01C80401020304')).toBe('9000');
    expect(say(pboc('debit-purchase'))).toBe('9302');
    expect(os.state.debits).toBe(0);
  });

  it('forgets a begun purchase when it loses power, and never what it has paid', () => {
    const { os, say } = purse(PURSE_KEY, 'A1B2C3D4');
    say(pboc('init-purchase'));
    os.reset();
    expect(say(pboc('debit-purchase'))).toBe('6985');
    say(pboc('init-purchase'));
    say(pboc('debit-purchase'));
    os.reset();
    expect(say(pboc('get-prove-same-seq'))).toMatch(/9000$/);
  });

  it('keeps ten records, the newest first', () => {
    const { os, say } = purse(PURSE_KEY, 'A1B2C3D4');
    expect(os.log.map(hexOf)).toEqual(Array.from({ length: 10 }, () => 'F'.repeat(46)));
    say(pboc('init-purchase'));
    say(pboc('debit-purchase'));
    expect(os.log).toHaveLength(10);
    expect(hexOf(os.log[0] ?? new Uint8Array())).toContain('440113000001');
  });
});

describe('the PSAM', () => {
  function module() {
    const clock = new SimulatedClock();
    const psam = new PsamSimulator({ clock, chance: { bytes: (length) => new Uint8Array(length) } });
    return { clock, psam, ask: talk(psam) };
  }

  it('signs and checks the sheet’s purchase, and counts it', () => {
    const { psam, ask } = module();
    expect(ask('00B0960006')).toBe(sam('rsp-terminal'));
    expect(ask(sam('init-mac1'))).toBe('6985');
    expect(ask(sam('select-df01'))).toBe('9000');
    expect(ask(sam('init-mac1'))).toBe('6108');
    expect(ask('00C0000008')).toBe(sam('rsp-mac1'));
    expect(ask(sam('check-mac2'))).toBe(sam('rsp-mac2-ok'));
    expect(ask(sam('check-mac2'))).toBe('6985');
    expect(psam.state).toMatchObject({ accepted: 1, sequence: 0x78 });
  });

  it('finds a wrong MAC2, and wants the purchase signed anew', () => {
    const { psam, ask } = module();
    ask(sam('select-df01'));
    ask(sam('init-mac1'));
    expect(ask('8072000004134D33E9')).toBe(sam('rsp-mac2-bad'));
    expect(ask(sam('check-mac2'))).toBe('6985');
    expect(psam.state.accepted).toBe(0);
  });

  it('says nothing while it is mute or out, and nothing of an earlier wire on the next', async () => {
    const { clock, psam, ask } = module();
    psam.faults.slowMs = 500;
    expect(ask('00B0960006')).toBe('');
    psam.disconnected();
    psam.connected();
    const heard: string[] = [];
    psam.onOutput((bytes) => heard.push(hexOf(bytes)));
    await clock.run(1_000);
    expect(heard).toEqual([]);
    psam.faults.slowMs = 0;
    psam.remove();
    expect(ask('00B0960006')).toBe('');
  });
});

it('a torn card has paid or has not, and is gone either way', () => {
  for (const [tear, debits] of [
    ['beforeDebit', 0],
    ['afterDebit', 1],
  ] as const) {
    const clock = new SimulatedClock();
    const card = new VirtualCardSimulator({ clock, chance: { bytes: () => bytesOf('A1B2C3D4') } });
    const ask = talk(card);
    card.insert('livelihood-chen');
    card.faults.tear = tear;
    ask('00A404000E50414E59552E4D534B2E44454D4F');
    expect(ask(pboc('init-purchase'))).toBe(pboc('rsp-init-purchase'));
    expect(ask(pboc('debit-purchase'))).toBe('');
    expect([card.present, card.debits, card.faults.tear]).toEqual([false, debits, 'none']);
    card.insert('livelihood-chen');
    expect(card.state.purse).toMatchObject({ balanceCents: 1_234 - 200 * debits });
  }
});
