/**
 * The engine process: `node engine/main.ts --site ID --data DIR --platform URL [--identity FILE]` with an IPC channel to
 * its host. Its identity lies in `DIR/identity.json` unless told; where there is none, the terminal enrols with the code that
 * stands in the file `enrolment-code` beside it. Speaks KIOSK_RPC on that channel; ends when the channel closes. Faults go to stderr as one JSON line.
 */
import { fork } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
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
import { machineTime } from './ledger/machine-time.system.ts';
import { createBallast } from './ledger/safety/ballast.ts';
import { freeBytesAt } from './ledger/safety/free-space.system.ts';
import { portToChild, portToParent } from './ports/child-port.ts';
import { askForDeviceHosts } from './ports/device-host-request.ts';
import { parentPortOf, portToElectron } from './ports/utility-port.ts';
import { openIdentity } from './trust/enrolment.ts';
import { identityFile, readCodeFile, type IdentityStore } from './trust/identity-file.system.ts';
import { nodeCrypto } from './trust/node-crypto.ts';
import type { TerminalIdentity } from './trust/terminal-identity.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** It ends like this file: `.ts` among the sources, `.mjs` when both are bundled. */
const DEVICE_HOST_ENTRY = join(import.meta.dirname, 'devices', `device-host.main${extname(import.meta.filename)}`);

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
      identity: { type: 'string' },
      /** Black box and backups: a directory on another partition; beside the ledger when absent. */
      records: { type: 'string' },
      config: { type: 'string', default: join(ROOT, 'kiosk-config') },
      /** Rehearsals only: ends the process, unannounced, at this point of a transaction. */
      kill: { type: 'string' },
    },
  });
  if (values.kill !== undefined && !KILL_POINTS.includes(values.kill as KillPoint))
    giveUp({ code: 'kiosk.badConfig', detail: `--kill: one of ${KILL_POINTS.join(', ')}`.slice(0, 400) });
  return values;
}

/** Readable by the kiosk's user alone; argv can be read by everyone. */
async function whoAmI(
  store: IdentityStore,
  folder: string,
  baseUrl: string,
  station: string,
): Promise<TerminalIdentity> {
  const identity = await openIdentity({
    store,
    provider: nodeCrypto,
    chance: systemChance,
    clock: systemClock,
    fetch: globalThis.fetch,
    baseUrl,
    station,
    code: readCodeFile(join(folder, 'enrolment-code')),
  });
  if (!identity.ok) giveUp(identity.problem);
  return identity.value;
}

async function start(): Promise<Engine> {
  const values = readArguments();
  const config = loadKioskConfig(values.site, readConfigFiles(values.config));
  if (!config.ok) giveUp(config.problem);
  mkdirSync(values.data, { recursive: true, mode: 0o700 });
  const records = values.records ?? values.data;
  mkdirSync(records, { recursive: true, mode: 0o700 });
  const identityPath = values.identity ?? join(values.data, 'identity.json');
  const identityStore = identityFile(identityPath);
  const engine = await startEngine({
    config: config.value,
    clock: systemClock,
    chance: systemChance,
    ledgerPath: join(values.data, 'ledger.db'),
    blackBoxPath: join(records, 'black-box.log'),
    backupDirectory: join(records, 'backups'),
    disk: { freeBytes: freeBytesAt(values.data), ballast: createBallast(join(values.data, 'ballast.bin')) },
    onLedgerProblem: (found) => process.stderr.write(`${JSON.stringify({ problem: found })}\n`),
    platform: {
      baseUrl: values.platform,
      identityStore,
      identity: await whoAmI(identityStore, dirname(identityPath), values.platform, config.value.site.id),
    },
    fetch: globalThis.fetch,
    ...versionHere(),
    restart: () => void starting.then((engine) => engine.close()).finally(() => process.exit(0)),
    machineTime,
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

/** Of the release that runs: from the package it was started or built from. */
function versionHere(): Pick<EngineOptions, 'version'> {
  try {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? { version } : {};
  } catch {
    return {}; // built without it: the platform shows this terminal's version as unknown
  }
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
