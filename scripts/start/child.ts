/** One program started by `npm start`: waits for its ready line, keeps its last words, ends it with all it started. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What a program says on stdout, one JSON object a line, when it is up. */
const Ready = Type.Object({
  ready: Type.Literal(true),
  url: Type.Optional(Type.String()),
  page: Type.Optional(Type.String()),
  /** Whether a window was opened: true, or its process. */
  browser: Type.Optional(Type.Union([Type.Boolean(), Type.Integer(), Type.Null()])),
});
export type Ready = Static<typeof Ready>;

export interface ChildCommand {
  /** As it is called in what we print. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Everything it says goes here. */
  readonly logFile: string;
}

export interface ChildEnd {
  readonly name: string;
  /** `ended with code 1`, `was ended by SIGKILL`, `could not be started: ...`. */
  readonly how: string;
  readonly lastWords: string;
}

export interface Child {
  readonly name: string;
  /** Rejects with the end when it dies first, or says nothing in time. */
  readonly ready: Promise<Ready>;
  /** Resolves when it has gone; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** Idempotent. Resolves when the program and its whole process group are gone. */
  end(): Promise<void>;
}

export interface Patience {
  readonly readyMs: number;
  readonly endMs: number;
}

/** How long the last words of a program may take to arrive after its end. */
const DRAIN_MS = 300;

export class ChildFailed extends Error {
  readonly end: ChildEnd;
  constructor(end: ChildEnd) {
    super(`${end.name} ${end.how}`);
    this.end = end;
  }
}

export function startChild(command: ChildCommand, patience: Patience): Child {
  const { name } = command;
  const log = createWriteStream(command.logFile, { mode: 0o600 });
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    // a pipe on stdin: the child hears its end even when we are killed
    stdio: ['pipe', 'pipe', 'pipe'],
    // a group of its own: Ctrl-C reaches us only, and we end everything in order
    detached: true,
  });
  child.stdin.on('error', () => {}); // it closed its end: nothing is ever written there
  let lastWords = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.write(`${line}\n`);
    if (line.trim() !== '') lastWords = line.trim();
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    const settle = (how: string): void => resolve({ name, how, lastWords });
    child.on('error', (error) => settle(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      const tell = (): void => settle(signal ? `was ended by ${signal}` : `ended with code ${code}`);
      child.on('close', tell);
      // a grandchild may hold the pipes open for ever; its parent is gone all the same
      setTimeout(tell, DRAIN_MS);
    });
  });
  const ready = new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ChildFailed({ name, how: `was not ready within ${patience.readyMs / 1000} s`, lastWords })),
      patience.readyMs,
    );
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      const said = readyLine(line);
      if (!said) return;
      clearTimeout(timer);
      resolve(said);
    });
    void ended.then((end) => {
      clearTimeout(timer);
      log.end();
      reject(new ChildFailed(end));
    });
  });
  ready.catch(() => {}); // whoever waits for it sees it; nobody may be waiting yet
  return { name, ready, ended, end: () => endGroup(child.pid, ended, patience.endMs) };
}

function readyLine(line: string): Ready | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const said: unknown = JSON.parse(line);
    return Value.Check(Ready, said) ? said : undefined;
  } catch {
    return undefined; // a line that only looked like ours
  }
}

async function endGroup(pid: number | undefined, ended: Promise<ChildEnd>, endMs: number): Promise<void> {
  if (pid === undefined) return;
  signal(pid, 'SIGTERM');
  const timer = setTimeout(() => signal(-pid, 'SIGKILL'), endMs);
  await ended;
  clearTimeout(timer);
  signal(-pid, 'SIGKILL'); // whatever it left behind
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
