/** Ports of the flow that do what a test says: every answer is in the test's hand, every question is written down. */
import type { DeviceClass, DeviceStatus } from '../../contract/driver.ts';
import { ok, type Outcome, type Result } from '../../contract/outcome.schema.ts';
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import type {
  ChargeEnd,
  ChargeRequest,
  FlowPorts,
  IssuedTicket,
  PrintEnd,
  PrintRequest,
} from '../../engine/flow/ports.ts';
import { done } from '../../contract/outcome.schema.ts';
import { SimulatedClock } from './simulated-clock.ts';

export const DUE: Extract<ParkingQuote, { state: 'due' }> = {
  state: 'due',
  quote: 'quote-1',
  place: { 'zh-Hans': '大夫山北门', 'zh-Hant': '大夫山北門', en: 'Dafushan North Gate' },
  parkedMinutes: 165,
  fullCents: 1_200,
  discountCents: 240,
  dueCents: 960,
  why: 'livelihoodCard',
  graceMinutes: 20,
};

export const FULL_PRICE: Extract<ParkingQuote, { state: 'due' }> = {
  ...DUE,
  quote: 'quote-2',
  discountCents: 0,
  dueCents: 1_200,
  why: 'noCard',
};

export const CARD: SmartCardReply = {
  profile: 'livelihood-demo',
  cardKind: 'livelihood-card',
  cardNumber: '5810000190010012',
  holderName: '陈小明',
};

/** An answer the test gives when it is ready. */
export class Answer<Value> {
  readonly asked: unknown[] = [];
  readonly #waiting: ((value: Value) => void)[] = [];
  #ready: Value[] = [];

  ask(question: unknown): Promise<Value> {
    this.asked.push(question);
    const value = this.#ready.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(value: Value): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(value);
    else this.#ready.push(value);
  }
}

export interface ScriptedPorts extends FlowPorts {
  readonly clock: SimulatedClock;
  readonly charges: Answer<ChargeEnd>;
  readonly prints: Answer<PrintEnd>;
  readonly quotes: Answer<Result<ParkingQuote>>;
  readonly reads: Answer<Outcome<SmartCardReply>>;
  readonly ratings: { readonly service: string; readonly stars: number }[];
  tickets: IssuedTicket[];
  isOnline: boolean;
  isPaidOpen: boolean;
  setStatus(deviceClass: DeviceClass, status: Partial<DeviceStatus>): void;
}

export function readCard(reply: SmartCardReply = CARD): Outcome<SmartCardReply> {
  return done(reply, { method: 'iso7816.record', value: reply.profile });
}

export function createScriptedPorts(): ScriptedPorts {
  const statuses = new Map<DeviceClass, DeviceStatus>();
  const listeners = new Set<(deviceClass: DeviceClass, status: DeviceStatus) => void>();
  for (const deviceClass of ['smart-card-reader', 'receipt-printer', 'payment-terminal'] as const)
    statuses.set(deviceClass, { device: 'online', paper: 'full', media: 'notPresent' });
  let transactions = 0;
  const ports: ScriptedPorts = {
    clock: new SimulatedClock(),
    charges: new Answer(),
    prints: new Answer(),
    quotes: new Answer(),
    reads: new Answer(),
    ratings: [],
    tickets: [],
    isOnline: true,
    isPaidOpen: true,
    devices: {
      status: (deviceClass) => statuses.get(deviceClass) as DeviceStatus,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      execute: (_class, command) => ports.reads.ask(command) as never,
    },
    effects: {
      charge: (request: ChargeRequest) => ports.charges.ask(request),
      print: (request: PrintRequest) => ports.prints.ask(request),
    },
    newTxn: () => `T${++transactions}`,
    issueTicket: () =>
      ok(ports.tickets.shift() ?? { txn: `T${++transactions}`, number: 'A017', offline: !ports.isOnline }),
    quoteParking: (plate, cardNumber) => ports.quotes.ask({ plate, cardNumber }),
    queueFact: () => ({ ahead: 4, asOf: '01:50', opensAt: '08:30' }),
    rate: (service, stars) => void ports.ratings.push({ service, stars }),
    online: () => ports.isOnline,
    localTime: () => ({ day: '2026-11-23', time: '02:14' }),
    paidServicesOpen: () => ports.isPaidOpen,
    printingOpen: () => true,
    setStatus(deviceClass, change) {
      const status = { ...(statuses.get(deviceClass) as DeviceStatus), ...change };
      statuses.set(deviceClass, status);
      for (const listener of listeners) listener(deviceClass, status);
    },
  };
  return ports;
}
