import { closeSync, openSync, writeSync } from 'node:fs';
import { pause, type Clock } from '../../contract/clock.ts';
import type { CardProfile } from '../../contract/card-profile.schema.ts';
import type { DeviceConfig } from '../../contract/devices/device-config.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import { plainHex, recorded } from '../../drivers/link/recording.ts';
import type { WireKey } from '../../drivers/wire-key.ts';
import { wireKey } from '../../drivers/wire-keys.ts';
import { keysOf } from './models.ts';
import { closeDevices, openDevices } from './open-devices.ts';
import { Recorder } from './recorder.ts';
import type { RecordedEntry, RecordingHeader } from './recording-file.ts';

export interface RecordOptions {
  readonly config: DeviceConfig;
  readonly cardProfiles: readonly CardProfile[];
  readonly clock: Clock;
  readonly seconds: number;
  readonly out: string;
  readonly isPlain: boolean;
  /** Ends the recording early. */
  readonly signal: AbortSignal;
}

export interface RecordSummary {
  readonly bytes: RecordingHeader['bytes'];
  readonly entries: number;
  readonly bytesToDevice: number;
  readonly bytesFromDevice: number;
  /** Entries that no protocol could read. */
  readonly onlyLengths: number;
}

/** Opens the driver, which talks to the device as it does when nobody uses it, and keeps what passes. */
export async function record(options: RecordOptions): Promise<Result<RecordSummary>> {
  const { config, clock, seconds, out, signal } = options;
  const keys = keysOf(config.class, config.model).flatMap((name) => wireKey(name) ?? []);
  const bytes = howToKeep(keys, options.isPlain);
  if (!bytes.ok) return bytes;
  const file = openFile(out);
  if (!file.ok) return file;
  const say = (line: object): void => void writeSync(file.value, `${JSON.stringify(line)}\n`);
  const tally = new Tally(bytes.value);
  const startedMs = clock.now();
  const startedAt = new Date(clock.wallMs()).toISOString();
  const header: RecordingHeader = {
    format: 'livelihood-kiosk-recording',
    version: 1,
    device: config,
    keys: keys.map(({ key }) => key),
    bytes: bytes.value,
    startedAt,
  };
  say(header);
  const keep = (entry: RecordedEntry): void => {
    tally.add(entry);
    say(entry);
  };
  const recorder = new Recorder({ keys, bytes: bytes.value, startedMs, keep });
  let isWrapped = false;
  const opened = await openDevices([config], {
    clock,
    cardProfiles: options.cardProfiles,
    wrapLink(link) {
      isWrapped = true;
      return recorded(link, clock, (entry) => recorder.put(entry), plainHex);
    },
  });
  if (opened.ok && isWrapped) await pause(clock, seconds * 1_000, signal);
  if (opened.ok) await closeDevices(opened.value);
  recorder.end();
  closeSync(file.value);
  if (!opened.ok) return opened;
  if (!isWrapped)
    return fail('kiosk.badConfig', `a ${config.link.kind} link is no wire of bytes and cannot be recorded`);
  return ok(tally.summary);
}

/** A protocol without a mask carries nothing personal by its own word; still somebody must ask for its bytes. */
function howToKeep(keys: readonly WireKey[], isPlain: boolean): Result<RecordingHeader['bytes']> {
  const canMask = keys.some(({ mask }) => mask);
  if (!isPlain) return ok(canMask ? 'masked' : 'lengths');
  if (keys.length > 0 && !canMask) return ok('plain');
  return fail('kiosk.badConfig', '--plain is for protocols that carry nothing personal; this one may');
}

function openFile(out: string): Result<number> {
  try {
    return ok(openSync(out, 'w'));
  } catch (error) {
    return fail('kiosk.badConfig', error instanceof Error ? error.message : String(error));
  }
}

class Tally {
  readonly #bytes: RecordingHeader['bytes'];
  readonly #byteCounts = { toDevice: 0, fromDevice: 0 };
  #entries = 0;
  #onlyLengths = 0;

  constructor(bytes: RecordingHeader['bytes']) {
    this.#bytes = bytes;
  }

  add(entry: RecordedEntry): void {
    this.#entries += 1;
    if ('byteCount' in entry) this.#onlyLengths += 1;
    this.#byteCounts[entry.direction] += 'hex' in entry ? entry.hex.length / 2 : entry.byteCount;
  }

  get summary(): RecordSummary {
    return {
      bytes: this.#bytes,
      entries: this.#entries,
      bytesToDevice: this.#byteCounts.toDevice,
      bytesFromDevice: this.#byteCounts.fromDevice,
      onlyLengths: this.#onlyLengths,
    };
  }
}
