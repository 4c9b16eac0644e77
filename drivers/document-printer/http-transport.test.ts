import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { httpTransport } from './http-transport.ts';
import { MAX_ANSWER_BYTES } from './ipp-transport.ts';

const QUESTION = Uint8Array.of(1, 2, 3);
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listening<S extends Server>(server: S): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const ask = (port: number, signal = new AbortController().signal) =>
  httpTransport(`ipp://127.0.0.1:${port}/ipp/print`).deliver(QUESTION, signal);

/** Says these bytes to whoever has asked, then hangs up. */
function rawServer(answer: string): Server {
  return createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(answer));
  });
}

const WHOLE = 'HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: 4\r\n\r\nabcd';

describe('HTTP for IPP', () => {
  it('posts the message as application/ipp and gives the body of the answer', async () => {
    const seen: unknown[] = [];
    const port = await listening(
      createHttpServer((request, response) => {
        seen.push(request.method, request.url, request.headers['content-type'], request.headers['content-length']);
        request.on('data', (chunk: Buffer) => seen.push([...chunk]));
        request.on('end', () =>
          response.writeHead(200, { 'Content-Type': 'application/ipp; charset=utf-8' }).end('abcd'),
        );
      }),
    );
    expect(await ask(port)).toEqual({ kind: 'answered', body: Uint8Array.from(Buffer.from('abcd')) });
    expect(seen).toEqual(['POST', '/ipp/print', 'application/ipp', '3', [1, 2, 3]]);
  });

  it('an answer cut at any byte is none', async () => {
    for (let end = 0; end < WHOLE.length; end += 1) {
      const port = await listening(rawServer(WHOLE.slice(0, end)));
      expect(await ask(port), `cut at ${end}`).toMatchObject({ kind: 'unanswered' });
    }
    expect(await ask(await listening(rawServer(WHOLE)))).toMatchObject({ kind: 'answered' });
  });

  it.each([
    ['another status', WHOLE.replace('200 OK', '503 Busy'), 'HTTP 503'],
    ['a page instead of IPP', WHOLE.replace('application/ipp', 'text/html'), 'not application/ipp'],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', ''],
    [
      'an answer without end',
      `${WHOLE.replace('4\r\n\r\n', `${MAX_ANSWER_BYTES * 2}\r\n\r\n`)}${'x'.repeat(MAX_ANSWER_BYTES + 10)}`,
      'more than',
    ],
  ])('%s is no answer', async (_what, answer, detail) => {
    const delivery = await ask(await listening(rawServer(answer)));
    expect(delivery.kind).toBe('unanswered');
    expect(delivery.kind === 'answered' ? '' : delivery.problem.detail).toContain(detail);
  });

  it('where nobody listens, nothing was sent', async () => {
    const port = await listening(createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await ask(port)).toMatchObject({ kind: 'unsent', problem: { code: 'device.absent' } });
  });

  it('given up while the printer thinks: unanswered at once, and the connection goes', async () => {
    let gone: Promise<unknown> = Promise.resolve();
    const abort = new AbortController();
    const port = await listening(
      createServer((socket) => {
        gone = once(socket, 'close');
        socket.on('error', () => socket.destroy());
        socket.once('data', () => abort.abort());
      }),
    );
    expect(await ask(port, abort.signal)).toMatchObject({ kind: 'unanswered' });
    await gone;
  });

  it('closed: whatever is under way ends, and what comes later is not sent', async () => {
    const server = createServer((socket) => void socket.on('error', () => socket.destroy()));
    const port = await listening(server);
    const transport = httpTransport(`ipp://127.0.0.1:${port}/ipp/print`);
    const pending = transport.deliver(QUESTION, new AbortController().signal);
    await once(server, 'connection');
    await transport.close();
    await transport.close();
    expect((await pending).kind).not.toBe('answered');
    expect(await transport.deliver(QUESTION, new AbortController().signal)).toMatchObject({ kind: 'unsent' });
  });
});

describe('ipps', () => {
  function certificate(): { key: string; cert: string } {
    const folder = mkdtempSync(join(tmpdir(), 'ipps-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const options = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert];
    const made = spawnSync('openssl', [...options, ...names], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    rmSync(folder, { recursive: true });
    return pair;
  }

  it('a printer whose certificate nobody vouches for gets not one byte', async () => {
    const pair = certificate();
    let requests = 0;
    const port = await listening(
      createHttpsServer(pair, (request, response) => {
        requests += 1;
        request.resume();
        response.writeHead(200, { 'Content-Type': 'application/ipp' }).end('abcd');
      }),
    );
    const uri = `ipps://localhost:${port}/ipp/print`;
    const signal = new AbortController().signal;
    expect(await httpTransport(uri).deliver(QUESTION, signal)).toMatchObject({ kind: 'unsent' });
    expect(requests).toBe(0);
    expect(await httpTransport(uri, { trusted: [pair.cert] }).deliver(QUESTION, signal)).toMatchObject({
      kind: 'answered',
    });
    // vouched for, but for another name
    const other = `ipps://127.0.0.1:${port}/ipp/print`;
    expect(await httpTransport(other, { trusted: [pair.cert] }).deliver(QUESTION, signal)).toMatchObject({
      kind: 'unsent',
    });
  });
});
