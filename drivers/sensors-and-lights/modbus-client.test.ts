import { expect, it } from 'vitest';
import { done } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { Exchange } from '../link/exchange.ts';
import { FakeLink } from '../link/testing/fake.link.ts';
import { ioModel, type IoModelName } from './io-models.ts';
import { ModbusClient } from './modbus-client.ts';
import type { ModbusFrame } from './modbus-rtu.codec.ts';

function line(name: IoModelName) {
  const clock = new SimulatedClock();
  const link = new FakeLink();
  const model = ioModel(name);
  if (!model) throw new Error(name);
  const client = new ModbusClient(model, 1);
  const exchange = new Exchange<ModbusFrame>({ link, clock, decode: (chunk) => client.decode(chunk) });
  link.open();
  const limits = () => ({ deadline: clock.now() + 5_000, signal: new AbortController().signal });
  const read = () =>
    exchange.run(limits(), async (turn) => done(await client.readInputs(turn, 0, 8), { method: 'test', value: '' }));
  return { clock, link, read };
}

it('RTU: the answer to a question that was given up is not the answer to the next one', async () => {
  const { clock, link, read } = line('modbus-rtu');
  expect(await clock.runUntil(read())).toMatchObject({ reply: { kind: 'silent' } });
  const second = read();
  await clock.run(50);
  // unit 1, function 2, all off; then input 0 on
  link.say('010201 00 A188'.replaceAll(' ', ''));
  await clock.run(50);
  link.say('0102010160 48'.replaceAll(' ', ''));
  expect(await clock.runUntil(second)).toMatchObject({
    reply: { kind: 'got', value: [true, ...Array(7).fill(false)] },
  });
});

it('TCP: an answer under another transaction number is none', async () => {
  const { clock, link, read } = line('modbus-tcp');
  const first = read();
  await clock.run(50);
  link.say('000900000004' + '01020101');
  link.say('000100000004' + '01020100');
  expect(await clock.runUntil(first)).toMatchObject({ reply: { kind: 'got', value: Array(8).fill(false) } });
});

it.each([
  ['of another function', '000100000004' + '01010101'],
  ['for fewer inputs', '000100000003' + '0102'],
  ['from another unit', '000100000004' + '02020101'],
])('an answer %s is none', async (_what, hex) => {
  const { clock, link, read } = line('modbus-tcp');
  const asked = read();
  await clock.run(50);
  link.say(hex);
  expect(await clock.runUntil(asked)).toMatchObject({ reply: { kind: 'silent' } });
});
