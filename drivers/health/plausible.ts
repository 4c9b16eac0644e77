/** What can be a person's value at all. Outside these bounds a reading is a fault of device or wire, and is not given. */
import type { Measurement } from '../../contract/devices/health.schema.ts';

type Bounds = readonly [minimum: number, maximum: number];
/** Wide on purpose: to keep out nonsense, not to judge people. */
const BOUNDS: Readonly<Record<string, Bounds>> = {
  'systolic mmHg': [50, 280],
  'diastolic mmHg': [25, 200],
  'mean mmHg': [30, 240],
  'systolic kPa': [6.6, 37.4],
  'diastolic kPa': [3.3, 26.7],
  'mean kPa': [4, 32],
  'pulse bpm': [25, 250],
  'spo2 %': [50, 100],
  'weight kg': [2, 400],
  'weight lb': [4, 900],
  'bmi kg/m2': [5, 150],
  'height m': [0.3, 2.6],
  'height in': [12, 102],
};

export function isPlausible({ code, value, unit }: Measurement): boolean {
  const bounds = BOUNDS[`${code} ${unit}`];
  return bounds !== undefined && value >= bounds[0] && value <= bounds[1];
}

/** Plausible each, and the pressures in their order: systolic over mean over diastolic. */
export function fitTogether(measurements: readonly Measurement[]): boolean {
  const of = (code: Measurement['code']): number | undefined => measurements.find((one) => one.code === code)?.value;
  const [systolic, mean, diastolic] = [of('systolic'), of('mean'), of('diastolic')];
  if (!measurements.every(isPlausible)) return false;
  if (systolic === undefined || diastolic === undefined) return true;
  return systolic > diastolic && (mean === undefined || (mean >= diastolic && mean <= systolic));
}
