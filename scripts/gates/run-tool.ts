/** Runs one tool to its end or its deadline, and takes everything it started with it. */
import { spawn } from 'node:child_process';

export interface ToolRun {
  /** 127 when the tool could not be started. */
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
}

export interface ToolCall {
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A tool that ends leaves its group empty; this is how long stragglers get before they are killed. */
const GRACE_MS = 2_000;
const running = new Set<number>();

/** Never rejects. The tool leads a process group of its own, so that its children can be ended with it. */
export function runTool(call: ToolCall): Promise<ToolRun> {
  const started = performance.now();
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(call.command, call.args, {
      cwd: call.cwd,
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...call.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const group = child.pid;
    if (group !== undefined) running.add(group);
    const deadline = setTimeout(() => {
      timedOut = true;
      endGroup(group);
    }, call.timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => finish(127, error.message));
    // 'exit', not 'close': a straggler that holds the pipe must not hold us
    child.on('exit', (code) => setTimeout(() => finish(code ?? 1), 50));
    function finish(code: number, extra = ''): void {
      clearTimeout(deadline);
      endGroup(group, 'SIGKILL');
      if (group !== undefined) running.delete(group);
      child.stdout.destroy();
      child.stderr.destroy();
      const note = timedOut ? `\nended after ${call.timeoutMs / 1000} s without an answer` : '';
      resolve({
        code: timedOut ? 124 : code,
        output: output + extra + note,
        durationMs: performance.now() - started,
        timedOut,
      });
    }
  });
}

/** When this process is told to go, its tools go first. */
export function endToolsOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const group of running) endGroup(group, 'SIGKILL');
      process.exit(130);
    });
  }
}

function endGroup(group: number | undefined, signal?: 'SIGKILL'): void {
  if (group === undefined) return;
  send(group, signal ?? 'SIGTERM');
  if (!signal) setTimeout(() => send(group, 'SIGKILL'), GRACE_MS).unref();
}

function send(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
