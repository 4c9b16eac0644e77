/**
 * Bluetooth blood-pressure meters and scales behind a gateway (device-protocols 7.5): the resident measures, the meter wakes,
 * connects and sends, what it kept first.
 */
import type { Clock } from '../../contract/clock.ts';
import type { HealthReply, Measurement } from '../../contract/devices/health.schema.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { INTERRUPTION_CODES, type Wait } from '../link/scope.ts';
import { readBloodPressure, type BloodPressure, type BpReading } from './ble-bp.codec.ts';
import { ENABLE_INDICATIONS } from './ble-cccd.ts';
import { readWeight, type Weight } from './ble-weight.codec.ts';
import { freshnessOf, PassedOver } from './fresh-reading.ts';
import type { HealthDialect } from './health-dialect.ts';
import type { PacketFraming } from './packet-framing.ts';
import { fitTogether } from './plausible.ts';

export type MeterEvent =
  | { readonly kind: 'reading'; readonly reading: MeterReading }
  /** The gateway says whether the meter is connected to it now. */
  | { readonly kind: 'state'; readonly isConnected: boolean }
  | { readonly kind: 'unreadable' };

interface MeterReading {
  readonly deviceTime: string | undefined;
  /** What the meter says of itself when it could not measure. */
  readonly failure: { readonly code: 'health.noReading' | 'health.cuff'; readonly detail: string } | undefined;
  readonly measurements: readonly Measurement[];
  readonly remarks: HealthReply['remarks'];
}

const BEAT_MS = 5_000;
const ANSWER_MS = 1_500;
/** A burst goes on without pauses; after this much quiet its newest reading is the one. */
const BURST_QUIET_MS = 1_000;

export interface MeterOptions {
  readonly quantity: 'blood-pressure' | 'weight';
  readonly framing: PacketFraming;
  readonly utcOffsetMinutes: number;
}

