/**
 * Omron 790IT (device-protocols 7.3): the resident measures with the monitor's own button, the kiosk looks into its memory until
 * a reading stands there that was made after the command began. Answers carry no number, so each question waits for quiet
 * after an answer that did not come.
 */
import type { Clock } from '../../contract/clock.ts';
import type { HealthReply, Measurement } from '../../contract/devices/health.schema.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { INTERRUPTION_CODES, type Interruption } from '../link/scope.ts';
import { freshnessOf, PassedOver } from './fresh-reading.ts';
import type { HealthDialect } from './health-dialect.ts';
import { payloadOf, reportsOf } from './omron-reports.codec.ts';
import {
  COUNT_ANSWER_BYTES,
  countQuestion,
  OMRON_MODES,
  READING_ANSWER_BYTES,
  readingQuestion,
  readOmronMessages,
  versionQuestion,
  type OmronMessage,
  type OmronReading,
} from './omron.codec.ts';
import type { PacketFraming } from './packet-framing.ts';
import { fitTogether } from './plausible.ts';

/** What one report carried. */
export type OmronEvent = { readonly payload: Uint8Array };

const BEAT_MS = 5_000;
const ANSWER_MS = 1_000;
const QUIET_MS = 300;
const LOOK_EVERY_MS = 1_500;
/** `NO` means: ask again; the sheet does not say how soon. */
const AGAIN_MS = 200;
const AGAIN_TIMES = 5;
const MISSES = 3;
const BANK = 0;
/** `OK`, zero and the text of a version. */
const VERSION_ANSWER_BYTES = 3;
/** `OK`, `OFF`, `NO`: a report that begins otherwise is the end of an earlier answer. */
const ANSWERS_BEGIN: readonly number[] = [0x4f, 0x4e];

export interface OmronOptions {
  readonly framing: PacketFraming;
  readonly utcOffsetMinutes: number;
}

export function omronMonitor(options: OmronOptions): HealthDialect<OmronEvent> {
  const { decoder } = options.framing;
  const asking = new Asking(options.framing);
  return {
    quantity: 'blood-pressure',
    decoder: {
      push: (chunk) =>
        decoder.push(chunk).flatMap(({ channel, bytes }) => {
          const payload = channel === 'value' ? payloadOf(bytes) : undefined;
          return payload ? [{ payload }] : [];
        }),
      reset: () => decoder.reset(),
      get pendingBytes() {
        return decoder.pendingBytes;
      },
      get damagedBytes() {
        return decoder.damagedBytes;
      },
    },
    beatEveryMs: BEAT_MS,
    greeting: [],
    hear: () => ({}),
    async beat(turn) {
      const heard = await asking.ask(turn, 'information', versionQuestion(), VERSION_ANSWER_BYTES);
      await asking.untilQuiet(turn); // the text goes on
      return heard.kind === 'answer' || heard.kind === 'notReady';
    },
    measure: (turn, clock) => waitInMemory(turn, asking, clock, options.utcOffsetMinutes),
    notes: [
      'place of the count in its answer, and of bank and index in the questions: from one library',
      'whether the newest reading is the first or the last: not known, both ends are read',
    ],
  };
}

type Heard =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'notReady' | 'silent' }
  | { readonly kind: Interruption };

class Asking {
  readonly #framing: PacketFraming;

  constructor(framing: PacketFraming) {
    this.#framing = framing;
  }

