/** What the words of `ups.status` say (RFC 9271 5.1, NUT's docs/new-drivers). */
const WORDS: Readonly<Record<string, string>> = {
  OL: 'onLine',
  OB: 'onBattery',
  LB: 'batteryLow',
  HB: 'batteryHigh',
  RB: 'replaceBattery',
  CHRG: 'charging',
  DISCHRG: 'discharging',
  BYPASS: 'bypass',
  CAL: 'calibrating',
  OFF: 'outputOff',
  OVER: 'overload',
  TRIM: 'trimming',
  BOOST: 'boosting',
  FSD: 'forcedShutdown',
  ALARM: 'alarm',
  ECO: 'economy',
  WAIT: 'starting',
  TEST: 'testing',
  OVERHEAT: 'overheated',
};

/** The words in their order; one that nobody knows stays as it is. */
export function statusNames(value: string): readonly string[] {
  return value
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => WORDS[word] ?? word);
}

export interface PowerState {
  readonly onBattery: boolean;
  /** The machine must go down now: the battery is low while it carries the load, or upsd announced the shutdown (FSD). */
  readonly batteryLow: boolean;
  readonly replaceBattery: boolean;
}

/** Undefined when the supply says neither that it is on line nor that it is on battery: starting, or switched off. */
export function powerStateOf(value: string): PowerState | undefined {
  const names = statusNames(value);
  const onBattery = names.includes('onBattery');
  if (onBattery === names.includes('onLine')) return undefined;
  return {
    onBattery,
    batteryLow: (onBattery && names.includes('batteryLow')) || names.includes('forcedShutdown'),
    replaceBattery: names.includes('replaceBattery'),
  };
}
