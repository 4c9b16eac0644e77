/** Plays a recording against the driver that made it, on a clock of its own: an hour takes a moment and ends the same each time. */
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { DeviceStatus } from '../../contract/driver.ts';
import { openDriver } from '../../drivers/open-driver.ts';
import type { WireKey } from '../../drivers/wire-key.ts';
import { wireKey } from '../../drivers/wire-keys.ts';
import { SimulatedClock } from '../../tests/support/simulated-clock.ts';
import { decodeHex } from './decode.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { sentence, typed, type Say } from './output.ts';
import type { Recording, RecordedEntry } from './recording-file.ts';
import { ReplayLink, type ReplayTally } from './replay.link.ts';

export interface ReplayedStatus {
  readonly atMs: number;
  readonly status: DeviceStatus;
}

export interface Replayed {
  readonly statuses: readonly ReplayedStatus[];
  readonly host: ReplayTally;
}

const STEP_MS = 100;
/** After the last word of the device. */
const AFTER_MS = 2_000;
/** A recording that the driver keeps waiting at every entry is given up some day. */
const LIMIT_MS = 6 * 3_600_000;

export async function replay({ header, entries }: Recording): Promise<Result<Replayed>> {
  const isMute = entries.some((entry) => entry.direction === 'fromDevice' && 'byteCount' in entry);
  if (isMute) return fail('kiosk.badMessage', 'what the device said is kept as lengths only and cannot be played');
  const clock = new SimulatedClock(Date.parse(header.startedAt));
  const keys = header.keys.flatMap((name) => wireKey(name) ?? []);
  const link = new ReplayLink({ clock, entries, isSame: (hex, written) => sameBut(keys, hex, written) });
  // The original wire is made and never opened; the recording takes its place.
  const driver = openDriver(header.device, { clock, cardProfiles: [], wrapLink: () => link });
  if (!driver.ok) return driver;
  const statuses: ReplayedStatus[] = [];
  driver.value.subscribe((status) => statuses.push({ atMs: clock.now(), status }));
  while (!link.isFinished && clock.now() < LIMIT_MS) await clock.run(STEP_MS);
  await clock.run(AFTER_MS);
  const seen = [...statuses];
  await clock.runUntil(driver.value.close(), LIMIT_MS);
  return ok({ statuses: seen, host: link.tally });
}

/** The same bytes, or the same once personal fields are blanked. */
function sameBut(keys: readonly WireKey[], recordedHex: string, written: Uint8Array): boolean {
  const blanked = keys.flatMap((key) => key.mask?.('toDevice', written) ?? []);
  return [written, ...blanked].some((bytes) => Buffer.from(bytes).toString('hex').toUpperCase() === recordedHex);
}

/** Well when the driver said what it said then. */
export function tellReplayed({ statuses, host }: Replayed, json: boolean, say: Say): ExitCode {
  const isWell = host.same === host.hostEntries;
  if (json) say(JSON.stringify({ statuses, host, same: isWell }));
  else {
    for (const { atMs, status } of statuses) {
      const { device, paper, media, problem } = status;
      say(`${seconds(atMs)}  ${device} paper=${paper} media=${media}${problem ? `  ${sentence(problem)}` : ''}`);
    }
    say(`the driver wrote ${host.same} of ${host.hostEntries} entries as recorded`);
    const { firstDifference: first } = host;
    if (first)
      say(`first difference at ${seconds(first.atMs)}: recorded ${first.recorded}, now ${first.written || 'nothing'}`);
  }
  return isWell ? EXIT.well : EXIT.notWell;
}

/** What each entry means, or its length, or why it means nothing. */
export function tellEntries({ header, entries }: Recording, json: boolean, say: Say): ExitCode {
  for (const entry of entries) {
    const arrow = entry.direction === 'toDevice' ? '->' : '<-';
    const meaning = meaningOf(header.keys, entry);
    if (json) say(JSON.stringify({ ...entry, ...meaning }));
    else
      say(
        `${seconds(entry.atMs)}  ${arrow}  ${'hex' in entry ? entry.hex : `(${entry.byteCount} bytes)`}\n${' '.repeat(14)}${JSON.stringify(meaning)}`,
      );
  }
  return EXIT.well;
}

function meaningOf(keys: readonly string[], entry: RecordedEntry): object {
  if ('byteCount' in entry) return { onlyLength: true };
  let last: object = { onlyBytes: true };
  for (const key of keys) {
    const decoded = decodeHex(key, entry.hex);
    if (decoded.ok) return { key, meaning: decoded.value };
    last = { key, problem: typed(decoded.problem) };
  }
  return last;
}

function seconds(atMs: number): string {
  return `${(atMs / 1_000).toFixed(3).padStart(8)} s`;
}
