/** Batches of all streams: new, said again, overlapping, with a gap, of another history, half, broken, of a new database. */
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { Draw } from './draw.ts';
import { makeEvent } from './event-maker.ts';
import {
  chained,
  currentOf,
  headOf,
  newIncarnation,
  ZERO_HASH,
  type Model,
  type ModelIncarnation,
  type ModelStream,
  type ModelTerminal,
  type Record,
  type StreamName,
} from './model.ts';
import type { Answer, PlatformUnderFuzz, Trace } from './platform-under-fuzz.ts';
import { expectAnswer, expectSame, type Act } from './step.ts';

interface Target {
  readonly terminal: ModelTerminal;
  readonly incarnation: ModelIncarnation;
  readonly name: StreamName;
  readonly stream: ModelStream;
}

export function targetOf(model: Model, draw: Draw): Target {
  const terminal = draw.pick(model.terminals);
  // An old database may still have something to tell.
  const incarnation = draw.percent(90) ? currentOf(terminal) : draw.pick(terminal.incarnations);
  const name = draw.pick(['ledger', 'ledger', 'ledger', 'audit', 'metrics'] as const);
  return { terminal, incarnation, name, stream: incarnation.streams[name] };
}

/** The whole batch after the head, as the terminal would send it. */
export function nextBatch(model: Model, target: Target, draw: Draw, nowMs: number): BatchRequest {
  const { terminal, incarnation, name, stream } = target;
  const events = Array.from({ length: draw.percent(90) ? draw.between(1, 8) : draw.between(20, 60) }, () =>
    makeEvent(model, terminal, name, draw, nowMs),
  );
  const head = headOf(stream);
  return {
    incarnation: incarnation.id,
    prevHash: head.hash,
    records: chained(head, events),
    ...(incarnation.predecessor && head.seq === 0 ? { predecessor: incarnation.predecessor } : {}),
    ...(draw.percent(40) ? { clock: { boot: 'b', monoMs: 5, wallMs: nowMs + draw.below(900) } } : {}),
  };
}

/** Sends it, and takes into the model what the platform must have taken in. */
export async function sendGood(real: PlatformUnderFuzz, target: Target, batch: BatchRequest): Promise<void> {
  const answer = await send(real, target, batch);
  if (target.terminal.suspended) return expectAnswer(answer, '403 terminal.suspended', 'a batch');
  expectAnswer(answer, '200', 'a whole batch');
  learn(target, batch);
  expectReply(answer, target, batch);
}

export function send(
  real: PlatformUnderFuzz,
  { terminal, name }: Target,
  batch: unknown,
  trace?: Trace,
): Promise<Answer> {
  return real.callAs(terminal.id, `streams/${name}/batches`, batch, trace);
}

function learn({ terminal, name, stream }: Target, batch: BatchRequest): void {
  const head = headOf(stream).seq;
  for (const record of batch.records) {
    if (record.seq <= head) continue;
    const reason = terminal.tables.take(name, record.event);
    if (reason !== undefined) stream.parked.set(record.seq, reason);
    stream.told.push(record);
  }
}

function expectReply(answer: Answer, { name, stream }: Target, batch: BatchRequest): void {
  const { head, parked } = answer.body as { readonly head: unknown; readonly parked: unknown };
  expectSame(head, headOf(stream), `head of ${name}`);
  const [first, last] = [batch.records[0]?.seq ?? 0, batch.records.at(-1)?.seq ?? 0];
  const wanted = [...stream.parked]
    .filter(([seq]) => seq >= first && seq <= last)
    .map(([seq, reason]) => ({ seq, reason }));
  // The lossy stream keeps no record of what was parked before.
  if (name !== 'metrics') expectSame(parked, wanted, `parked of ${name}`);
}

export const sendNext: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  await sendGood(real, target, nextBatch(model, target, draw, real.nowMs()));
};

/** Records the platform has already, from anywhere, and perhaps some it has not. */
export const sendAgain: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { told } = target.stream;
  if (told.length === 0) return sendNext(model, real, draw);
  const from = draw.below(told.length);
  const known = unbroken(told.slice(from, from + draw.between(1, 30)));
  const isTail = known.at(-1) === told.at(-1);
  const more = isTail && draw.percent(50) ? nextBatch(model, target, draw, real.nowMs()).records : [];
  const before = told[from - 1] ?? { seq: 0, hash: ZERO_HASH };
  // Of the lossy stream, what stood before a gap is nowhere.
  if (told[from]?.seq !== before.seq + 1) return sendNext(model, real, draw);
  await sendGood(real, target, {
    incarnation: target.incarnation.id,
    prevHash: before.hash,
    records: [...known, ...more],
  });
};

/** Up to the first gap. */
function unbroken(records: readonly Record[]): Record[] {
  const end = records.findIndex(({ seq }, index) => index > 0 && seq !== (records[index - 1]?.seq ?? 0) + 1);
  return records.slice(0, end < 0 ? records.length : end);
}

export const sendGap: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { prevHash, records } = nextBatch(model, target, draw, real.nowMs());
  const skipped = chained(headOf(target.stream), [makeEvent(model, target.terminal, target.name, draw, real.nowMs())]);
  const after = headOf({ told: [...target.stream.told, ...skipped], parked: new Map() });
  const batch = {
    incarnation: target.incarnation.id,
    prevHash: after.hash,
    records: chained(
      after,
      records.map(({ event }) => event),
    ),
  };
  if (target.name === 'metrics') return sendGood(real, target, batch);
  const answer = await send(real, target, batch);
  if (target.terminal.suspended) return expectAnswer(answer, '403 terminal.suspended', 'a gap');
  expectAnswer(answer, '409', `a gap after ${prevHash.slice(0, 8)}`);
  expectRefused(answer, 'gap', target);
};

