/** The command line as data; what is wrong with it is a sentence. */
import { parseArgs } from 'node:util';
import type { DeviceChoice } from './site-devices.ts';

interface Common {
  readonly json: boolean;
  readonly waitMs: number;
  readonly devices: DeviceChoice;
}

export type DeviceCommand =
  | (Common & { readonly kind: 'list' })
  | (Common & { readonly kind: 'status'; readonly device: string | undefined })
  | (Common & { readonly kind: 'self-test'; readonly device: string | undefined })
  | (Common & {
      readonly kind: 'record';
      readonly device: string | undefined;
      readonly seconds: number;
      readonly out: string;
      readonly isPlain: boolean;
    })
  | { readonly kind: 'replay'; readonly file: string; readonly isDecoding: boolean; readonly json: boolean }
  | { readonly kind: 'decode'; readonly key: string; readonly hex: string }
  | { readonly kind: 'batch'; readonly file: string }
  | { readonly kind: 'encode'; readonly key: string; readonly json: string };

const OPTIONS = {
  site: { type: 'string' },
  class: { type: 'string' },
  model: { type: 'string' },
  link: { type: 'string' },
  settings: { type: 'string' },
  wait: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  seconds: { type: 'string' },
  out: { type: 'string' },
  plain: { type: 'boolean', default: false },
  decode: { type: 'boolean', default: false },
  batch: { type: 'string' },
} as const;

type Parsed = ReturnType<typeof parseLine>;
type Values = Parsed['values'];

function parseLine(argv: readonly string[]) {
  return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
}

/** A string says what is wrong. */
export function readArguments(argv: readonly string[]): DeviceCommand | string {
  let parsed: Parsed;
  try {
    parsed = parseLine(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [name = '', ...rest] = parsed.positionals;
  const read = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (read) return read(parsed.values, rest);
  return name === '' ? 'which command?' : `there is no command ${name}`;
}

type Read = (values: Values, rest: readonly string[]) => DeviceCommand | string;

const COMMANDS: Readonly<Record<string, Read>> = {
  decode: readDecode,
  encode: (_values, [key, json, more]) =>
    key === undefined || json === undefined || more !== undefined ? 'encode KEY JSON' : { kind: 'encode', key, json },
  replay: ({ decode, json }, [file, more]) =>
    file === undefined || more !== undefined ? 'replay FILE' : { kind: 'replay', file, isDecoding: decode, json },
  list: (values, rest) => readDeviceCommand('list', values, rest),
  status: (values, rest) => readDeviceCommand('status', values, rest),
  'self-test': (values, rest) => readDeviceCommand('self-test', values, rest),
  record: (values, rest) => readDeviceCommand('record', values, rest),
};

function readDecode({ batch }: Values, rest: readonly string[]): DeviceCommand | string {
  if (batch !== undefined) return rest.length === 0 ? { kind: 'batch', file: batch } : 'decode --batch FILE';
  const [key, ...hex] = rest;
  // Hex with spaces, unquoted, comes as several words.
  return key === undefined || hex.length === 0 ? 'decode KEY HEX' : { kind: 'decode', key, hex: hex.join('') };
}

function readDeviceCommand(
  kind: 'list' | 'status' | 'self-test' | 'record',
  values: Values,
  rest: readonly string[],
): DeviceCommand | string {
  const waitMs = secondsToMs(values.wait);
  if (waitMs === undefined) return '--wait takes seconds, up to 600';
  const devices = readChoice(values);
  if (typeof devices === 'string') return devices;
  const [device] = rest;
  if (rest.length > (kind === 'list' ? 0 : 1)) return `too many words after ${kind}`;
  const common = { json: values.json, waitMs, devices };
  if (kind === 'list') return { kind, ...common };
  if (kind !== 'status' && device === undefined && devices.kind === 'site') return `${kind} DEVICE`;
  return kind === 'record' ? readRecord(values, { device, ...common }) : { kind, device, ...common };
}

function readRecord(
  { seconds, out, plain }: Values,
  common: Common & { readonly device: string | undefined },
): DeviceCommand | string {
  const ms = secondsToMs(seconds ?? '');
  if (ms === undefined || out === undefined) return 'record DEVICE --seconds N --out FILE';
  return { kind: 'record', seconds: ms / 1_000, out, isPlain: plain, ...common };
}

function readChoice({ site, class: deviceClass, model, link, settings }: Values): DeviceChoice | string {
  const isAlone = deviceClass !== undefined || model !== undefined || link !== undefined;
  if (!isAlone) return { kind: 'site', site: site ?? 'demo-village' };
  if (site !== undefined) return '--site or one device alone, not both';
  if (deviceClass === undefined || model === undefined || link === undefined) return '--class C --model M --link LINK';
  return { kind: 'alone', deviceClass, model, link, settings };
}

function secondsToMs(text: string): number | undefined {
  const seconds = /^\d{1,5}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return seconds >= 0 && seconds <= 600 ? seconds * 1_000 : undefined;
}
