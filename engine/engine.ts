/**
 * The composition root: configuration and wires in, a running kiosk out. The only place that builds things; every part
 * gets what it needs from here and takes nothing by itself.
 */
import type { KeyObject } from 'node:crypto';
import type { Chance, Clock } from '../contract/clock.ts';
import type { Intent } from '../contract/intent.schema.ts';
import { ok, type Problem, type Result } from '../contract/outcome.schema.ts';
import type { AuditEvent } from '../contract/terminal-event.schema.ts';
import type { View } from '../contract/view.schema.ts';
import type { KioskConfig } from '../kiosk-config/load.ts';
import { createDeviceManager, type DeviceManager } from './devices/device-manager.ts';
import type { DeviceHost } from './devices/device-host.ts';
import { RebootRung, type RebootRungOptions } from './devices/reboot-rung.ts';
import type { RecoveryNote } from './devices/recovery-ladder.ts';
import { createPorts } from './flow-ports.ts';
import { Flow } from './flow/flow.ts';
import type { SessionInput } from './flow/session.machine.ts';
import { createTexts } from './flow/texts.ts';
import type { Surroundings } from './flow/surroundings.ts';
import { openFaceModel, type FaceModel, type ReadModelFile } from './identity/face-model.ts';
import { createEffects, type EffectOptions } from './ledger/effects.ts';
import type { Probe } from './ledger/kill-points.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { RecoveryOptions } from './ledger/recovery.ts';
import type { Ballast } from './ledger/safety/ballast.ts';
import { openKeptLedger, type LedgerKeeper } from './ledger/safety/ledger-keeper.ts';
import { localTime, trusted } from './local-time.ts';
import { remoteActs, reportOf } from './remote.ts';
import { checkOfflinePromises } from './offline-promise.ts';
import { createStanding, settleOpen, type Standing } from './settling.ts';
import { createAttachmentLane } from './sync/attachments.ts';
import { createClockTrust, type ClockTrust } from './sync/clock-trust.ts';
import { CHANNEL_READERS } from './sync/channel-readers.ts';
import { createDocuments, type Documents as SyncedDocuments } from './sync/documents.ts';
import { createOperations } from './sync/operations.ts';
import { createSync, type Sync } from './sync/sync.ts';
import { isCheckpointGood } from './trust/checkpoint.ts';
import type { IdentityStore } from './trust/identity-file.system.ts';
import { changingIdentity, createKeyKeeper } from './trust/key-keeper.ts';
import { sealPersonal } from './trust/sealing.ts';
import type { TerminalIdentity } from './trust/terminal-identity.ts';

export interface EngineOptions {
  readonly config: KioskConfig;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ledgerPath: string;
  readonly blackBoxPath?: string;
  /** Where checked copies of the ledger are kept; without it there are none. */
  readonly backupDirectory?: string;
  /** Free bytes of the ledger's disk, and what is let go when there are none; without it the disk is taken to have room. */
  readonly disk?: { readonly freeBytes: () => number | undefined; readonly ballast?: Ballast };
  /** Hears what maintainers must know of the ledger and its disk. */
  readonly onLedgerProblem?: (problem: Problem) => void;
  readonly platform: {
    readonly baseUrl: string;
    readonly identity: TerminalIdentity;
    /** Where it lies, so that its keys can be changed. */
    readonly identityStore: IdentityStore;
  };
  readonly fetch: typeof globalThis.fetch;
  startDeviceHost(group: string): DeviceHost;
  /** Takes the power of a USB port away and gives it back; absent where the machine cannot. */
  readonly powerCycle?: (usbPort: string) => Promise<Result<object>>;
  /** What runs here: told, signed, once it has come up well (F66). Absent: nothing is said of it. */
  readonly version?: string;
  /** Ends this program, which is then started again, as staff may ask from afar. */
  readonly restart?: () => void;
  /** Starts the machine afresh, and where its count is kept; used as the site allows. */
  readonly reboot?: Pick<RebootRungOptions, 'past' | 'reboot'>;
  /** Hears of each rung climbed to bring a silent device back. */
  readonly onRecovery?: (note: RecoveryNote) => void;
  /** The site's signed face model; absent: faces are compared by the platform only. */
  readonly faceModel?: {
    readonly read: ReadModelFile;
    readonly key: KeyObject;
    readonly onRefused: (problem: Problem) => void;
  };
  /** How long the machine is up, across restarts of this program. */
  readonly machineTime?: NonNullable<EffectOptions['machineTime']>;
  /** Ends the process at a named point; tests and rehearsals only. */
  readonly probe?: Probe;
  /** How long the start waits for acts that the last run left open. */
  readonly recoveryBudgetMs?: number;
}

