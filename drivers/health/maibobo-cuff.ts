/** The Maibobo dialect (device-protocols 7.4, uncertainty 16): low confidence, used only where a site names the place of the values. */
import { failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { HealthReply } from '../../contract/devices/health.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { notBegun, type Wait } from '../link/scope.ts';
import { inflateOnce, type CuffNews } from './cuff.ts';
import type { HealthDialect } from './health-dialect.ts';
import { maiboboCommand, MaiboboDecoder, type MaiboboMessage, type ResultOffset } from './maibobo.codec.ts';

const BEAT_MS = 5_000;
const ANSWER_MS = 1_500;
const ASKS = 3;

export function maiboboCuff(resultOffset: ResultOffset): HealthDialect<MaiboboMessage> {
  return {
    quantity: 'blood-pressure',
    decoder: new MaiboboDecoder(),
    beatEveryMs: BEAT_MS,
    greeting: [],
    hear: ({ direction }) => (direction === 'fromDevice' ? {} : undefined),
    beat: async (turn) => (await connect(turn)).kind === 'got',
    measure: (turn) => measure(turn, resultOffset),
    notes: [
      'everything: one public source that contradicts itself (low confidence)',
      `values of a result at byte ${resultOffset} of its data: the site's word`,
    ],
  };
}

function connect(turn: Turn<MaiboboMessage>): Promise<Wait<true>> {
  const accepted = ({ kind, direction }: MaiboboMessage): true | undefined =>
    kind === 'connect' && direction === 'fromDevice' ? true : undefined;
  return turn.ask(maiboboCommand('connect'), accepted, ANSWER_MS);
}

async function measure(turn: Turn<MaiboboMessage>, offset: ResultOffset): Promise<Outcome<HealthReply>> {
  for (let asked = 0; asked < ASKS; asked += 1) {
    const wait = await connect(turn);
    if (wait.kind === 'timeout') continue;
    if (wait.kind !== 'got') return notBegun(wait.kind);
    return inflateOnce({
      turn,
      start: maiboboCommand('start'),
      stop: maiboboCommand('stop'),
      news: (message) => newsIn(message, offset),
      method: 'maibobo.result',
    });
  }
  return failed('device.absent', 'none', 'the monitor does not answer');
}

function newsIn(message: MaiboboMessage, offset: ResultOffset): CuffNews | undefined {
  if (message.direction !== 'fromDevice') return undefined;
  switch (message.kind) {
    case 'pressure':
      return { kind: 'pressure' };
    case 'error':
      return { kind: 'error', number: message.errorNumber, name: message.error, isCuff: true };
    case 'result': {
      const found = message.readings.find(({ valuesAtDataByte }) => valuesAtDataByte === offset);
      // Too short for the place the site names: told as nonsense, never read at the other place.
      const { systolicMmHg = 0, diastolicMmHg = 0, pulseBpm = 0 } = found ?? {};
      return { kind: 'result', result: { systolic: systolicMmHg, diastolic: diastolicMmHg, pulse: pulseBpm } };
    }
    default:
      return undefined;
  }
}