export function bleMeter({ quantity, framing, utcOffsetMinutes }: MeterOptions): HealthDialect<MeterEvent> {
  const subscribe = framing.wrap('setup', ENABLE_INDICATIONS);
  const question = framing.wrap('state', new Uint8Array());
  const read = quantity === 'weight' ? weightIn : pressureIn;
  const { decoder } = framing;
  return {
    quantity,
    decoder: {
      push: (chunk) =>
        decoder.push(chunk).flatMap(({ channel, bytes }): MeterEvent[] => {
          if (channel === 'state') return [{ kind: 'state', isConnected: bytes[0] === 1 }];
          return channel === 'value' ? [read(bytes)] : [];
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
    // The gateway keeps the wish and writes it to the meter each time it connects.
    greeting: [subscribe],
    hear: (event) => ({ signals: { meterConnected: event.kind === 'state' ? event.isConnected : true } }),
    async beat(turn) {
      turn.send(subscribe);
      const isAnswered = await turn.ask(question, (event) => (event.kind === 'state' ? event : undefined), ANSWER_MS);
      return isAnswered.kind === 'got';
    },
    measure(turn, clock) {
      turn.send(subscribe);
      return waitForFresh(turn, { clock, quantity, utcOffsetMinutes });
    },
    notes: [
      'a reading without a time stamp counts as just made: assumed',
      'the bits of the measurement status: assumed',
    ],
  };
}

async function waitForFresh(
  turn: Turn<MeterEvent>,
  { clock, quantity, utcOffsetMinutes }: Omit<MeterOptions, 'framing'> & { readonly clock: Clock },
): Promise<Outcome<HealthReply>> {
  const startedWallMs = clock.wallMs();
  const passedOver = new PassedOver();
  let newest: MeterReading | undefined;
  for (;;) {
    const wait = await turn.next(
      (event) => (event.kind === 'reading' ? event.reading : undefined),
      newest ? BURST_QUIET_MS : undefined,
    );
    if (wait.kind !== 'got')
      return newest && isOver(wait.kind) ? verdict(newest, quantity) : ended(wait.kind, passedOver);
    const times = { startedWallMs, nowWallMs: clock.wallMs(), utcOffsetMinutes };
    const freshness = freshnessOf(wait.value.deviceTime, times);
    if (freshness !== 'fresh') passedOver.add(freshness);
    else if (!newest || isNewer(wait.value, newest)) newest = wait.value;
  }
}

type WaitEnd = Exclude<Wait<unknown>['kind'], 'got'>;

/** Quiet or the deadline: what has come by then is all. */
function isOver(end: WaitEnd): boolean {
  return end === 'timeout' || end === 'deadline';
}

function ended(end: WaitEnd, passedOver: PassedOver): Outcome<never> {
  if (end === 'timeout' || end === 'deadline') return failed('health.noReading', 'none', passedOver.toString());
  return failed(INTERRUPTION_CODES[end], 'none');
}

/** The one without a date was made just now. */
function isNewer(reading: MeterReading, than: MeterReading): boolean {
  return (reading.deviceTime ?? '9') >= (than.deviceTime ?? '');
}

function verdict(reading: MeterReading, quantity: MeterOptions['quantity']): Outcome<HealthReply> {
  const { failure, measurements, remarks, deviceTime } = reading;
  if (failure) return failed(failure.code, 'none', failure.detail);
  if (!fitTogether(measurements)) return failed('health.noReading', 'none', 'the values are out of bounds');
  const isDated = deviceTime !== undefined;
  return done(
    { quantity, measurements: [...measurements], remarks, ...(isDated ? { deviceTime } : {}) },
    { method: 'ble.indication', value: isDated ? 'dated after the command' : 'without a date' },
  );
}

function pressureIn(bytes: Uint8Array): MeterEvent {
  const read = readBloodPressure(bytes);
  if (!read.ok) return { kind: 'unreadable' };
  const { unit, systolic, diastolic, mean, pulseBpm, deviceTime } = read.value;
  const pulse = pulseBpm === undefined ? [] : number('pulse', pulseBpm, 'bpm');
  const pressures = [...number('systolic', systolic, unit), ...number('diastolic', diastolic, unit)];
  const isMeasured = pressures.length === 2;
  const reading: MeterReading = {
    deviceTime,
    failure: isMeasured ? undefined : failureOf(read.value),
    measurements: [...pressures, ...number('mean', mean, unit), ...pulse],
    remarks: remarksIn(read.value),
  };
  return { kind: 'reading', reading };
}

function number(code: Measurement['code'], value: BpReading, unit: Measurement['unit']): Measurement[] {
  return typeof value === 'number' ? [{ code, value, unit }] : [];
}

function failureOf({ measurementStatus }: BloodPressure): NonNullable<MeterReading['failure']> {
  if (measurementStatus?.cuffTooLoose) return { code: 'health.cuff', detail: 'status bit 1: the cuff is too loose' };
  return { code: 'health.noReading', detail: 'the meter could not measure' };
}

function remarksIn({ measurementStatus }: BloodPressure): HealthReply['remarks'] {
  if (!measurementStatus) return [];
  const { bodyMovement, cuffTooLoose, irregularPulse, improperPosition } = measurementStatus;
  const said = [
    ['movement', bodyMovement],
    ['cuff-loose', cuffTooLoose],
    ['irregular-pulse', irregularPulse],
    ['bad-position', improperPosition],
  ] as const;
  return said.filter(([, isSaid]) => isSaid).map(([remark]) => remark);
}

function weightIn(bytes: Uint8Array): MeterEvent {
  const read = readWeight(bytes);
  if (!read.ok) return { kind: 'unreadable' };
  const { weight, weightUnit, deviceTime } = read.value;
  const failure = { code: 'health.noReading', detail: 'the scale could not measure' } as const;
  const reading: MeterReading = {
    deviceTime,
    failure: weight === null ? failure : undefined,
    measurements: weight === null ? [] : [{ code: 'weight', value: weight, unit: weightUnit }, ...bodyIn(read.value)],
    remarks: [],
  };
  return { kind: 'reading', reading };
}

/** A scale that knows no height sends zeros. */
function bodyIn({ bmi, height, heightUnit }: Weight): Measurement[] {
  const body: Measurement[] = [];
  if (bmi) body.push({ code: 'bmi', value: bmi, unit: 'kg/m2' });
  if (height && heightUnit) body.push({ code: 'height', value: height, unit: heightUnit });
  return body;
}
