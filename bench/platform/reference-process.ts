/** A reference server in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReferenceOptions } from './reference-server.ts';

const PROGRAM = resolve(import.meta.dirname, 'reference-server.ts');

export interface ReferenceProcess {
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

export async function startReference(options: ReferenceOptions): Promise<ReferenceProcess> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    port: Number(line),
    pid: child.pid ?? 0,
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
