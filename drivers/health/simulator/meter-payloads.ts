/** Values of the characteristics 2A35 and 2A9D as a meter builds them (device-protocols 7.5). */
import type { MeterFaults } from './meter.simulator.ts';

export interface MeterSubject {
  readonly systolic: number;
  readonly diastolic: number;
  readonly mean: number;
  readonly pulse: number;
  readonly weightKg: number;
}

const NAN = [0xff, 0x07];
const FLAGS = { kiloPascal: 0x01, date: 0x02, pulse: 0x04, status: 0x10 } as const;
const KPA_PER_MM_HG = 0.133322;

/** Year low byte first, month, day, hour, minute, second. */
export function dateParts(localMs: number): number[] {
  const date = new Date(localMs);
  const year = date.getUTCFullYear();
  const day = [year & 0xff, year >> 8, date.getUTCMonth() + 1, date.getUTCDate()];
  return [...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
}

export function pressurePayload(subject: MeterSubject, date: readonly number[], faults: MeterFaults): Uint8Array {
  const { kiloPascal, fails, cuffLoose, irregularPulse } = faults;
  const pressure = (mmHg: number): number[] => {
    if (fails) return NAN;
    // tenths of a kilopascal: exponent -1 stands in the top four bits
    return kiloPascal ? word((0xf000 | Math.round(mmHg * KPA_PER_MM_HG * 10)) & 0xffff) : word(mmHg);
  };
  const flags = (kiloPascal ? FLAGS.kiloPascal : 0) | (date.length > 0 ? FLAGS.date : 0) | FLAGS.pulse | FLAGS.status;
  const status = (cuffLoose ? 2 : 0) | (irregularPulse ? 4 : 0);
  return Uint8Array.from([
    flags,
    ...[subject.systolic, subject.diastolic, subject.mean].flatMap(pressure),
    ...date,
    ...(fails ? NAN : word(subject.pulse)),
    ...word(status),
  ]);
}

export function weightPayload(subject: MeterSubject, date: readonly number[], faults: MeterFaults): Uint8Array {
  const steps = faults.fails ? 0xffff : Math.round(subject.weightKg * 200);
  return Uint8Array.from([date.length > 0 ? FLAGS.date : 0, ...word(steps), ...date]);
}

function word(value: number): number[] {
  return [value & 0xff, value >> 8];
}
