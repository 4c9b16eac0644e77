import { describe, expect, it } from 'vitest';
import type { Chance } from '../../../contract/clock.ts';
import { SimulatedClock } from '../../../tests/support/simulated-clock.ts';
import { bytesOf, hexOf } from '../../simulator/byte-simulator.ts';
import { VIRTUAL_CARDS } from './card-data.ts';
import { VirtualCardSimulator } from './virtual-card.simulator.ts';

const chance: Chance = { bytes: (length) => new Uint8Array(length).fill(0x5a) };
const SELECT_LIVELIHOOD = '00A404000E50414E59552E4D534B2E44454D4F';
/** device-protocols 2.2. */
const SELECT_SSSE = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';

function reader(cardId = 'livelihood-chen') {
  const clock = new SimulatedClock();
  const card = new VirtualCardSimulator({ clock, chance });
  const heard: string[] = [];
  card.onOutput((bytes) => heard.push(hexOf(bytes)));
  card.connected();
  card.insert(cardId);
  const send = (hex: string) => card.feed(bytesOf(hex));
  return {
    clock,
    card,
    send,
    heard: () => heard.splice(0),
    /** One APDU in vpcd framing, its answer without. */
    ask(apdu: string): string {
      send((apdu.length / 2).toString(16).padStart(4, '0') + apdu);
      return heard.splice(0).join(' ').slice(4);
    },
  };
}

describe('vpcd framing', () => {
  it('gives the ATR, keeps quiet on power and reset, and answers commands', () => {
    const { send, heard } = reader('social-security-huang');
    send('000104');
    expect(heard()).toEqual(['00143B8F8001804F0CA000000306030001000000006A']);
    send('000101000102');
    expect(heard()).toEqual([]);
    send('001400A404000F7378312E73682EC9E7BBE1B1A3D5CF');
    expect(heard()).toEqual(['00029000']);
  });

  it('waits for the rest of a message', () => {
    const { send, heard } = reader();
    for (const byte of ['00', '01', '04', '00']) send(byte);
    expect(heard()).toHaveLength(1);
  });

  it('breaks off at an empty message', () => {
    const { card, send } = reader();
    let cuts = 0;
    card.onHangUp(() => (cuts += 1));
    send('0000');
    expect(cuts).toBe(1);
  });

  it('frames the balance as published', () => {
    const { ask, send, heard } = reader();
    ask(SELECT_LIVELIHOOD);
    send('0005805C000204');
    expect(heard()).toEqual(['0006000004D29000']);
  });
});

describe('livelihood card', () => {
  it('shows number, dates and holder', () => {
    const { ask } = reader();
    expect(ask(SELECT_LIVELIHOOD)).toBe('9000');
    expect(ask('00B095001E')).toBe(`4401130000000000110200004401130000010017202001012040123100009000`);
    const holder = ask('00B0960037');
    expect(holder).toHaveLength(2 * 57);
    expect(holder.slice(0, 16)).toBe('0000B3C2D0A1C3F7');
    expect(holder).toContain(hexOf(Buffer.from('440113190001010016')));
  });

  it('answers SELECT with its name when Le asks for it', () => {
    const { ask } = reader();
    expect(ask(`${SELECT_LIVELIHOOD}00`)).toMatch(/^6F1B840E50414E59552E4D534B2E44454D4FA5/);
  });

  it('selects and reads by file identifier', () => {
    const { ask } = reader();
    ask(SELECT_LIVELIHOOD);
    expect(ask('00B0000008')).toBe('6986');
    expect(ask('00A4000002001500')).toBe('9000');
    expect(ask('00B0000C08')).toBe('44011300000100179000');
    expect(ask('00B0004001')).toBe('6B00');
  });

  it('forgets what was selected when it is reset', () => {
    const { ask, send } = reader();
    ask(SELECT_LIVELIHOOD);
    send('000102');
    expect(ask('00B095001E')).toBe('6A82');
  });
});

