/** What the flow asks for, joined from ledger, devices, sync and time. */
import { createHash } from 'node:crypto';
import type { Chance, Clock } from '../contract/clock.ts';
import { fail, ok, problem, type Result } from '../contract/outcome.schema.ts';
import type { KioskConfig } from '../kiosk-config/load.ts';
import type { DeviceManager } from './devices/device-manager.ts';
import type { FlowPorts, IssuedTicket } from './flow/ports.ts';
import type { FaceModel } from './identity/face-model.ts';
import { createIdentity } from './identity/identity.ts';
import type { Effects } from './ledger/effects.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerKeeper } from './ledger/safety/ledger-keeper.ts';
import { localTime, trusted } from './local-time.ts';
import type { Standing } from './settling.ts';
import { createStationNow } from './station-now.ts';
import { announcementAt } from './sync/announcements.ts';
import { closureOf } from './sync/catalogue.ts';
import type { ClockTrust } from './sync/clock-trust.ts';
import type { Documents } from './sync/documents.ts';
import type { Sync } from './sync/sync.ts';
import type { TerminalIdentity } from './trust/terminal-identity.ts';

export interface FlowPortParts {
  readonly options: {
    readonly config: KioskConfig;
    readonly clock: Clock;
    readonly chance: Chance;
    readonly platform: { readonly identity: TerminalIdentity };
  };
  readonly keeper: LedgerKeeper;
  readonly ledger: Ledger;
  readonly devices: DeviceManager;
  readonly sync: Sync;
  readonly documents: Documents;
  readonly time: ClockTrust;
  readonly signal: AbortSignal;
  readonly faceModel?: FaceModel;
}

export function createPorts(parts: FlowPortParts, standing: Standing, effects: Effects): FlowPorts {
  const { options, keeper, ledger, devices, sync, documents, time, signal } = parts;
  const { clock, chance, config, platform } = options;
  const now = () => localTime(trusted(time), config.site.station.timeZone);
  const { written, ...facts } = createStationNow({
    ledger,
    sync,
    time,
    clock,
    today: () => now().day,
    expiredDocuments: () => documents.expired(),
  });
  return {
    ...facts,
    clock,
    devices,
    closedByOffice: (service) => closureOf(documents.content('catalogue'), service),
    announcement: () => announcementAt(documents.content('announce'), time.nowMs()),
    effects: createMoneyPorts(parts, effects, written),
    identity: createIdentity({ calls: sync.identity, clock, faceModel: () => parts.faceModel, signal }),
    newTxn: () => ledger.newOperation(),
    newSession: () => Buffer.from(chance.bytes(12)).toString('hex'),
    pick: (count) => (chance.bytes(1)[0] ?? 0) % count,
    issueTicket: (queue) => issueTicket(parts, queue, now().day),
    quoteParking(plate, cardNumber) {
      const cardDigest = cardNumber === undefined ? undefined : digestCard(platform.identity.terminal, cardNumber);
      const prices = documents.name('prices');
      return sync.quoteParking({ plate, ...(cardDigest !== undefined && { cardDigest }), ...(prices && { prices }) });
    },
    queueFact: (queue) => sync.queueFact(queue),
    rate(service, stars) {
      // A rating that cannot be written is no reason to keep a resident waiting.
      void ledger.record([{ type: 'Rated', at: new Date(clock.wallMs()).toISOString(), service, stars }]);
      sync.poke('soon');
    },
    online: () => sync.online(),
    localTime: now,
    closedFor: (what) => keeper.closedFor(what),
    paidServicesOpen: () => !standing.paidServicesClosed,
    printingOpen: () => !standing.paperInDoubt,
  };
}

/** Nothing that is paid begins while disk or ledger forbid it; what has ended is noted and told at once. */
function createMoneyPorts(
  { keeper, sync, signal }: FlowPortParts,
  effects: Effects,
  written: (txn: string) => void,
): FlowPorts['effects'] {
  return {
    async charge(request, sessionSignal) {
      const closed = keeper.closedFor('paid');
      if (closed) return { kind: 'notCharged', problem: problem(closed) };
      const end = await keeper.during(() => effects.charge(request, sessionSignal));
      // The resident has their code; the question goes on until the terminal says what became of the sale.
      if (end.kind === 'case')
        void effects.lateCharge(request.txn, signal).then(() => {
          written(request.txn);
          sync.poke();
        });
      written(request.txn);
      sync.poke();
      return end;
    },
    async print(request, sessionSignal) {
      const end = await keeper.during(() => effects.print(request, sessionSignal));
      written(request.txn);
      sync.poke();
      return end;
    },
  };
}

function issueTicket({ keeper, ledger, sync }: FlowPortParts, queue: string, day: string): Result<IssuedTicket> {
  const closed = keeper.closedFor('all');
  if (closed) return fail(closed);
  const txn = ledger.newOperation();
  const offline = !sync.online();
  const issued = ledger.tickets.issue({ queue, day, operation: txn, offline });
  sync.poke('soon');
  if (!issued.ok) return issued;
  const { number } = issued.value;
  return ok({ txn, offline, ...(number === undefined ? {} : { number }) });
}

/** Proves that a card was read without telling which; salted by the terminal so that two terminals' digests differ. */
function digestCard(terminal: string, cardNumber: string): string {
  return createHash('sha256').update(`livelihood-card:${terminal}:${cardNumber}`).digest('hex');
}
