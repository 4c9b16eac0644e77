/** I6 and I9 of the streams: one after the other, each thing told once, nothing lost on either side. */
import type {
  HeadFact,
  InvariantFacts,
  InvariantName,
  PlatformFact,
  RecordFact,
  StreamFact,
  Violation,
} from './facts.types.ts';

/** Hash of a record from the hash before it and its event. */
export type RecordHash = (prevHash: string, event: { readonly type: string }) => string;

const START: HeadFact = { seq: 0, hash: '0'.repeat(64) };

export function onceAndKept(facts: InvariantFacts, recordHash: RecordHash | undefined): readonly Violation[] {
  const { streams = [], platform = {} } = facts;
  const stored = Map.groupBy(platform.records ?? [], nameOf);
  return [
    ...streams.flatMap((stream) => [
      ...chained(nameOf(stream), stream.records, recordHash),
      ...eachOnce(nameOf(stream), stream.records),
      ...keptHere(stream),
      ...headKept(stream, platform),
      ...recordsKept(stream, platform),
    ]),
    ...[...stored].flatMap(([name, records]) => chained(`platform ${name}`, records, recordHash)),
    ...headsAsStored(platform),
  ];
}

export function nameOf({ incarnation, stream }: { readonly incarnation: string; readonly stream: string }): string {
  return `${incarnation} ${stream}`;
}

function violation(invariant: InvariantName, detail: string): Violation {
  return { invariant, detail };
}

/** Each hash over the one before. Of a window, the first record has to be believed. */
function chained(name: string, records: readonly RecordFact[], recordHash: RecordHash | undefined): Violation[] {
  const found: Violation[] = [];
  let before = records[0]?.seq === 1 ? START : undefined;
  for (const { seq, hash, event } of records) {
    if (before && seq !== before.seq + 1) found.push(violation('I6', `${name}: record ${seq} follows ${before.seq}`));
    else if (before && event && recordHash && recordHash(before.hash, event) !== hash) {
      found.push(violation('I6', `${name}: the chain breaks at record ${seq}`));
    }
    before = { seq, hash };
  }
  return found;
}

function eachOnce(name: string, records: readonly RecordFact[]): Violation[] {
  const told = new Set<string>();
  return records.flatMap(({ seq, event }) => {
    const key = stateOf(event);
    if (key === undefined) return [];
    if (told.has(key)) return [violation('I6', `${name}: record ${seq} tells ${key} again`)];
    told.add(key);
    return [];
  });
}

/** A state of a business thing; undefined for what may be told any number of times. */
function stateOf(event: RecordFact['event']): string | undefined {
  const { type, state, trade, job, code, operation } = (event ?? {}) as Readonly<Record<string, string | undefined>>;
  switch (type) {
    case 'ChargeAsked':
    case 'ChargeSettled':
      return `${type} ${trade} ${state ?? ''}`;
    case 'PrintSettled':
    case 'ActSettled':
      return `${type} ${job} ${state}`;
    case 'CaseOpened':
    case 'CaseClosed':
      return `${type} ${code}`;
    case 'TicketIssued':
    case 'FormSubmitted':
      return `${type} ${operation}`;
    default:
      return undefined;
  }
}

/** What was acknowledged to us, and what we had written, is still what we hold (unless it was pruned). */
function keptHere(stream: StreamFact): Violation[] {
  const { records, acknowledged = START, durable = START } = stream;
  const tail = records.at(-1)?.seq ?? 0;
  return [acknowledged, durable].flatMap(({ seq, hash }) => {
    const here = records.find((record) => record.seq === seq);
    const isKept = seq <= tail && (here === undefined || here.hash === hash);
    return isKept ? [] : [violation('I9', `${nameOf(stream)}: the kiosk lost record ${seq}`)];
  });
}

function headOf(stream: StreamFact, { heads }: PlatformFact): HeadFact | undefined {
  return heads && (heads.find((head) => nameOf(head) === nameOf(stream)) ?? START);
}

function headKept(stream: StreamFact, platform: PlatformFact): Violation[] {
  const { acknowledged = START } = stream;
  const head = headOf(stream, platform);
  if (!head || head.seq >= acknowledged.seq) return [];
  return [violation('I9', `${nameOf(stream)}: acknowledged ${acknowledged.seq}, the platform stands at ${head.seq}`)];
}

/** The platform has every record it owes us, and each is ours. */
function recordsKept(stream: StreamFact, platform: PlatformFact): Violation[] {
  if (!platform.records) return [];
  const name = nameOf(stream);
  const owedTo = Math.max(stream.acknowledged?.seq ?? 0, headOf(stream, platform)?.seq ?? 0);
  const theirs = new Map(platform.records.filter((one) => nameOf(one) === name).map(({ seq, hash }) => [seq, hash]));
  return stream.records.flatMap(({ seq, hash }) => {
    const there = theirs.get(seq);
    if (there === undefined) return seq > owedTo ? [] : [violation('I9', `${name}: the platform lost record ${seq}`)];
    return there === hash ? [] : [violation('I6', `${name}: record ${seq} is another one there`)];
  });
}

function headsAsStored({ heads, records }: PlatformFact): Violation[] {
  if (!heads || !records) return [];
  const last = new Map(records.map((record) => [nameOf(record), record]));
  return [...last].flatMap(([name, { seq, hash }]) => {
    const head = heads.find((one) => nameOf(one) === name) ?? START;
    if (head.seq === seq && head.hash === hash) return [];
    return [violation('I6', `platform ${name}: the head is ${head.seq}, the last record ${seq}`)];
  });
}