/** Another record at a place that is taken. */
export const sendFork: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const { told } = target.stream;
  if (told.length === 0 || target.name === 'metrics') return sendNext(model, real, draw);
  const from = draw.below(told.length);
  const before = told[from - 1] ?? { seq: 0, hash: ZERO_HASH };
  const other = { type: 'Rated', at: '2025-01-01T00:00:00.000Z', service: model.next('other'), stars: 1 } as const;
  const rest = told.slice(from + 1).map(({ event }) => event);
  const records = chained(before, [other, ...rest]);
  const shown = draw.percent(50) || records.length === 1 ? records : records.slice(1);
  const prevHash = shown === records ? before.hash : (records[0]?.hash ?? '');
  const batch = { incarnation: target.incarnation.id, prevHash, records: shown };
  const answer = await send(real, target, batch, 'quarantine');
  if (target.terminal.suspended) return expectAnswer(answer, '403 terminal.suspended', 'a fork');
  expectAnswer(answer, '409', 'a fork');
  expectRefused(answer, 'fork', target);
  const place = shown === records ? records[0] : { seq: records[0]?.seq ?? 0, hash: prevHash };
  model.quarantined.add(`${target.terminal.id} ${target.incarnation.id} ${target.name} ${place?.seq} ${place?.hash}`);
};

function expectRefused(answer: Answer, refused: 'gap' | 'fork', { stream, name }: Target): void {
  const body = answer.body as { readonly head: unknown; readonly refused: unknown; readonly parked: unknown };
  expectSame([body.head, body.refused, body.parked], [headOf(stream), refused, []], `refusal of ${name}`);
}

/** Whole JSON of the right shape whose hashes are not those of its events, or whose numbers jump. */
export const sendBroken: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const batch = nextBatch(model, target, draw, real.nowMs());
  const at = draw.below(batch.records.length);
  const records = batch.records.map((record, index) => (index === at ? spoil(record, draw) : record));
  const answer = await send(real, target, { ...batch, records });
  const jumped = records[at]?.seq !== batch.records[at]?.seq;
  if (target.terminal.suspended) return expectAnswer(answer, '403 terminal.suspended', 'a broken batch');
  // A single record, or the first one, may carry any number: then it is a gap, and only of the lossy stream is it taken.
  if (jumped && batch.records.length === 1) {
    if (target.name === 'metrics') learn(target, { ...batch, records });
    return expectAnswer(answer, target.name === 'metrics' ? '200' : '409', 'a record further on');
  }
  expectAnswer(answer, '422 batch.broken', 'a broken batch');
};

function spoil(record: BatchRequest['records'][number], draw: Draw): BatchRequest['records'][number] {
  if (draw.percent(30)) return { ...record, seq: record.seq + draw.between(1, 9) };
  if (draw.percent(50)) return { ...record, hash: draw.hex(64) };
  return { ...record, event: { ...record.event, at: '2026-01-05T00:00:00.001Z' } };
}

/** The terminal's disk was made anew or restored: it goes on under another name, and may say after whom. */
export const beginAnew: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const before = currentOf(target.terminal);
  const fresh = newIncarnation(model.next('inc-'));
  if (draw.percent(80)) fresh.predecessor = { incarnation: before.id, head: headOf(before.streams.ledger) };
  target.terminal.incarnations.push(fresh);
  const next: Target = { ...target, incarnation: fresh, name: 'ledger', stream: fresh.streams.ledger };
  await sendGood(real, next, nextBatch(model, next, draw, real.nowMs()));
};

/** Not in the contract, one way or another. */
export const sendMisshapen: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const batch = nextBatch(model, target, draw, real.nowMs());
  const first = batch.records[0];
  const wrong: unknown = draw.pick<unknown>([
    { ...batch, more: 1 },
    { ...batch, records: [] },
    { ...batch, records: Array.from({ length: 501 }, () => first) },
    { ...batch, prevHash: batch.prevHash.toUpperCase().replace('0', 'g') },
    { ...batch, incarnation: '' },
    { ...batch, incarnation: 'x'.repeat(65) },
    { ...batch, records: [{ ...first, seq: 0 }] },
    { ...batch, records: [{ ...first, seq: 1.5 }] },
    { ...batch, records: [{ ...first, seq: '1' }] },
    { ...batch, records: [{ ...first, event: { ...first?.event, type: 'Nonsense' } }] },
    { ...batch, records: [{ ...first, event: { ...first?.event, extra: true } }] },
    { ...batch, records: [{ ...first, event: null }] },
    { ...batch, records: [null] },
    { ...batch, records: { 0: first } },
    [],
    null,
    '"x"',
    7,
  ]);
  const answer = await send(real, target, wrong);
  expectAnswer(
    answer,
    target.terminal.suspended ? '403 terminal.suspended' : '422 body.notInContract',
    'a misshapen batch',
  );
};

export const sendElsewhere: Act = async (model, real, draw) => {
  const target = targetOf(model, draw);
  const batch = nextBatch(model, target, draw, real.nowMs());
  const answer = await real.callAs(target.terminal.id, `streams/${draw.pick(['other', 'Ledger', '0'])}/batches`, batch);
  expectAnswer(
    answer,
    target.terminal.suspended ? '403 terminal.suspended' : '404 stream.unknown',
    'an unknown stream',
  );
};
