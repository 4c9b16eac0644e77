/** Oximeters that stream by themselves: both CMS50 dialects (device-protocols 7.1, 7.2). */
import type { Clock } from '../../contract/clock.ts';
import type { HealthReply } from '../../contract/devices/health.schema.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { INTERRUPTION_CODES } from '../link/scope.ts';
import { commandBytes, NewCms50Decoder, type NewPacket } from './cms50-new.codec.ts';
import { OldCms50Decoder, type OldPacket } from './cms50-old.codec.ts';
import type { HealthDecoder, HealthDialect, Heard } from './health-dialect.ts';
import { STEADY, SteadyWindow, type Sample } from './steady-window.ts';

/** A running stream is never silent for so long. */
const SILENCE_MS = 3_000;
const BEAT_MS = 1_000;
const KEEP_ALIVE_MS = 2_000;
/** Signal strength below which the reply says so; the sheet gives the scale (0 to 15), not the mark. */
const WEAK_SIGNAL = 3;

export function oldOximeter(): HealthDialect<Sample> {
  return oximeter({
    decoder: sampling(new OldCms50Decoder(), sampleOfOld),
    greeting: [],
    notes: [`signal strength below ${WEAK_SIGNAL} of 15 counts as weak: assumed`],
  });
}

export function newOximeter(): HealthDialect<Sample> {
  const start = commandBytes('startLive');
  return oximeter({
    decoder: sampling(new NewCms50Decoder(), sampleOfNew),
    greeting: [start],
    question: start,
    keepAlive: { everyMs: KEEP_ALIVE_MS, bytes: commandBytes('keepAlive') },
    notes: [
      'bytes 1 to 4 have two contradicting descriptions and are not used',
      'a pulse that one description would give an eighth bit is no reading',
    ],
  });
}

interface Parts extends Pick<HealthDialect<Sample>, 'decoder' | 'greeting' | 'keepAlive' | 'notes'> {
  /** Sent with each beat: starts a stream that stands still. */
  readonly question?: Uint8Array;
}

function oximeter({ question, ...parts }: Parts): HealthDialect<Sample> {
  return {
    ...parts,
    quantity: 'oxygen',
    beatEveryMs: BEAT_MS,
    hear: heardIn,
    async beat(turn) {
      if (question) turn.send(question);
      const wait = await turn.next((sample) => (sample.isDamaged ? undefined : sample), BEAT_MS);
      return wait.kind === 'got';
    },
    measure: waitForSteady,
  };
}

/** A damaged packet proves no device: noise at a wrong speed looks like that, too. */
function heardIn({ finger, isDamaged }: Sample): Heard | undefined {
  if (isDamaged) return undefined;
  return { media: finger === 'out' ? 'notPresent' : 'present' };
}

async function waitForSteady(turn: Turn<Sample>, clock: Clock): Promise<Outcome<HealthReply>> {
  const window = new SteadyWindow();
  for (;;) {
    const wait = await turn.next((sample) => sample, SILENCE_MS);
    if (wait.kind === 'timeout') return failed('device.absent', 'none', 'the stream of packets stands still');
    if (wait.kind === 'deadline') return failed('health.noReading', 'none', window.lacking);
    if (wait.kind !== 'got') return failed(INTERRUPTION_CODES[wait.kind], 'none');
    const reading = window.push(wait.value, clock.now());
    if (!reading) continue;
    return done(
      {
        quantity: 'oxygen',
        measurements: [
          { code: 'spo2', value: reading.spo2Percent, unit: '%' },
          { code: 'pulse', value: reading.pulseBpm, unit: 'bpm' },
        ],
        remarks: reading.isWeak ? ['weak-signal'] : [],
      },
      { method: 'cms50.steady', value: `${reading.packets} good packets over ${STEADY.windowMs} ms` },
    );
  }
}

function sampling<Packet>(decoder: HealthDecoder<Packet>, sampleOf: (packet: Packet) => Sample): HealthDecoder<Sample> {
  return {
    push: (chunk) => decoder.push(chunk).map(sampleOf),
    reset: () => decoder.reset(),
    get pendingBytes() {
      return decoder.pendingBytes;
    },
    get damagedBytes() {
      return decoder.damagedBytes;
    },
  };
}

function sampleOfOld(packet: OldPacket): Sample {
  const isOut = packet.probeError || packet.searchingTooLong;
  const finger = isOut ? 'out' : packet.searching ? 'searching' : 'in';
  const { pulseBpm, spo2Percent, skippedBytes, signalStrength } = packet;
  return { pulseBpm, spo2Percent, finger, isDamaged: skippedBytes > 0, isWeak: signalStrength < WEAK_SIGNAL };
}

/** Without the flags of bytes 1 and 2, a finger is known only by its values. */
function sampleOfNew(packet: NewPacket): Sample {
  const { pulseBpm, spo2Percent, pulseBpmIfTopBit, skippedBytes } = packet;
  const finger = pulseBpm === null && spo2Percent === null ? 'out' : 'in';
  const isSure = pulseBpmIfTopBit === undefined;
  return { pulseBpm: isSure ? pulseBpm : null, spo2Percent, finger, isDamaged: skippedBytes > 0, isWeak: false };
}
