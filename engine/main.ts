/**
 * The engine process: `node engine/main.ts --site ID --data DIR --platform URL --token-file FILE` with an IPC channel to
 * its host. Speaks KIOSK_RPC on that channel; ends when the channel closes. Faults go to stderr as one JSON line.
 */
import { fork } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Type from 'typebox';
import { parse } from '../contract/check.ts';
import { systemChance, systemClock } from '../contract/clock.system.ts';
import { endWith } from '../contract/program-end.system.ts';
import { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import { ok, type Problem } from '../contract/outcome.schema.ts';
import { serve, type Port } from '../contract/rpc.ts';
import { loadKioskConfig, type KioskConfig } from '../kiosk-config/load.ts';
import { readConfigFiles } from '../kiosk-config/read-files.system.ts';
import { DEVICE_HOST_END_MS } from './ports/device-host-request.schema.ts';
import { createRemoteDeviceHost } from './devices/device-host.client.ts';
import { rebootBy } from './devices/reboot-command.system.ts';
import { usbPortPower } from './devices/usb-port-power.system.ts';
import { startEngine, type Engine, type EngineOptions } from './engine.ts';
import { readModelFiles } from './identity/model-files.system.ts';
import { KILL_POINTS, type KillPoint } from './ledger/kill-points.ts';
import { portToChild, portToParent } from './ports/child-port.ts';
import { askForDeviceHosts } from './ports/device-host-request.ts';
import { parentPortOf, portToElectron } from './ports/utility-port.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** It ends like this file: `.ts` among the sources, `.mjs` when both are bundled. */
const DEVICE_HOST_ENTRY = join(import.meta.dirname, 'devices', `device-host.main${extname(import.meta.filename)}`);

/** Written by whoever starts the kiosk, readable by its user alone; argv can be read by everyone. */
const Enrolment = Type.Object(
  {
    terminal: Type.String({ pattern: '^[a-zA-Z0-9-]{1,40}$' }),
    token: Type.String({ minLength: 16, maxLength: 128 }),
  },
  { additionalProperties: false },
);

function giveUp(problem: Problem): never {
  process.stderr.write(`${JSON.stringify({ problem })}\n`);
  process.exit(1);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      site: { type: 'string', default: 'demo-village' },
      data: { type: 'string', default: join(ROOT, '.data') },
      platform: { type: 'string', default: 'http://127.0.0.1:35990' },
      'token-file': { type: 'string' },
      config: { type: 'string', default: join(ROOT, 'kiosk-config') },
      /** Rehearsals only: ends the process, unannounced, at this point of a transaction. */
      kill: { type: 'string' },
    },
  });
  if (values.kill !== undefined && !KILL_POINTS.includes(values.kill as KillPoint))
    giveUp({ code: 'kiosk.badConfig', detail: `--kill: one of ${KILL_POINTS.join(', ')}`.slice(0, 400) });
  return values;
}

function readEnrolment(file: string | undefined): { terminal: string; token: string } {
  if (file === undefined) giveUp({ code: 'kiosk.badConfig', detail: '--token-file is missing' });
  const enrolment = parse(Enrolment, JSON.parse(readFileSync(file, 'utf8')), 'kiosk.badConfig');
  if (!enrolment.ok) giveUp({ code: 'kiosk.badConfig', detail: `${file}: ${enrolment.problem.detail ?? ''}` });
  return enrolment.value;
}

async function start(): Promise<Engine> {
  const values = readArguments();
  const config = loadKioskConfig(values.site, readConfigFiles(values.config));
  if (!config.ok) giveUp(config.problem);
  mkdirSync(values.data, { recursive: true, mode: 0o700 });
  const engine = await startEngine({
    config: config.value,
    clock: systemClock,
    chance: systemChance,
    ledgerPath: join(values.data, 'ledger.db'),
    blackBoxPath: join(values.data, 'black-box.log'),
    platform: { baseUrl: values.platform, ...readEnrolment(values['token-file']) },
    fetch: globalThis.fetch,
    // shorter than the host's patience with a starting engine, so that a missing printer never looks like a dead engine
    recoveryBudgetMs: 8_000,
    powerCycle: usbPortPower(systemClock),
    reboot: rebootBy(config.value.site.reboot?.command ?? [], join(values.data, 'reboots.json')),
    ...faceModelOf(config.value.site),
    onRecovery: (recovery) => process.stderr.write(`${JSON.stringify({ recovery })}\n`),
    startDeviceHost: (group) => createRemoteDeviceHost(startDeviceHost(group), systemClock),
    probe: (point) => {
      if (point === values.kill) process.kill(process.pid, 'SIGKILL');
    },
  });
  if (!engine.ok) giveUp(engine.problem);
  return engine.value;
}

function faceModelOf({ faceModel }: KioskConfig['site']): Pick<EngineOptions, 'faceModel'> {
  if (!faceModel) return {};
  const key = createPublicKey({ key: Buffer.from(faceModel.publicKey, 'base64'), format: 'der', type: 'spki' });
  const onRefused = (refused: Problem) => process.stderr.write(`${JSON.stringify({ problem: refused })}\n`);
  return { faceModel: { read: readModelFiles(faceModel.folder), key, onRefused } };
}

/** Electron gives its utility processes a `parentPort`; plain Node gives a forked child an IPC channel. */
const parentPort = parentPortOf(process);
const port = parentPort ? portToElectron(parentPort) : portToParent(process);
/** An Electron that runs no code but its own (fuse RunAsNode off) cannot be forked: its main process starts device hosts. */
const startDeviceHost = parentPort ? askForDeviceHosts(parentPort, systemClock) : forkDeviceHost;

function forkDeviceHost(): Port {
  const child = fork(DEVICE_HOST_ENTRY, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // A native call that never returns would keep the process, and with it the wire that the next one needs.
  child.once('disconnect', () => systemClock.after(DEVICE_HOST_END_MS, () => child.kill('SIGKILL')));
  return portToChild(child);
}

// The host may ask before the ledger is open; its question waits for the answer instead of getting lost.
const starting = start();
const server = serve(port, KIOSK_RPC, {
  view: async () => ok((await starting).view()),
  send: async (intent) => ok({ taken: (await starting).send(intent) }),
});
const engine = await starting;
engine.subscribe((view) => server.emit('view', view));
endWith(() => engine.close());
