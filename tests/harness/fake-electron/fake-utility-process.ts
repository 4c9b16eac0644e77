/** `utilityProcess`: Node child processes with a parent port and the ports they were given. */
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FakePort, type Frame } from './fake-message-channel.ts';
import { assertPlain, strict } from './strict.ts';

const SHIM = pathToFileURL(join(import.meta.dirname, 'parent-port.shim.ts')).href;

export interface ForkedProcess {
  readonly entry: string;
  readonly args: readonly string[];
  readonly options: { readonly serviceName: string };
  readonly child: ChildProcess;
  /** Lets main hear something the process never said. */
  forge(message: unknown): void;
}

export class FakeUtilityProcesses {
  readonly forked: ForkedProcess[] = [];

  fork(entry: string, args: readonly string[], options: { readonly serviceName: string }): object {
    const child = fork(entry, args, {
      execPath: process.execPath,
      execArgv: ['--import', SHIM],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const events = new EventEmitter();
    this.forked.push({ entry, args, options, child, forge: (message) => void events.emit('message', message) });
    const send = (frame: Frame): void => {
      if (child.connected) child.send(frame);
    };
    const ports = relayPorts(child, events);
    let isSpawned = false;
    child.once('spawn', () => {
      isSpawned = true;
      events.emit('spawn');
    });
    child.once('exit', (code) => events.emit('exit', code ?? 1));
    child.once('error', () => events.emit('exit', 1));
    return strict('utilityProcess', {
      // as Electron: it has no number, and cannot be killed, before it runs
      get pid() {
        return isSpawned ? child.pid : undefined;
      },
      on: events.on.bind(events),
      once: events.once.bind(events),
      postMessage(message: unknown, transfer: readonly object[] = []) {
        assertPlain(message);
        const given = transfer.map((handle) => FakePort.given(handle, send));
        for (const port of given) ports.set(port.number, port);
        send({ kind: 'message', message, ports: given.map(({ number }) => number) });
        for (const port of given) port.begin();
      },
      kill: () => isSpawned && child.exitCode === null && child.kill('SIGTERM'),
    });
  }

  /** Those that live, of a service, oldest first. */
  running(serviceName: string): ChildProcess[] {
    return this.forked
      .filter(({ options }) => options.serviceName === serviceName)
      .map(({ child }) => child)
      .filter((child) => child.exitCode === null && child.signalCode === null && !child.killed);
  }

  endAll(): void {
    for (const { child } of this.forked) child.kill('SIGKILL');
  }
}

/** Takes what the child says to main and on its ports; a child that dies lets go of all it held. */
function relayPorts(child: ChildProcess, events: EventEmitter): Map<number, FakePort> {
  const ports = new Map<number, FakePort>();
  child.on('message', (message) => {
    const frame = message as Frame;
    if (frame.kind === 'message') events.emit('message', frame.message);
    else if (frame.kind === 'portMessage') ports.get(frame.port)?.say(frame.message);
    else ports.get(frame.port)?.close();
  });
  child.once('exit', () => {
    for (const port of ports.values()) port.close();
  });
  return ports;
}
