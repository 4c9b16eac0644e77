/** Programs of an attack in processes of their own. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export interface NodeRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeRunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A command that starts it: `strace` and what it is told. */
  readonly wrap?: readonly string[];
}

const ROOT = resolve(import.meta.dirname, '../../..');

/** Runs `script`, a path or one below tests/attacks, with one JSON argument to its end. */
export function runNode(script: string, argument: object, options: NodeRunOptions = {}): Promise<NodeRun> {
  const { env = {}, wrap = [] } = options;
  const file = resolve(ROOT, 'tests/attacks', script);
  const [command, ...args] = [...wrap, process.execPath, file, JSON.stringify(argument)];
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => settle({ status, signal, stdout, stderr }));
  });
}

/** `width` at a time, in order of the items, until there are none. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
