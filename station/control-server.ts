/**
 * The station's page and its JSON interface, on the loopback only: `GET /api/devices` (what can be done), `GET /api/state`
 * (how they are), `POST /api/<device>/<action>`, `POST /api/scenes/<scene>`, `GET /api/<device>/slips/<number>.png`. A page of another origin can neither read nor act: the Host header must name
 * the loopback (against DNS rebinding), and an action must be sent as JSON (a foreign page would need our consent).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageFile } from './page-files.ts';
import { playScene, scenesFor } from './scenes.ts';
import type { StationDeviceHandle } from './station-device.ts';

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

const MAX_BODY_BYTES = 16_384;
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Rejects when the port is taken. */
export async function startControlServer(
  devices: readonly StationDeviceHandle[],
  requestedPort: number,
): Promise<ControlServer> {
  let port = requestedPort;
  stateOf(devices); // what they are like before anybody breaks one
  const server = createServer((request, response) => {
    if (!isLoopbackName(request.headers.host, port)) return send(response, problem(403, 'not for this host'));
    answer(request, devices).then(
      (found) => send(response, found),
      (error: unknown) => send(response, problem(500, error instanceof Error ? error.message : 'failed')),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(requestedPort, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  port = (server.address() as AddressInfo).port;
  return {
    port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function isLoopbackName(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

async function answer(request: IncomingMessage, devices: readonly StationDeviceHandle[]): Promise<Answer> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const [root, ...rest] = path.slice(1).split('/');
  if (root !== 'api') return request.method === 'GET' ? page(path) : problem(405, 'GET only');
  if (request.method === 'GET') return look(devices, rest);
  return request.method === 'POST' ? touch(request, devices, rest) : problem(405, 'GET or POST');
}

function look(devices: readonly StationDeviceHandle[], [name = '', ...rest]: readonly string[]): Answer {
  if (name === 'state') return json(200, stateOf(devices));
  if (name === 'devices') return json(200, descriptionOf(devices));
  const device = devices.find(({ id }) => id === name);
  return device ? slip(device, rest.join('/')) : problem(404, 'no such device');
}

async function touch(
  request: IncomingMessage,
  devices: readonly StationDeviceHandle[],
  [name = '', action = '', ...rest]: readonly string[],
): Promise<Answer> {
  if (rest.length > 0) return problem(404, 'no such action');
  if (name === 'scenes') return play(request, devices, action);
  const device = devices.find(({ id }) => id === name);
  return device ? act(request, device, action) : problem(404, 'no such device');
}

async function page(path: string): Promise<Answer> {
  const file = await pageFile(path);
  return file ? { status: 200, ...file } : problem(404, 'no such page');
}

/** `isBroken`: some fault is not as it was at the start. */
function stateOf(devices: readonly StationDeviceHandle[]) {
  return {
    devices: devices.map((device) => {
      const { id, class: deviceClass, model, address } = device;
      const state = device.state();
      return { id, class: deviceClass, model, address, isBroken: isBroken(device, state), state };
    }),
  };
}

const soundFaults = new WeakMap<StationDeviceHandle, string>();

function isBroken(device: StationDeviceHandle, state: unknown): boolean {
  const now = JSON.stringify((state as { readonly faults?: unknown }).faults);
  const sound = soundFaults.get(device) ?? now;
  soundFaults.set(device, sound);
  return now !== sound;
}

function descriptionOf(devices: readonly StationDeviceHandle[]) {
  return {
    devices: devices.map(({ id, class: deviceClass, model, address, actions }) => ({
      id,
      class: deviceClass,
      model,
      address,
      actions: Object.entries(actions).map(([name, { input }]) => ({ name, input })),
    })),
    scenes: scenesFor(devices).map(({ id, title, detail }) => ({ id, title, detail })),
  };
}

function play(request: IncomingMessage, devices: readonly StationDeviceHandle[], id: string): Answer {
  if (!isJson(request)) return problem(415, 'JSON only');
  const scene = scenesFor(devices).find((candidate) => candidate.id === id);
  if (!scene) return problem(404, 'no such scene');
  const played = playScene(scene, devices);
  return played.ok ? json(200, {}) : problem(422, played.problem.detail ?? played.problem.code);
}

function isJson(request: IncomingMessage): boolean {
  return /^application\/json\b/.test(request.headers['content-type'] ?? '');
}

function slip(device: StationDeviceHandle, path: string): Answer {
  const number = /^slips\/(\d{1,9})\.png$/.exec(path)?.[1];
  const picture = number === undefined ? undefined : device.slipPng?.(Number(number));
  return picture ? { status: 200, type: 'image/png', body: picture } : problem(404, 'no such slip');
}

async function act(request: IncomingMessage, device: StationDeviceHandle, name: string): Promise<Answer> {
  if (!isJson(request)) return problem(415, 'JSON only');
  const action = Object.hasOwn(device.actions, name) ? device.actions[name] : undefined;
  if (!action) return problem(404, 'no such action');
  const body = await readBody(request);
  if (body === undefined) return problem(413, 'too long');
  const input = parseJson(body);
  if (input === undefined) return problem(400, 'not JSON');
  const result = action.run(input);
  return result.ok ? json(200, { state: device.state() }) : problem(422, result.problem.detail ?? result.problem.code);
}

/** Undefined when it is longer than any action needs. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** An empty body is an empty object. */
function parseJson(text: string): unknown {
  try {
    return text.trim() === '' ? {} : (JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

function problem(status: number, detail: string): Answer {
  return json(status, { problem: detail });
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...SAFE_HEADERS, 'content-type': type });
  response.end(body);
}
