import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import type { CardLinkCondition } from './card-link.ts';
import { wireCard } from './simulator/card-wire.ts';
import { VirtualCardSimulator } from './simulator/virtual-card.simulator.ts';
import { createSmartCardReader } from './smart-card-reader.driver.ts';
import { shippedProfile } from './testing/card-profiles.ts';
import { VpcdListener } from './vpcd-listener.link.ts';
import { VpcdCardLink } from './vpcd.link.ts';

const ATR = '00143B8F8001804F0CA000000306030001000000006A';
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const isOnline = ({ state }: CardLinkCondition) => state === 'online';
const isPresent = ({ presence }: CardLinkCondition) => presence === 'present';
const isEmpty = ({ presence }: CardLinkCondition) => presence === 'notPresent';

function until(link: VpcdCardLink, isWanted: (condition: CardLinkCondition) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isWanted(link.condition)) return resolve();
    const stop = link.onChange((condition) => {
      if (!isWanted(condition)) return;
      stop();
      resolve();
    });
  });
}

async function listening() {
  const clock = new SimulatedClock();
  const wire = new VpcdListener(0, clock);
  const link = new VpcdCardLink(wire, clock);
  cleanUps.push(() => link.close());
  link.open();
  await until(link, isOnline);
  return { clock, link, wire };
}

/** A card made by hand: says what the test says. */
async function rawCard(wire: VpcdListener, answer: string | undefined): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: wire.port });
  cleanUps.push(() => Promise.resolve(socket.destroy()));
  await once(socket, 'connect');
  socket.on('data', (bytes) => {
    if (answer !== undefined && bytes.toString('hex').includes('000104')) socket.write(Buffer.from(answer, 'hex'));
  });
  return socket;
}

async function withSimulator() {
  const { clock, link, wire: reader } = await listening();
  const driver = createSmartCardReader(
    { id: 'card', class: 'smart-card-reader', model: 'virtual', link: { kind: 'vpcd', port: reader.port } },
    { clock, link, cardProfiles: [shippedProfile('livelihood-demo'), shippedProfile('social-security')] },
  );
  const card = new VirtualCardSimulator({ clock, chance: { bytes: (length) => new Uint8Array(length) } });
  const wire = wireCard(card, { host: '127.0.0.1', port: reader.port, clock });
  cleanUps.push(() => wire.close());
  const read = () =>
    driver.execute({ kind: 'read' }, { deadline: clock.now() + 3_000, signal: new AbortController().signal });
  return { clock, link, driver, card, read };
}

describe('driver, link and virtual card over loopback', () => {
  it.each([
    ['livelihood-chen', { cardNumber: '4401130000010017', holderName: '陈小明', endDate: '2040-12-31' }],
    ['social-security-huang', { cardNumber: 'A12345678', holderName: '黄秀英', holderId: '440113190309092046' }],
  ])('reads %s', async (id, reply) => {
    const { link, card, read } = await withSimulator();
    card.insert(id);
    await until(link, isPresent);
    expect(await read()).toMatchObject({ kind: 'done', reply });
    expect(await read()).toMatchObject({ kind: 'done', reply });
  });

  it('reads a card with the manners of T=0', async () => {
    const { link, card, read } = await withSimulator();
    card.faults.getResponse = true;
    card.insert('social-security-huang');
    await until(link, isPresent);
    expect(await read()).toMatchObject({ kind: 'done', reply: { holderName: '黄秀英' } });
  });

  it.each([0, 1, 2])('says that the card was pulled after %i answers, and reads the next one', async (answers) => {
    const { link, card, read } = await withSimulator();
    card.insert('livelihood-chen');
    await until(link, isPresent);
    card.faults.removeAfterExchange = answers;
    expect(await read()).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'card.removed' } });
    await until(link, isEmpty);
    card.insert('livelihood-long-name');
    await until(link, isPresent);
    expect(await read()).toMatchObject({ kind: 'done', reply: { holderName: '古丽巴哈尔·阿不都热' } });
  });

  it('reads the card that lies there after an exchange of cards, never the one before', async () => {
    const { link, card, read } = await withSimulator();
    card.insert('livelihood-chen');
    await until(link, isPresent);
    const seen: string[] = [];
    link.onChange(({ presence }) => seen.push(presence));
    card.insert('livelihood-expired');
    await until(link, () => seen.at(-1) === 'present');
    expect(seen).toEqual(['notPresent', 'present']);
    expect(await read()).toMatchObject({ kind: 'failed', problem: { code: 'card.expired' } });
  });

  it('does not take a late answer for the next one', async () => {
    const { clock, link, card, read } = await withSimulator();
    card.insert('livelihood-chen');
    await until(link, isPresent);
    card.faults.slowMs = 4_000;
    const late = read();
    const asked = new Promise<void>((resolve) => {
      const feed = card.feed.bind(card);
      card.feed = (bytes) => {
        feed(bytes);
        if (bytes.length > 7) resolve();
      };
    });
    await asked;
    clock.advance(3_000);
    expect(await late).toMatchObject({ kind: 'failed', effect: 'none', problem: { code: 'device.deadline' } });
    card.faults.slowMs = 0;
    const next = read();
    clock.advance(1_000);
    expect(await next).toMatchObject({ kind: 'done', reply: { cardNumber: '4401130000010017' } });
  });
});

describe('a card that does not keep to the protocol', () => {
  it.each(['0000', 'FFFF3B', `${ATR}00029000`, `${ATR}${ATR}`])('is dropped when it says %s', async (said) => {
    const { link, wire } = await listening();
    const socket = await rawCard(wire, undefined);
    socket.write(Buffer.from(said, 'hex'));
    await once(socket, 'close');
    expect(link.condition).toEqual({ state: 'online', presence: 'notPresent' });
  });

  it('is dropped when it falls silent', async () => {
    const { clock, link, wire } = await listening();
    const socket = await rawCard(wire, undefined);
    await once(socket, 'data');
    clock.advance(5_000);
    await once(socket, 'close');
    expect(link.condition.presence).toBe('notPresent');
  });

  it('gives way to the card that comes after it', async () => {
    const { link, wire } = await listening();
    const first = await rawCard(wire, ATR);
    await until(link, isPresent);
    const gone = once(first, 'close');
    const seen: string[] = [];
    link.onChange(({ presence }) => seen.push(presence));
    await rawCard(wire, ATR);
    await gone;
    await until(link, () => seen.at(-1) === 'present');
    expect(seen).toEqual(['notPresent', 'present']);
  });
});

describe('the port', () => {
  it('that another program has is tried again', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const clock = new SimulatedClock();
    const link = new VpcdCardLink(new VpcdListener((other.address() as AddressInfo).port, clock), clock);
    cleanUps.push(() => link.close());
    link.open();
    await until(link, ({ state }) => state === 'offline');
    expect(link.condition.problem?.detail).toContain('EADDRINUSE');
    other.close();
    await once(other, 'close');
    clock.advance(1_000);
    await until(link, isOnline);
  });

  it('is free after close, and no timer is left', async () => {
    const { clock, link, wire } = await listening();
    const { port } = wire;
    await rawCard(wire, ATR);
    await until(link, isPresent);
    await link.close();
    await link.close();
    expect(clock.pendingTimers).toBe(0);
    const again = createServer().listen(port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });
});
