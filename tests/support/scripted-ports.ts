/** Ports of the flow that do what a test says: every answer is in the test's hand, every question is written down. */
import type { DeviceClass, DeviceStatus } from '../../contract/driver.ts';
import type { Localised } from '../../contract/document.schema.ts';
import { ok, type Outcome, type Result } from '../../contract/outcome.schema.ts';
import type { SmartCardReply } from '../../contract/devices/smart-card-reader.schema.ts';
import type { ParkingQuote } from '../../contract/platform-api.schema.ts';
import type { FingerprintReply } from '../../contract/devices/fingerprint-reader.schema.ts';
import type { IdCardReply, IdDocument } from '../../contract/devices/id-card-reader.schema.ts';
import type { Finger } from '../../contract/check.schema.ts';
import type {
  ChargeEnd,
  ChargeRequest,
  CodeVerdict,
  FaceVerdict,
  FingerEnd,
  FingerOffer,
  FingerReference,
  FlowPorts,
  IssuedTicket,
  MoneyStanding,
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

const CLASSES = [
  'smart-card-reader',
  'id-card-reader',
  'fingerprint-reader',
  'receipt-printer',
  'payment-terminal',
] as const;

/** Made up; the number's check digit is right. */
export const ID_CARD: Extract<IdCardReply, { kind: 'read' }> = {
  kind: 'read',
  document: {
    layout: 'citizen',
    name: '黄秀英',
    sex: 'female',
    nationCode: '01',
    birthDate: '1956-04-12',
    address: '广州市番禺区沙墟一村榕树街8号',
    number: '440113195604120022',
    issuer: '广州市公安局番禺分局',
    validFrom: '2016-01-01',
  },
  photo: '',
  fingerprints: [],
};

export function readIdCard(document: Partial<IdDocument> = {}): Outcome<IdCardReply> {
  const reply = { ...ID_CARD, document: { ...ID_CARD.document, ...document } };
  return done(reply, { method: 'sam.read', value: '90' });
}

export function fingerVerdict(
  result: 'match' | 'mismatch' | 'poor',
  advice?: 'dry' | 'wet' | 'press' | 'hold',
): Outcome<FingerprintReply> {
  const reply = { kind: 'verify', result, ...(advice === undefined ? {} : { advice }) } as const;
  return done(reply, { method: 'zfm.match', value: result });
}

/** Templates of one byte value, so that a test can see them zeroed. */
export function fingerReferences(...fingers: Finger[]): FingerReference[] {
  return fingers.map((finger) => ({ finger, template: new Uint8Array(8).fill(0xa5) }));
}

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
  readonly idReads: Answer<Outcome<IdCardReply>>;
  readonly fingers: Answer<Outcome<FingerprintReply>>;
  readonly offers: Answer<Result<FingerOffer>>;
  readonly templates: Answer<Result<readonly FingerReference[]>>;
  readonly faces: Answer<Result<FaceVerdict>>;
  readonly codes: Answer<Result<CodeVerdict>>;
  /** How each finger check ended, as the platform was told. */
  readonly fingerEnds: { readonly session: string; readonly end: FingerEnd }[];
  /** Every wipe the sensor was asked for. */
  wipes: number;
  hasFaceModel: boolean;
  isOnline: boolean;
  isPaidOpen: boolean;
  /** Of every payment, whichever it is. */
  standing: MoneyStanding;
  facts: {
    unsent: number;
    heardMsAgo: number | undefined;
    ticketsLeft: number;
    isSuspended: boolean;
    isBudgetLeft: boolean;
    isTimeVerified: boolean;
    /** The disk is full: for everything, or for what is paid. */
    closed: 'all' | 'paid' | undefined;
    expired: readonly string[];
    announced: Localised | undefined;
  };
  setStatus(deviceClass: DeviceClass, status: Partial<DeviceStatus>): void;
}

export function readCard(reply: SmartCardReply = CARD): Outcome<SmartCardReply> {
  return done(reply, { method: 'iso7816.record', value: reply.profile });
}

