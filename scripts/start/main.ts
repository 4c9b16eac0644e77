/** `npm start`: platform, simulated station and kiosk, together, until Ctrl-C; nothing stays behind. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, existingBuilds, isStale } from './builds.ts';
import { ChildFailed, startChild, type Child, type ChildCommand, type Patience, type Ready } from './child.ts';
import { ensureCode, identityPathIn } from './enrolment.ts';
import { systemBeganOf, takeLock, type InstanceLock } from './instance-lock.ts';
import { readOptions, USAGE, type StartOptions } from './options.ts';
import { programs, type Programs } from './programs.ts';
import { alreadyRunningLines, failedLines, runningLines } from './words.ts';

export interface StartInput {
  readonly root: string;
  readonly argv: readonly string[];
  /** Electron's own binary, where there is one. */
  readonly electron: string | undefined;
  /** Resolves when a person or the system wants us to end. */
  readonly stop: Promise<void>;
  say(line: string): void;
}

const PATIENCE: Patience = { readyMs: 60_000, endMs: 8_000 };

/** Resolves with the exit code once everything has ended. */
export async function start(input: StartInput): Promise<number> {
  const options = readOptions(input.argv, input.root);
  if (typeof options === 'string') {
    input.say(options);
    return options === USAGE ? 0 : 1;
  }
  mkdirSync(join(options.dataDir, 'log'), { recursive: true, mode: 0o700 });
  const taken = takeLock(options.dataDir, process.pid, systemBeganOf);
  if (!taken.ok) {
    sayAll(input, alreadyRunningLines(taken.holder, options.dataDir));
    return 1;
  }
  try {
    if (!(await buildWhatIsDue(input))) return 1;
    return await run(input, options, taken.lock);
  } finally {
    taken.lock.release();
  }
}

async function buildWhatIsDue({ root, electron, say }: StartInput): Promise<boolean> {
  const wanted = existingBuilds(root).filter((one) => electron !== undefined || !one.forElectron);
  for (const due of wanted.filter((one) => isStale(root, one))) {
    say(`Building the ${due.name} ...`);
    const problem = await build(root, due);
    if (problem !== undefined) {
      say(`${problem.trim()}\nThe ${due.name} could not be built. Mend that and try: node ${due.script}`);
      return false;
    }
  }
  return true;
}

async function run(input: StartInput, options: StartOptions, lock: InstanceLock): Promise<number> {
  const { root, electron } = input;
  const planned = programs({ root, options, electron });
  const children: Child[] = [];
  let isOver = false;
  const launch = (command: ChildCommand): Child => {
    if (isOver) throw new Error('told to stop while starting');
    const child = startChild(command, PATIENCE);
    children.push(child);
    return child;
  };
  try {
    const stopped = input.stop.then(() => 'stopped' as const);
    const up = await Promise.race([bringUp(planned, options, launch), stopped]);
    if (up === 'stopped') return 0;
    // without the ticket in it: that one is for the first browser
    if (up.host.url !== undefined) lock.publish(new URL(up.host.url).origin);
    sayAll(input, runningLines({ ...up, hostKind: planned.hostKind, dataDir: options.dataDir }));
    const first = await Promise.race([stopped, ...children.map((child) => child.ended)]);
    if (first === 'stopped') {
      input.say('Stopping ...');
      return 0;
    }
    throw new ChildFailed(first);
  } catch (error) {
    if (!(error instanceof ChildFailed)) throw error;
    sayAll(input, failedLines(error.end, join(options.dataDir, 'log', `${error.end.name}.log`)));
    return 1;
  } finally {
    isOver = true;
    // the kiosk first: it still has something to tell the platform
    for (const child of children.toReversed()) await child.end();
  }
}

async function bringUp(
  planned: Programs,
  { dataDir, site }: StartOptions,
  launch: (command: ChildCommand) => Child,
): Promise<{ platform: Ready; station: Ready; host: Ready }> {
  const [platform, station] = await Promise.all([launch(planned.platform).ready, launch(planned.station).ready]);
  const identity = identityPathIn(dataDir);
  await ensureCode(identity, { terminal: `${site}-01`, station: site }, platform.url ?? '').catch((error: unknown) => {
    const lastWords = error instanceof Error ? error.message : String(error);
    throw new ChildFailed({ name: 'platform', how: 'gave no enrolment code', lastWords });
  });
  const host = await launch(planned.host(platform.url ?? '')).ready;
  return { platform, station, host };
}

function sayAll({ say }: StartInput, lines: readonly string[]): void {
  for (const line of lines) say(line);
}