  /** Gathers reports until the answer is `length` bytes long. `NO` is asked again, after a pause, a few times. */
  async ask(
    turn: Turn<OmronEvent>,
    mode: keyof typeof OMRON_MODES,
    question: Uint8Array,
    length: number,
  ): Promise<Heard> {
    for (let time = 0; time < AGAIN_TIMES; time += 1) {
      turn.discard();
      turn.send(this.#framing.wrap('setup', OMRON_MODES[mode]));
      for (const report of reportsOf(question)) turn.send(this.#framing.wrap('value', report));
      const heard = await this.#gather(turn, length);
      if (heard.kind === 'silent') await this.untilQuiet(turn);
      if (heard.kind !== 'notReady') return heard;
      if (!(await turn.scope.pause(AGAIN_MS))) return { kind: turn.scope.interruption ?? 'cancelled' };
    }
    return { kind: 'notReady' };
  }

  async #gather(turn: Turn<OmronEvent>, length: number): Promise<Heard> {
    let bytes = new Uint8Array();
    while (bytes.length < length) {
      const wait = await turn.next(({ payload }) => payload, ANSWER_MS);
      if (wait.kind === 'timeout') return { kind: 'silent' };
      if (wait.kind !== 'got') return { kind: wait.kind };
      if (bytes.length === 0 && !ANSWERS_BEGIN.includes(wait.value[0] ?? 0)) continue;
      bytes = Uint8Array.from([...bytes, ...wait.value]);
      if (isNo(bytes)) return { kind: 'notReady' };
    }
    return { kind: 'answer', bytes };
  }

  /** What comes late must not be taken for the answer to the next question. */
  async untilQuiet(turn: Turn<OmronEvent>): Promise<void> {
    for (;;) {
      const wait = await turn.next((event) => event, QUIET_MS);
      if (wait.kind !== 'got') return;
    }
  }
}

function isNo(bytes: Uint8Array): boolean {
  return bytes.length === 2 && bytes[0] === 0x4e && bytes[1] === 0x4f;
}

async function waitInMemory(
  turn: Turn<OmronEvent>,
  asking: Asking,
  clock: Clock,
  utcOffsetMinutes: number,
): Promise<Outcome<HealthReply>> {
  const startedWallMs = clock.wallMs();
  const passedOver = new PassedOver();
  for (let misses = 0; misses < MISSES;) {
    const look = await lookInto(turn, asking);
    if (look.kind === 'interrupted') return ended(look.why, passedOver);
    misses = look.kind === 'silent' ? misses + 1 : 0;
    for (const reading of look.kind === 'readings' ? look.readings : []) {
      const times = { startedWallMs, nowWallMs: clock.wallMs(), utcOffsetMinutes };
      const freshness = freshnessOf(reading.deviceTime, times);
      if (freshness === 'fresh') return verdict(reading);
      passedOver.add(freshness);
    }
    if (!(await turn.scope.pause(LOOK_EVERY_MS))) return ended(turn.scope.interruption ?? 'cancelled', passedOver);
  }
  return failed('device.absent', 'none', 'the monitor does not answer');
}

function ended(why: Interruption, passedOver: PassedOver): Outcome<HealthReply> {
  if (why === 'deadline') return failed('health.noReading', 'none', passedOver.toString());
  return failed(INTERRUPTION_CODES[why], 'none');
}

type Look =
  | { readonly kind: 'readings'; readonly readings: readonly OmronReading[] }
  | { readonly kind: 'silent' }
  | { readonly kind: 'interrupted'; readonly why: Interruption };

/** Both ends of the memory, newest first. */
async function lookInto(turn: Turn<OmronEvent>, asking: Asking): Promise<Look> {
  const counted = await asking.ask(turn, 'readings', countQuestion(BANK), COUNT_ANSWER_BYTES);
  if (counted.kind !== 'answer') return notAnswered(counted);
  const count = only(counted.bytes, 'readingCount')?.readingCount ?? 0;
  const readings: OmronReading[] = [];
  for (const index of new Set(count === 0 ? [] : [0, count - 1])) {
    const heard = await asking.ask(turn, 'readings', readingQuestion(BANK, index), READING_ANSWER_BYTES);
    if (heard.kind !== 'answer') return notAnswered(heard);
    const reading = only(heard.bytes, 'reading');
    if (reading) readings.push(reading);
  }
  return { kind: 'readings', readings: readings.toSorted((a, b) => (a.deviceTime < b.deviceTime ? 1 : -1)) };
}

function notAnswered(heard: Exclude<Heard, { kind: 'answer' }>): Look {
  if (heard.kind === 'silent') return { kind: 'silent' };
  // `NO` every time is an answer of a kind: the resident is measuring just now.
  return heard.kind === 'notReady' ? { kind: 'readings', readings: [] } : { kind: 'interrupted', why: heard.kind };
}

/** The one message that stands in the bytes, when it is of this kind; a wrong checksum is none. */
function only<Kind extends OmronMessage['kind']>(
  bytes: Uint8Array,
  kind: Kind,
): Extract<OmronMessage, { kind: Kind }> | undefined {
  const read = readOmronMessages(bytes);
  const [message] = read.ok ? read.value : [];
  return message?.kind === kind ? (message as Extract<OmronMessage, { kind: Kind }>) : undefined;
}

function verdict({ systolicMmHg, diastolicMmHg, pulseBpm, deviceTime }: OmronReading): Outcome<HealthReply> {
  const measurements: Measurement[] = [
    { code: 'systolic', value: systolicMmHg, unit: 'mmHg' },
    { code: 'diastolic', value: diastolicMmHg, unit: 'mmHg' },
    { code: 'pulse', value: pulseBpm, unit: 'bpm' },
  ];
  if (!fitTogether(measurements)) return failed('health.noReading', 'none', 'the values are out of bounds');
  return done(
    { quantity: 'blood-pressure', measurements, remarks: [], deviceTime },
    { method: 'omron.memory', value: 'checksum right, dated after the command' },
  );
}