describe('social-security card', () => {
  it('reads records by number and by identifier', () => {
    const { ask } = reader('social-security-huang');
    expect(ask(SELECT_SSSE)).toBe('9000');
    expect(ask('00B2022C03')).toBe('0201339000');
    expect(ask('00B2052C06')).toBe('0504202112039000');
    expect(ask('00B2072C0B')).toBe(`0709${hexOf(Buffer.from('A12345678'))}9000`);
    expect(ask('00A4020002EF06')).toBe('9000');
    expect(ask('00B2080014')).toBe(`0812${hexOf(Buffer.from('440113190309092046'))}9000`);
    expect(ask('00B24E0016')).toBe(`4E14${'00'.repeat(20)}9000`);
    expect(ask('00B20A0003')).toBe('0A01329000');
    expect(ask('00B2043403')).toBe('0A01329000'); // by number: second generation, sex is the fourth
    expect(ask('00B2990003')).toBe('6A83');
    expect(ask('00B2082C03')).toBe('6A83');
  });

  it('with T=0 manners makes the reader fetch and correct', () => {
    const { card, ask, send, heard } = reader('social-security-huang');
    card.faults.getResponse = true;
    send('000104');
    expect(heard()).toEqual(['000C3B6800000073C84013009000']);
    expect(ask(SELECT_SSSE)).toBe('611E');
    expect(ask('00C000001E')).toMatch(/^6F1C840F7378312E.*9000$/);
    expect(ask('00B2072C00')).toBe('6C0B');
    expect(ask('00B2072C0B')).toMatch(/9000$/);
  });
});

describe('refusals', () => {
  it('knows no application on an unknown card, and says what it cannot do', () => {
    const { ask } = reader('unknown');
    expect(ask(SELECT_LIVELIHOOD)).toBe('6A82');
    expect(ask(SELECT_SSSE)).toBe('6A82');
    expect(ask('00B095001E')).toBe('6A82');
    expect(ask('00EE000000')).toBe('6D00');
    expect(ask('B0B095001E')).toBe('6E00');
    expect(ask('00A404000E5041')).toBe('6700');
  });

  it('lays down no card that does not exist', () => {
    const { card } = reader();
    expect(card.insert('nobody')).toBe(false);
    expect(card.state.card).toBe('livelihood-chen');
  });
});

describe('faults', () => {
  it.each([0, 1, 2])('is lifted after %i answers', (answers) => {
    const { card, ask } = reader();
    card.faults.removeAfterExchange = answers;
    const got = [ask(SELECT_LIVELIHOOD), ask('00B095001E'), ask('00B0960037')];
    expect(got.filter((answer) => answer !== '')).toHaveLength(answers);
    expect(card.present).toBe(false);
  });

  it('answers rubbish, or late and not at all once it is lifted', async () => {
    const { card, clock, ask, heard } = reader();
    card.faults.garbage = true;
    expect(ask(SELECT_LIVELIHOOD)).toBe('5A5A');
    card.faults.garbage = false;
    card.faults.slowMs = 3_000;
    expect(ask(SELECT_LIVELIHOOD)).toBe('');
    await clock.run(3_000);
    expect(heard()).toEqual(['00029000']);
    ask(SELECT_LIVELIHOOD);
    card.remove();
    await clock.run(3_000);
    expect(heard()).toEqual([]);
  });
});

it('holds nobody who could be alive', () => {
  const ids = VIRTUAL_CARDS.flatMap((card) => card.applications).flatMap((application) =>
    application.files.flatMap((file) =>
      'records' in file.content ? file.content.records : 'binary' in file.content ? [file.content.binary] : [],
    ),
  );
  const born = ids.flatMap((bytes) => [
    ...Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/44\d{4}(\d{4})\d{7}[\dX]/g),
  ]);
  expect(born).toHaveLength(8);
  for (const [, year] of born) expect(Number(year)).toBeLessThanOrEqual(1904);
});