export interface Engine {
  view(): View;
  subscribe(listener: (view: View) => void): () => void;
  /** False when the page it was made on is gone. */
  send(intent: Intent): boolean;
  /** Changes the terminal's keys now, as staff may ask. */
  rotateKeys(): Promise<Result<undefined>>;
  /** For the maintainer and for rehearsals: what stands in the ledger and on the wires. */
  readonly ledger: Ledger;
  readonly devices: DeviceManager;
  close(): Promise<void>;
}

/** Opens the ledger, settles what the last run left open, then opens the kiosk. Refuses when the ledger is not safe. */
export async function startEngine(options: EngineOptions): Promise<Result<Engine>> {
  const { clock, config } = options;
  const note: Note = {};
  const time = createClockTrust({
    clock,
    onStep: (byMs) => note.audit?.('clock.stepped', undefined, `by ${byMs} ms`),
    onDoubt: (apartMs) => note.audit?.('clock.doubtful', undefined, `${apartMs} ms from the platform`),
  });
  const promises = checkOfflinePromises(config.services);
  if (!promises.ok) return promises;
  const opened = await openKeeper(options, time);
  if (!opened.ok) return opened;
  const keeper = opened.value;
  const { ledger } = keeper;
  const audit = (note.audit = auditor(ledger, clock));
  const devices = openDevices(options);
  const line = openLine(options, { keeper, devices, time, audit, note });
  const { sync, documents } = line;
  documents.begin();
  const faceModel = await openModel(options);
  const running = new AbortController();
  const { signal } = running;
  const parts: Parts = { options, keeper, ledger, devices, time, signal, ...line, ...(faceModel && { faceModel }) };
  const standing = createStanding();
  const settle = () => settleOpen(recoveryOptions(parts), standing, signal);
  await settle();
  const flow = openFlow(parts, standing);
  standing.onChange = () => flow.refresh();
  note.onDocuments = () => flow.refresh();
  note.isIdle = () => isIdle(flow);
  keeper.start({
    isIdle: () => isIdle(flow),
    localHour: () => Number(localTime(trusted(time), config.site.station.timeZone).time.slice(0, 2)),
    settle,
    onChange: () => flow.refresh(),
  });
  sync.subscribe(() => flow.refresh());
  sync.start();
  line.keys.start();
  const healthy = clock.after(HEALTHY_AFTER_MS, () => tellHealthy(options, documents, audit));
  const rebootRung = openRebootRung(parts, flow);
  return ok({
    view: () => flow.view(),
    subscribe: (listener) => flow.subscribe(listener),
    send: (intent) => flow.send(intent),
    rotateKeys: () => line.keys.rotate(),
    ledger,
    devices,
    async close() {
      running.abort();
      rebootRung?.stop();
      flow.stop();
      clock.cancel(healthy);
      line.keys.stop();
      sync.stop();
      await devices.close();
      await keeper.stop();
    },
  });
}

interface Parts {
  readonly options: EngineOptions;
  readonly keeper: LedgerKeeper;
  readonly ledger: Ledger;
  readonly devices: DeviceManager;
  readonly sync: Sync;
  readonly documents: SyncedDocuments;
  readonly identity: TerminalIdentity;
  readonly time: ClockTrust;
  readonly signal: AbortSignal;
  readonly faceModel?: FaceModel;
}

/** What is known only after the parts that ask for it were made. */
interface Note {
  audit?: Audit;
  onDocuments?: () => void;
  isIdle?: () => boolean;
}

type Audit = (action: AuditEvent['action'], target?: string, detail?: string) => void;

