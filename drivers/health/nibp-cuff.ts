/** The SunTech/NIBP ASCII dialect: started, watched by its pressures, asked for the result (device-protocols 7.4). */
import { failed } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { notBegun } from '../link/scope.ts';
import { inflateOnce, type CuffNews } from './cuff.ts';
import type { HealthDialect } from './health-dialect.ts';
import { NIBP_ABORT, nibpCommand, NibpDecoder, type NibpMessage, type NibpStatus } from './nibp-ascii.codec.ts';

const BEAT_MS = 5_000;
const ANSWER_MS = 1_500;
const ASKS = 3;
const READY = 1;
/** Message numbers of public programs; others are told by number alone. */
const MESSAGES: ReadonlyMap<number, { readonly name: string; readonly isCuff: boolean }> = new Map([
  [6, { name: 'pumping took too long: cuff loose or not connected', isCuff: true }],
  [8, { name: 'pneumatics faulty', isCuff: true }],
  [11, { name: 'too much movement', isCuff: false }],
  [14, { name: 'leak', isCuff: true }],
  [15, { name: 'system error', isCuff: true }],
]);

export function nibpCuff(): HealthDialect<NibpMessage> {
  const askStatus = nibpCommand('readStatus');
  return {
    quantity: 'blood-pressure',
    decoder: new NibpDecoder(),
    beatEveryMs: BEAT_MS,
    greeting: [],
    hear: (message) => (message.kind === 'command' ? undefined : {}),
    beat: async (turn) => (await turn.ask(askStatus, statusIn, ANSWER_MS)).kind === 'got',
    async measure(turn) {
      const ready = await askUntilAnswered(turn, askStatus);
      if (ready === undefined) return failed('device.absent', 'none', 'the monitor does not answer');
      if (typeof ready === 'string') return notBegun(ready);
      if (ready.systemStatus !== READY) return failed('device.busy', 'none', `system status ${ready.systemStatus}`);
      return inflateOnce({
        turn,
        start: nibpCommand('startMeasurement'),
        stop: NIBP_ABORT,
        askResult: askStatus,
        news: newsIn,
        method: 'nibp.status',
      });
    },
    notes: ['answers, pressures, messages and the bare X come from public programs, not from the sheet'],
  };
}

async function askUntilAnswered(turn: Turn<NibpMessage>, question: Uint8Array) {
  for (let asked = 0; asked < ASKS; asked += 1) {
    const wait = await turn.ask(question, statusIn, ANSWER_MS);
    if (wait.kind === 'got') return wait.value;
    if (wait.kind !== 'timeout') return wait.kind;
  }
  return undefined;
}

function statusIn(message: NibpMessage): NibpStatus | undefined {
  return message.kind === 'status' ? message : undefined;
}

function newsIn(message: NibpMessage): CuffNews | 'ask' | undefined {
  switch (message.kind) {
    case 'cuffPressure':
      return { kind: 'pressure' };
    case 'measurementEnd':
      return 'ask';
    case 'status':
      return statusNews(message);
    case 'command':
    case 'message':
    case 'abort':
      return undefined;
  }
}

/** Public programs disagree where diastolic and mean stand, but the mean always lies above the diastolic. */
function statusNews({ systemStatus, messageNumber, pressuresMmHg, pulseBpm }: NibpStatus): CuffNews | undefined {
  if (systemStatus !== READY) return undefined;
  if (messageNumber !== 0) {
    const known = MESSAGES.get(messageNumber) ?? { name: 'message of the monitor', isCuff: false };
    return { kind: 'error', number: messageNumber, ...known };
  }
  const [systolic = 0, second = 0, third = 0] = pressuresMmHg;
  const result = { systolic, diastolic: Math.min(second, third), mean: Math.max(second, third), pulse: pulseBpm };
  return { kind: 'result', result };
}