export function createScriptedPorts(): ScriptedPorts {
  const statuses = new Map<DeviceClass, DeviceStatus>();
  const listeners = new Set<(deviceClass: DeviceClass, status: DeviceStatus) => void>();
  for (const deviceClass of CLASSES)
    statuses.set(deviceClass, { device: 'online', paper: 'full', media: 'notPresent' });
  let transactions = 0;
  let sessions = 0;
  function execute(deviceClass: DeviceClass, command: { kind: string }): Promise<unknown> {
    if (deviceClass === 'id-card-reader') return ports.idReads.ask(command);
    if (deviceClass !== 'fingerprint-reader') return ports.reads.ask(command);
    if (command.kind !== 'wipe') return ports.fingers.ask(command);
    ports.wipes += 1;
    return Promise.resolve(done({ kind: 'wipe' }, { method: 'zfm.confirm', value: '00' }));
  }
  const ports: ScriptedPorts = {
    clock: new SimulatedClock(),
    charges: new Answer(),
    prints: new Answer(),
    quotes: new Answer(),
    reads: new Answer(),
    ratings: [],
    tickets: [],
    idReads: new Answer(),
    fingers: new Answer(),
    offers: new Answer(),
    templates: new Answer(),
    faces: new Answer(),
    codes: new Answer(),
    fingerEnds: [],
    wipes: 0,
    hasFaceModel: false,
    isOnline: true,
    isPaidOpen: true,
    standing: { paid: 'yes', recorded: 'platform' },
    facts: {
      unsent: 0,
      heardMsAgo: 0,
      ticketsLeft: 40,
      isSuspended: false,
      isBudgetLeft: true,
      isTimeVerified: true,
      closed: undefined,
      expired: [],
      announced: undefined,
    },
    devices: {
      status: (deviceClass) => statuses.get(deviceClass) as DeviceStatus,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      execute: (deviceClass, command) => execute(deviceClass, command as { kind: string }) as never,
    },
    effects: {
      charge: (request: ChargeRequest) => ports.charges.ask(request),
      print: (request: PrintRequest) => ports.prints.ask(request),
    },
    identity: {
      openFingerCheck: (owner, session) => ports.offers.ask({ owner, session }),
      fingerTemplates: (owner, session) => ports.templates.ask({ owner, session }),
      closeFingerCheck: (_owner, session, end) => void ports.fingerEnds.push({ session, end }),
      offersFace: (adapter) => adapter === 'remote' || ports.hasFaceModel,
      checkFace: (owner, session, look) => ports.faces.ask({ owner, session, look }),
      checkCode: (owner, session, code) => ports.codes.ask({ owner, session, code }),
    },
    newTxn: () => `T${++transactions}`,
    newSession: () => (++sessions).toString(16).padStart(24, '0'),
    pick: () => 0,
    issueTicket: () =>
      ok(ports.tickets.shift() ?? { txn: `T${++transactions}`, number: 'A017', offline: !ports.isOnline }),
    quoteParking: (plate, cardNumber) => ports.quotes.ask({ plate, cardNumber }),
    queueFact: () => ({ ahead: 4, asOf: '01:50', opensAt: '08:30' }),
    rate: (service, stars) => void ports.ratings.push({ service, stars }),
    money: () => ports.standing,
    line: () => ports.facts,
    suspended: () => ports.facts.isSuspended,
    ticketsLeft: () => ports.facts.ticketsLeft,
    handsInOpen: () => ports.facts.isBudgetLeft,
    announcement: () => ports.facts.announced,
    expiredDocuments: () => ports.facts.expired,
    timeVerified: () => ports.facts.isTimeVerified,
    online: () => ports.isOnline,
    localTime: () => ({ day: '2026-11-23', time: '02:14' }),
    paidServicesOpen: () => ports.isPaidOpen,
    closedFor: (what) => (ports.facts.closed === 'all' || ports.facts.closed === what ? 'disk.full' : undefined),
    printingOpen: () => true,
    setStatus(deviceClass, change) {
      const status = { ...(statuses.get(deviceClass) as DeviceStatus), ...change };
      statuses.set(deviceClass, status);
      for (const listener of listeners) listener(deviceClass, status);
    },
  };
  return ports;
}