function openDevices(options: EngineOptions): DeviceManager {
  const { config, clock, powerCycle, onRecovery } = options;
  const devices = createDeviceManager({
    devices: config.site.devices,
    cardProfiles: config.cardProfiles,
    clock,
    startHost: (group) => options.startDeviceHost(group),
    ...(powerCycle && { powerCycle }),
  });
  if (onRecovery) devices.onRecovery(onRecovery);
  return devices;
}

interface LineParts extends Pick<Parts, 'keeper' | 'devices' | 'time'> {
  readonly audit: Audit;
  readonly note: Note;
}

/** Everything between this terminal and the platform. */
function openLine(options: EngineOptions, { keeper, devices, time, audit, note }: LineParts) {
  const { clock, chance, config, fetch } = options;
  const { ledger } = keeper;
  const { baseUrl, identityStore } = options.platform;
  const identity = changingIdentity(options.platform.identity);
  const ways = { baseUrl, identity, clock, chance, fetch };
  const nowMs = () => time.nowMs();
  const documents = createDocuments({
    ...{ ...ways, nowMs, audit },
    store: ledger.publications,
    readers: CHANNEL_READERS,
    seen: {
      get: () => Number(ledger.documents.get(MANIFEST)?.version ?? 0),
      set: (version) => void ledger.documents.put(MANIFEST, String(version), {}),
    },
    onChange: () => note.onDocuments?.(),
  });
  const keys = createKeyKeeper({ ...ways, nowMs, store: identityStore });
  const operations = createOperations({
    acts: remoteActs({ restart: options.restart, resync: () => sync.poke('money'), keys }),
    isIdle: () => note.isIdle?.() ?? false,
    memory: ledger.documents,
    audit,
  });
  const onLost = (found: Problem) => options.onLedgerProblem?.(found);
  audit('booted', options.version);
  const sync: Sync = createSync({
    ...ways,
    onManifest: (version) => void documents.told(version),
    onOperations: (asked, platformNowMs) => void operations.told(asked, platformNowMs),
    report: () => reportOf({ keeper, ledger, devices, time, nowMs: () => clock.wallMs() }),
    boot: ledger.boot,
    time,
    isProven: (stream, reply) => isCheckpointGood(identity, stream, ledger.incarnation, reply),
    ledger,
    streams: ['ledger', 'audit', 'metrics'],
    attachments: createAttachmentLane({ ...ways, nowMs, store: ledger.attachments, onLost }),
    audit,
    onFork: (stream, head) => keeper.fork(stream, head),
    localDay: () => localTime(trusted(time), config.site.station.timeZone).day,
    queues: queuesOf(config),
    firstContactSpreadMs: config.site.sync.firstContactSpreadMs,
  });
  return { identity, documents, keys, sync };
}

/** What changed about the machine itself, by the engine; a full disk is no reason to stop for it. */
function auditor(ledger: Ledger, clock: Clock): Audit {
  return (action, target, detail) => {
    const at = new Date(clock.wallMs()).toISOString();
    const event = { type: 'Audit', at, actor: 'engine', action, ...(target && { target }), ...(detail && { detail }) };
    void ledger.record([event as AuditEvent], 'audit');
  };
}

function tellHealthy({ version, config }: EngineOptions, documents: SyncedDocuments, audit: Audit): void {
  documents.healthy();
  if (version !== undefined) audit('version.healthy', version, versionsOf(documents, config));
}

/** Beside the program's own version: those of the documents in use, and the models the drivers are set to. */
function versionsOf(documents: SyncedDocuments, { site }: KioskConfig): string {
  const inUse = Object.entries(documents.versions()).map(([channel, version]) => `${channel}@${version}`);
  const models = site.devices.map(({ id, model }) => `${id}:${model}`);
  return [...inUse, ...models].join(' ').slice(0, 200);
}

/** A model that is refused closes the face check by it and nothing else. */
async function openModel({ faceModel }: EngineOptions): Promise<FaceModel | undefined> {
  if (!faceModel) return undefined;
  const opened = await openFaceModel(faceModel.read, faceModel.key);
  if (opened.ok) return opened.value;
  faceModel.onRefused(opened.problem);
  return undefined;
}

