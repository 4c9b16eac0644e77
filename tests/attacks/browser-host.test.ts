import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { networkInterfaces, tmpdir } from 'node:os';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { contentPolicy } from '../../shell/security-headers.ts';
import { hostFixture, type HostFixture } from '../support/browser-host-fixture.ts';

let kiosk: HostFixture;
beforeEach(async () => {
  kiosk = await hostFixture();
});
afterEach(() => kiosk.close());

function opened(result: WebSocket | number): WebSocket {
  if (typeof result === 'number') throw new Error(`the socket was refused with ${result}`);
  return result;
}

async function page(): Promise<WebSocket> {
  return opened(await kiosk.knock({ origin: kiosk.host.origin, cookie: await kiosk.enter() }));
}

async function ask(socket: WebSocket, message: string): Promise<unknown> {
  socket.send(message);
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString('utf8'));
}

describe('attacks on the page server', () => {
  it('does not let in a browser without a ticket', async () => {
    for (const path of ['/', '/index.html', '/stub.js', '/launch', '/launch?ticket=', '/launch?ticket=guess']) {
      expect((await kiosk.get(path)).status, path).toBe(403);
    }
  });

  it('does not take a ticket twice', async () => {
    const { pathname, search } = new URL(kiosk.host.newLaunchUrl());
    const first = await kiosk.get(pathname + search);
    expect([first.status, first.headers.refresh]).toEqual([200, '0;url=/']);
    const second = await kiosk.get(pathname + search);
    expect([second.status, second.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('does not take an old ticket', async () => {
    const { pathname, search } = new URL(kiosk.host.newLaunchUrl());
    kiosk.clock.advance(120_001);
    expect((await kiosk.get(pathname + search)).status).toBe(403);
  });

  it('gives the cookie a name with the port, out of reach of scripts and other sites', async () => {
    const { pathname, search, port } = new URL(kiosk.host.newLaunchUrl());
    const [cookie] = (await kiosk.get(pathname + search)).headers['set-cookie'] ?? [];
    expect(cookie).toMatch(new RegExp(`^kiosk-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
  });

  it('does not take the cookie of the session before', async () => {
    const before = await kiosk.enter();
    await kiosk.enter();
    expect((await kiosk.get('/', { cookie: before })).status).toBe(403);
  });

  it('does not take a guessed cookie, nor its own secret under the name of another port', async () => {
    const cookie = await kiosk.enter();
    const secret = cookie.split('=')[1] ?? '';
    const { port } = new URL(kiosk.host.origin);
    for (const guess of [`kiosk-1=${secret}`, `kiosk-${port}=guess`, `kiosk-${port}=`, `kiosk=${secret}`, secret]) {
      expect((await kiosk.get('/', { cookie: guess })).status, guess).toBe(403);
    }
    expect((await kiosk.get('/', { cookie: `kiosk-1=x; ${cookie}` })).status).toBe(200);
  });

  it('does not answer to another name (DNS rebinding)', async () => {
    const cookie = await kiosk.enter();
    const { port } = new URL(kiosk.host.origin);
    for (const host of [`evil.example:${port}`, `localhost:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) + 1}`]) {
      expect((await kiosk.get('/', { cookie, host })).status, host).toBe(421);
    }
  });

  it('does not burn a ticket for a foreign name', async () => {
    const { pathname, search } = new URL(kiosk.host.newLaunchUrl());
    expect((await kiosk.get(pathname + search, { host: 'evil.example' })).status).toBe(421);
    expect((await kiosk.get(pathname + search)).status).toBe(200);
  });

  it('does not listen on any other address of the machine', async () => {
    const { port } = new URL(kiosk.host.origin);
    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((entry) => !entry.internal && entry.family === 'IPv4')
      .map((entry) => entry.address);
    for (const address of [...addresses, '127.0.0.2']) {
      const socket = createConnection({ host: address, port: Number(port) });
      await expect(once(socket, 'connect'), address).rejects.toThrow('ECONNREFUSED');
    }
  });

  it.each([
    '/../package.json',
    '/..%2fstub-view.ts',
    '/%2e%2e/stub-view.ts',
    '/%2e%2e%2fstub-view.ts',
    '/stub.js%00.css',
    '/..\\stub-view.ts',
    '//etc/passwd',
    '/etc/passwd',
    'http://evil.example/index.html',
  ])('does not give %s', async (path) => {
    const cookie = await kiosk.enter();
    expect((await kiosk.get(path, { cookie })).status).toBe(404);
  });

  it('puts its headers on everything it says', async () => {
    const cookie = await kiosk.enter();
    const policy = contentPolicy(kiosk.host.origin.replace('http:', 'ws:'));
    for (const path of ['/', '/stub.js', '/missing.js', '/launch?ticket=x']) {
      const { headers } = await kiosk.get(path, { cookie });
      expect(headers, path).toMatchObject({
        'content-security-policy': policy,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers['permissions-policy']).toMatch(/^camera=\(self\), .*geolocation=\(\), .*microphone=\(\)/);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('puts the guard before the first script of the page', async () => {
    const { body } = await kiosk.get('/', { cookie: await kiosk.enter() });
    expect(body.indexOf('/page-guard.js')).toBeGreaterThan(0);
    expect(body.indexOf('/page-guard.js')).toBeLessThan(body.indexOf('stub.js'));
  });
});

describe('attacks by symbolic link', () => {
  it('does not follow a link out of the renderer', async () => {
    await kiosk.close();
    const base = mkdtempSync(join(tmpdir(), 'renderer-'));
    writeFileSync(join(base, 'index.html'), '<head></head>');
    symlinkSync('/etc/hostname', join(base, 'host.js'));
    kiosk = await hostFixture(base);
    const cookie = await kiosk.enter();
    expect((await kiosk.get('/', { cookie })).status).toBe(200);
    expect((await kiosk.get('/host.js', { cookie })).status).toBe(404);
    rmSync(base, { recursive: true, force: true });
  });
});

describe('attacks on the bridge', () => {
  it('does not open without the cookie', async () => {
    await kiosk.enter();
    expect(await kiosk.knock({ origin: kiosk.host.origin })).toBe(403);
  });

  it('does not open for another origin, or for none', async () => {
    const cookie = await kiosk.enter();
    const { port } = new URL(kiosk.host.origin);
    const origins = ['http://evil.example', 'null', `https://127.0.0.1:${port}`, `http://localhost:${port}`];
    for (const origin of [...origins, `${kiosk.host.origin}.evil.example`, 'http://127.0.0.1']) {
      expect(await kiosk.knock({ cookie, origin }), origin).toBe(403);
    }
    expect(await kiosk.knock({ cookie })).toBe(403);
  });

  it('does not open under another name or path', async () => {
    const headers = { cookie: await kiosk.enter(), origin: kiosk.host.origin };
    expect(await kiosk.knock({ ...headers, host: 'evil.example' })).toBe(421);
    expect(await kiosk.knock(headers, '/bridge/')).toBe(404);
    expect(await kiosk.knock(headers, '/')).toBe(404);
  });

  it('has one live page: the newer one', async () => {
    const headers = { cookie: await kiosk.enter(), origin: kiosk.host.origin };
    const older = opened(await kiosk.knock(headers));
    const closed = once(older, 'close');
    const newer = opened(await kiosk.knock(headers));
    expect((await closed)[0]).toBe(1008);
    expect(await ask(newer, '{"call":1,"method":"view","input":{}}')).toMatchObject({ answer: 1, value: { page: 1 } });
  });

  it('closes on a message over 64 kB', async () => {
    const socket = await page();
    socket.send(JSON.stringify({ call: 1, method: 'send', input: 'x'.repeat(64 * 1024) }));
    expect((await once(socket, 'close'))[0]).toBe(1009);
    expect(kiosk.launcher.latest.sent).toEqual([]);
  });

  it.each(['eval', 'constructor', '__proto__', 'toString', 'charge'])('does not know the method %s', async (method) => {
    const socket = await page();
    const answer = await ask(socket, JSON.stringify({ call: 5, method, input: {} }));
    expect(answer).toMatchObject({ answer: 5, problem: { code: 'kiosk.badMessage' } });
    expect(kiosk.problems.at(-1)?.code).toBe('kiosk.badMessage');
  });

  it('does not hand a forged Intent to the engine', async () => {
    const socket = await page();
    const forged = { kind: 'choose', page: 1, option: 'x', amountCents: 1 };
    expect(await ask(socket, JSON.stringify({ call: 1, method: 'send', input: forged }))).toHaveProperty('problem');
    const polluted = '{"call":2,"method":"send","input":{"kind":"start","page":1,"__proto__":{"a":1}}}';
    expect(await ask(socket, polluted)).toHaveProperty('problem');
    expect(kiosk.launcher.latest.sent).toEqual([]);
  });

  it('closes a page that sends noise, bytes or broken JSON again and again', async () => {
    const socket = await page();
    const closed = once(socket, 'close');
    for (let count = 0; count < 4; count += 1) {
      socket.send('{');
      socket.send(Buffer.from('{"call":1,"method":"view","input":{}}'));
    }
    expect((await closed)[0]).toBe(1008);
  });

  it('drops the page when the engine dies and takes it again when the engine is back', async () => {
    const headers = { cookie: await kiosk.enter(), origin: kiosk.host.origin };
    const socket = opened(await kiosk.knock(headers));
    const closed = once(socket, 'close');
    kiosk.launcher.latest.die('exit code 1');
    expect((await closed)[0]).toBe(1012);
    expect(await kiosk.knock(headers)).toBe(503);
    await kiosk.clock.run(2_000);
    const again = opened(await kiosk.knock(headers));
    expect(await ask(again, '{"call":1,"method":"view","input":{}}')).toMatchObject({
      value: { screen: { subtitle: 'engine 2' } },
    });
  });

  it('shows the telephone number instead of the kiosk when the engine is given up', async () => {
    for (let count = 0; count < 4; count += 1) {
      kiosk.launcher.latest.die('exit code 1');
      await kiosk.clock.run(2_000);
    }
    const { body } = await kiosk.get('/', { cookie: await kiosk.enter() });
    expect(body).toContain('<strong>12345</strong>');
  });
});
