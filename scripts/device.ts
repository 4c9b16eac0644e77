/**
 * `npm run device -- list|status|self-test|record|replay|decode|encode`: a technician's way to the devices, straight to their
 * drivers. What it says and how it ends: docs/operations/devices.md.
 */
import type { DeviceConfig } from '../contract/devices/device-config.schema.ts';
import { systemClock } from '../contract/clock.system.ts';
import type { Problem, Result } from '../contract/outcome.schema.ts';
import { readArguments, type DeviceCommand } from './device/arguments.ts';
import { tellBatch } from './device/batch.ts';
import { tellDecoded, tellEncoded, tellProblem } from './device/decode.ts';
import { EXIT, USAGE, type ExitCode } from './device/exit-codes.ts';
import { list } from './device/list.ts';
import { closeDevices, openDevices, type OpenDevice } from './device/open-devices.ts';
import { sentence, type Say } from './device/output.ts';
import { record } from './device/record.ts';
import { readRecording } from './device/recording-file.ts';
import { replay, tellEntries, tellReplayed } from './device/replay.ts';
import { tellSelfTest } from './device/self-test.ts';
import { chooseDevices, pickDevice, type ChosenDevices } from './device/site-devices.ts';
import { tellStatus } from './device/status.ts';

const say: Say = (line) => void process.stdout.write(`${line}\n`);

type OfDevices = Extract<DeviceCommand, { kind: 'list' | 'status' | 'self-test' | 'record' }>;
type OfKind<Kind extends DeviceCommand['kind']> = Extract<DeviceCommand, { kind: Kind }>;

async function run(command: DeviceCommand): Promise<ExitCode> {
  switch (command.kind) {
    case 'decode':
      return tellDecoded(command.key, command.hex, say);
    case 'encode':
      return tellEncoded(command.key, command.json, say);
    case 'batch':
      return tellBatch(command.file, say);
    case 'replay':
      return playBack(command);
    case 'list':
    case 'status':
    case 'self-test':
    case 'record':
      return withDevices(command);
  }
}

async function withDevices(command: OfDevices): Promise<ExitCode> {
  const chosen = chooseDevices(command.devices);
  if (!chosen.ok) return refuse(chosen.problem, command.json);
  switch (command.kind) {
    case 'list':
      list(chosen.value, command.json, say);
      return EXIT.well;
    case 'status':
      return status(command, chosen.value);
    case 'self-test':
      return selfTest(command, chosen.value);
    case 'record':
      return recordOne(command, chosen.value);
  }
}

function status(command: OfKind<'status'>, chosen: ChosenDevices): Promise<ExitCode> {
  const picked = command.device === undefined ? undefined : pickDevice(chosen, command.device);
  if (picked && !picked.ok) return Promise.resolve(refuse(picked.problem, command.json));
  const configs = picked ? [picked.value] : chosen.devices;
  return opened(configs, chosen, command.json, (devices) => tellStatus(devices, systemClock, { ...command, say }));
}

function selfTest(command: OfKind<'self-test'>, chosen: ChosenDevices): Promise<ExitCode> {
  const picked = pickDevice(chosen, command.device);
  if (!picked.ok) return Promise.resolve(refuse(picked.problem, command.json));
  return opened([picked.value], chosen, command.json, ([one]) =>
    one ? tellSelfTest(one, systemClock, { ...command, say }) : Promise.resolve(EXIT.notWell),
  );
}

async function opened(
  configs: readonly DeviceConfig[],
  { cardProfiles }: ChosenDevices,
  json: boolean,
  act: (devices: readonly OpenDevice[]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const devices = await openDevices(configs, { clock: systemClock, cardProfiles });
  if (!devices.ok) return refuse(devices.problem, json);
  try {
    return await act(devices.value);
  } finally {
    await closeDevices(devices.value);
  }
}

async function recordOne(command: OfKind<'record'>, chosen: ChosenDevices): Promise<ExitCode> {
  const picked = pickDevice(chosen, command.device);
  if (!picked.ok) return refuse(picked.problem, command.json);
  const early = new AbortController();
  process.once('SIGINT', () => early.abort());
  const { cardProfiles } = chosen;
  const { signal } = early;
  const kept = await record({ ...command, config: picked.value, cardProfiles, clock: systemClock, signal });
  if (!kept.ok) return refuse(kept.problem, command.json);
  const { bytes, entries, bytesToDevice, bytesFromDevice, onlyLengths } = kept.value;
  if (command.json) say(JSON.stringify({ file: command.out, ...kept.value }));
  else {
    say(
      `${command.out}: ${entries} entries, ${bytesToDevice} bytes to the device, ${bytesFromDevice} from it (${bytes})`,
    );
    if (onlyLengths > 0) say(`${onlyLengths} entries that no protocol could read are kept as lengths`);
  }
  return entries > 0 ? EXIT.well : EXIT.notWell;
}

async function playBack({ file, isDecoding, json }: OfKind<'replay'>): Promise<ExitCode> {
  const recording = readRecording(file);
  if (!recording.ok) return refuse(recording.problem, json);
  if (isDecoding) return tellEntries(recording.value, json, say);
  const replayed: Result<Parameters<typeof tellReplayed>[0]> = await replay(recording.value);
  return replayed.ok ? tellReplayed(replayed.value, json, say) : refuse(replayed.problem, json);
}

function refuse(problem: Problem, json: boolean): ExitCode {
  if (!json) process.stderr.write(`${sentence(problem)}\n`);
  return tellProblem(problem, json ? say : () => undefined);
}

// `| head` closes the pipe: nobody reads on, so there is nothing more to say.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.well);
});

const command = readArguments(process.argv.slice(2));
if (typeof command === 'string') {
  process.stderr.write(`${command}\n${USAGE}`);
  process.exitCode = EXIT.usage;
} else process.exitCode = await run(command);