function openKeeper(options: EngineOptions, time: ClockTrust): Promise<Result<LedgerKeeper>> {
  const { clock, chance, ledgerPath, blackBoxPath, backupDirectory, probe, disk } = options;
  return openKeptLedger({
    path: ledgerPath,
    clock,
    chance,
    timeOf: () => time.offset(),
    onProblem: (found) => options.onLedgerProblem?.(found),
    ...disk,
    ...(blackBoxPath !== undefined && { blackBoxPath }),
    ...(backupDirectory !== undefined && { backupDirectory }),
    ...(probe !== undefined && { probe }),
  });
}

type EffectParts = Pick<Parts, 'options' | 'ledger' | 'devices' | 'identity'>;

function effectOptions({ options, ledger, devices, identity }: EffectParts): EffectOptions {
  const { clock, chance, probe, machineTime } = options;
  const { provider } = identity;
  const { payment } = options.config.site;
  return {
    ...{ ledger, devices, clock, chance },
    seal: (content) => sealPersonal({ provider, chance, key: identity.platform.agreement }, content),
    ...(probe && { probe }),
    ...(payment && { payment }),
    ...(machineTime && { machineTime }),
  };
}

function recoveryOptions(parts: Parts): RecoveryOptions {
  const { recoveryBudgetMs } = parts.options;
  return { ...effectOptions(parts), ...(recoveryBudgetMs !== undefined && { budgetMs: recoveryBudgetMs }) };
}

function isIdle(flow: Flow): boolean {
  return flow.view().screen.kind === 'attract';
}

function openFlow(parts: Parts, standing: Standing): Flow {
  const { options, devices } = parts;
  const { config } = options;
  const { site } = config;
  const texts = createTexts(config.locales);
  const ports = createPorts(parts, standing, createEffects(effectOptions(parts)));
  const session: SessionInput = {
    ports,
    texts,
    services: config.services,
    templates: config.templates,
    defaults: site.defaults,
    patience: site.patience,
    cards: site.cards,
    platePrefix: site.station.platePrefix,
    stationName: site.station.name,
    helperPhone: site.station.helperPhone,
  };
  const around: Surroundings = {
    texts,
    ports,
    station: site.station,
    display: site.display,
    services: config.services,
  };
  return new Flow({ session, around, onSessionEnd: () => clearMouth(devices, options.clock) });
}

/** The last rung of the ladder, where the site allows it. */
function openRebootRung({ options, devices }: Parts, flow: Flow): RebootRung | undefined {
  const { reboot: allowed } = options.config.site;
  if (!allowed || !options.reboot) return undefined;
  const rung = new RebootRung({
    ...options.reboot,
    clock: options.clock,
    atMost: allowed.atMostADay,
    isNeeded: () => devices.all().some(({ isIsolated }) => isIsolated),
    isIdle: () => isIdle(flow),
  });
  rung.start();
  return rung;
}

/** A slip nobody took must not greet the next person. */
function clearMouth(devices: DeviceManager, clock: Clock): void {
  if (devices.status('receipt-printer').media !== 'present') return;
  const limits = { deadline: clock.now() + RETRACT_MS, signal: new AbortController().signal };
  void devices.execute('receipt-printer', { kind: 'retract' }, limits);
}

const RETRACT_MS = 10_000;
/** Where the highest manifest version that was seen is kept. */
const MANIFEST = 'manifest';
/** So long after its start a kiosk that still runs has come up well. */
const HEALTHY_AFTER_MS = 60_000;

/** The queues whose numbers this terminal must hold in stock. */
function queuesOf(config: KioskConfig): readonly string[] {
  const queues = config.services.flatMap((service) => {
    const issuing = service.steps.find((step) => step.kind === 'issue-ticket');
    if (issuing?.kind !== 'issue-ticket') return [];
    if ('queue' in issuing) return [issuing.queue];
    const asking = service.steps.find((step) => step.id === issuing.choose);
    return asking?.kind === 'choose' ? asking.options.map((option) => option.id) : [];
  });
  return [...new Set(queues)];
}
