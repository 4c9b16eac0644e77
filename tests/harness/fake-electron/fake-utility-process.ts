/** `utilityProcess`: a Node child process with a parent port. */
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertPlain, strict } from './strict.ts';

const SHIM = pathToFileURL(join(import.meta.dirname, 'parent-port.shim.ts')).href;

export class FakeUtilityProcesses {
  readonly children: ChildProcess[] = [];
  readonly forked: { entry: string; args: readonly string[]; options: unknown }[] = [];

  fork(entry: string, args: readonly string[], options: unknown): object {
    this.forked.push({ entry, args, options });
    const child = fork(entry, args, {
      execPath: process.execPath,
      execArgv: ['--import', SHIM],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.children.push(child);
    const events = new EventEmitter();
    child.on('message', (message) => events.emit('message', message));
    child.once('exit', (code) => events.emit('exit', code ?? 1));
    child.once('error', () => events.emit('exit', 1));
    return strict('utilityProcess', {
      pid: child.pid,
      on: events.on.bind(events),
      once: events.once.bind(events),
      postMessage(message: unknown) {
        assertPlain(message);
        if (child.connected) child.send(message as object);
      },
      kill: () => child.kill('SIGTERM'),
    });
  }

  endAll(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }
}
