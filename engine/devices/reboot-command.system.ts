/** Runs the site's own command that starts the machine afresh, and keeps the times of it in a file. */
import { spawn } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import Type from 'typebox';
import { parse } from '../../contract/check.ts';
import type { RebootRungOptions } from './reboot-rung.ts';

const Times = Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 100 });

export function rebootBy(
  [program, ...args]: readonly string[],
  file: string,
): Pick<RebootRungOptions, 'past' | 'reboot'> {
  return {
    past: { read: () => read(file), write: (wallMs) => write(file, wallMs) },
    reboot() {
      if (program === undefined) return;
      const child = spawn(program, args, { stdio: 'ignore', detached: true });
      child.once('error', (error) => process.stderr.write(`${JSON.stringify({ reboot: error.message })}\n`));
      child.unref();
    },
  };
}

/** A file that is not there or cannot be read is no reboot: the limit then starts anew. */
function read(file: string): readonly number[] {
  try {
    const times = parse(Times, JSON.parse(readFileSync(file, 'utf8')));
    return times.ok ? times.value : [];
  } catch {
    return [];
  }
}

/** On the disk before the machine goes down. */
function write(file: string, wallMs: readonly number[]): void {
  const handle = openSync(`${file}.new`, 'w', 0o600);
  writeSync(handle, JSON.stringify(wallMs));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
}
