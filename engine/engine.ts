/**
 * The composition root: configuration and wires in, a running kiosk out. The only place that builds things; every part
 * gets what it needs from here and takes nothing by itself.
 */
import { createHash, type KeyObject } from 'node:crypto';
import type { Chance, Clock } from '../contract/clock.ts';
import type { Intent } from '../contract/intent.schema.ts';
import { ok, type Problem, type Result } from '../contract/outcome.schema.ts';
import type { View } from '../contract/view.schema.ts';
import type { KioskConfig } from '../kiosk-config/load.ts';
import { createDeviceManager, type DeviceManager } from './devices/device-manager.ts';
import type { DeviceHost } from './devices/device-host.ts';
import { RebootRung, type RebootRungOptions } from './devices/reboot-rung.ts';
import type { RecoveryNote } from './devices/recovery-ladder.ts';
import { Flow } from './flow/flow.ts';
import type { FlowPorts } from './flow/ports.ts';
import type { SessionInput } from './flow/session.machine.ts';
import { createTexts } from './flow/texts.ts';
import type { Surroundings } from './flow/surroundings.ts';
import { openFaceModel, type FaceModel, type ReadModelFile } from './identity/face-model.ts';
import { createIdentity } from './identity/identity.ts';
import { createEffects } from './ledger/effects.ts';
import type { Probe } from './ledger/kill-points.ts';
import { openLedger, type Ledger } from './ledger/ledger.ts';
import { recover, type RecoveryStanding } from './ledger/recovery.ts';
import { localTime } from './local-time.ts';
import { createSync, type Sync } from './sync/sync.ts';

export interface EngineOptions {
  readonly config: KioskConfig;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ledgerPath: string;
  readonly blackBoxPath?: string;
  readonly platform: { readonly baseUrl: string; readonly terminal: string; readonly token: string };
  readonly fetch: typeof globalThis.fetch;
  startDeviceHost(group: string): DeviceHost;
  /** Takes the power of a USB port away and gives it back; absent where the machine cannot. */
  readonly powerCycle?: (usbPort: string) => Promise<Result<object>>;
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
  /** For the maintainer and for rehearsals: what stands in the ledger and on the wires. */
  readonly ledger: Ledger;
  readonly devices: DeviceManager;
  close(): Promise<void>;
}

/** Opens the ledger, settles what the last run left open, then opens the kiosk. Refuses when the ledger is not safe. */
export async function startEngine(options: EngineOptions): Promise<Result<Engine>> {
  const { clock, chance, config } = options;
  const opened = openLedger({
    path: options.ledgerPath,
    clock,
    chance,
    ...(options.blackBoxPath === undefined ? {} : { blackBoxPath: options.blackBoxPath }),
    ...(options.probe === undefined ? {} : { probe: options.probe }),
  });
  if (!opened.ok) return opened;
  const ledger = opened.value;
  const devices = createDeviceManager({
    devices: config.site.devices,
    cardProfiles: config.cardProfiles,
    clock,
    startHost: (group) => options.startDeviceHost(group),
    ...(options.powerCycle === undefined ? {} : { powerCycle: options.powerCycle }),
  });
  if (options.onRecovery) devices.onRecovery(options.onRecovery);
  const day = () => localTime(clock, config.site.station.timeZone).day;
  const sync = createSync({
    ...options.platform,
    clock,
    chance,
    fetch: options.fetch,
    ledger,
    localDay: day,
    queues: queuesOf(config),
    firstContactSpreadMs: config.site.sync.firstContactSpreadMs,
  });
  const running = new AbortController();
  const faceModel = await openModel(options);
  const parts = { options, ledger, devices, sync, signal: running.signal, ...(faceModel ? { faceModel } : {}) };
  const standing = await settleLastRun(parts);
  const flow = openFlow(parts, standing);
  standing.onChange = () => flow.refresh();
  sync.subscribe(() => flow.refresh());
  sync.start();
  const rebootRung = openRebootRung(parts, flow);
  return ok({
    view: () => flow.view(),
    subscribe: (listener) => flow.subscribe(listener),
    send: (intent) => flow.send(intent),
    ledger,
    devices,
    async close() {
      running.abort();
      rebootRung?.stop();
      flow.stop();
      sync.stop();
      await devices.close();
      ledger.close();
    },
  });
}

