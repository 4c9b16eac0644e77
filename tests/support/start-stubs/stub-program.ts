/**
 * Stands in for platform, station and host in the tests of `npm start`: one small program that behaves as the file
 * `behaviour.json` beside it says.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Behaviour {
  readonly ready?: object;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** Starts a child of its own that ignores being asked. */
  readonly straggler?: boolean;
  readonly ignoresTerm?: boolean;
  /** Gives out this enrolment code, at an address of its own. */
  readonly code?: string;
}

export function runStub(dir: string): void {
  const file = join(dir, 'behaviour.json');
  const behaviour = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Behaviour;
  appendFileSync(join(dir, 'started.jsonl'), `${JSON.stringify({ pid: process.pid, argv: process.argv.slice(2) })}\n`);
  if (behaviour.straggler) {
    const child = spawn('sh', ['-c', 'trap "" TERM; sleep 600'], { stdio: 'inherit' });
    appendFileSync(join(dir, 'started.jsonl'), `${JSON.stringify({ pid: child.pid, argv: [] })}\n`);
  }
  if (behaviour.stderr) process.stderr.write(`${behaviour.stderr}\n`);
  if (behaviour.code !== undefined) return giveOut(behaviour.code, behaviour);
  sayReady(behaviour.ready);
  live(behaviour);
}

function giveOut(code: string, behaviour: Behaviour): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const who = JSON.parse(Buffer.concat(chunks).toString()) as object;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...who, code, expiresAtMs: 1 }));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    sayReady({ ready: true, url: `http://127.0.0.1:${port}` });
  });
  live(behaviour);
}

function sayReady(ready: object | undefined): void {
  if (ready) process.stdout.write(`starting\n${JSON.stringify(ready)}\n`);
}

function live(behaviour: Behaviour): void {
  if (behaviour.exitCode !== undefined) process.exit(behaviour.exitCode);
  process.on('SIGTERM', () => {
    if (!behaviour.ignoresTerm) process.exit(0);
  });
  process.stdin.resume();
  setInterval(() => {}, 60_000);
}