interface Parts {
  readonly options: EngineOptions;
  readonly ledger: Ledger;
  readonly devices: DeviceManager;
  readonly sync: Sync;
  readonly signal: AbortSignal;
  readonly faceModel?: FaceModel;
}

/** A model that is refused closes the face check by it and nothing else. */
async function openModel({ faceModel }: EngineOptions): Promise<FaceModel | undefined> {
  if (!faceModel) return undefined;
  const opened = await openFaceModel(faceModel.read, faceModel.key);
  if (opened.ok) return opened.value;
  faceModel.onRefused(opened.problem);
  return undefined;
}

/** What the last run left open; changes while `resume` goes on behind the open kiosk. */
interface Standing {
  paidServicesClosed: boolean;
  /** A slip of the last run may still lie in the printer: until it is cleared nothing else is printed. */
  paperInDoubt: boolean;
  onChange?: () => void;
}

async function settleLastRun({ options, ledger, devices, signal }: Parts): Promise<Standing> {
  const report = await recover({
    ledger,
    devices,
    clock: options.clock,
    chance: options.chance,
    ...(options.probe === undefined ? {} : { probe: options.probe }),
    ...(options.recoveryBudgetMs === undefined ? {} : { budgetMs: options.recoveryBudgetMs }),
  });
  const standing: Standing = { paidServicesClosed: report.paidServicesClosed, paperInDoubt: report.paperInDoubt };
  if (report.pending.length > 0)
    void report.resume(signal, (now: RecoveryStanding) => {
      standing.paidServicesClosed = now.paidServicesClosed;
      standing.paperInDoubt = now.paperInDoubt;
      standing.onChange?.();
    });
  return standing;
}

function openFlow(parts: Parts, standing: Standing): Flow {
  const { options, devices } = parts;
  const { config } = options;
  const { site } = config;
  const texts = createTexts(config.locales);
  const ports = createPorts(parts, standing);
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
    isIdle: () => flow.view().screen.kind === 'attract',
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

function createPorts(parts: Parts, standing: Standing): FlowPorts {
  const { options, ledger, devices, sync, signal } = parts;
  const { clock, chance, config, platform } = options;
  const effects = createEffects({
    ledger,
    devices,
    clock,
    chance,
    ...(options.probe === undefined ? {} : { probe: options.probe }),
  });
  const now = () => localTime(clock, config.site.station.timeZone);
  return {
    clock,
    devices,
    effects: {
      async charge(request, sessionSignal) {
        const end = await effects.charge(request, sessionSignal);
        // The resident has their code; the question goes on until the terminal says what became of the sale.
        if (end.kind === 'case') void effects.lateCharge(request.txn, signal).then(() => sync.poke());
        sync.poke();
        return end;
      },
      async print(request, sessionSignal) {
        const end = await effects.print(request, sessionSignal);
        sync.poke();
        return end;
      },
    },
    identity: createIdentity({ calls: sync.identity, clock, faceModel: () => parts.faceModel, signal }),
    newTxn: () => ledger.newOperation(),
    newSession: () => Buffer.from(chance.bytes(12)).toString('hex'),
    pick: (count) => (chance.bytes(1)[0] ?? 0) % count,
    issueTicket(queue) {
      const txn = ledger.newOperation();
      const offline = !sync.online();
      const issued = ledger.tickets.issue({ queue, day: now().day, operation: txn, offline });
      sync.poke();
      if (!issued.ok) return issued;
      const { number } = issued.value;
      return ok({ txn, offline, ...(number === undefined ? {} : { number }) });
    },
    quoteParking(plate, cardNumber) {
      const cardDigest = cardNumber === undefined ? undefined : digestCard(platform.terminal, cardNumber);
      return sync.quoteParking(cardDigest === undefined ? { plate } : { plate, cardDigest });
    },
    queueFact: (queue) => sync.queueFact(queue),
    rate(service, stars) {
      // A rating that cannot be written is no reason to keep a resident waiting.
      void ledger.record([{ type: 'Rated', at: new Date(clock.wallMs()).toISOString(), service, stars }]);
      sync.poke();
    },
    online: () => sync.online(),
    localTime: now,
    paidServicesOpen: () => !standing.paidServicesClosed,
    printingOpen: () => !standing.paperInDoubt,
  };
}

/** Proves that a card was read without telling which; salted by the terminal so that two terminals' digests differ. */
function digestCard(terminal: string, cardNumber: string): string {
  return createHash('sha256').update(`livelihood-card:${terminal}:${cardNumber}`).digest('hex');
}

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
