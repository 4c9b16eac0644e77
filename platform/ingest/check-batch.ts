/**
 * Whether a body is a batch of the contract, compiled: at 500 records a batch this is a large part of what a batch costs. The
 * events are a union told apart by their type, so each is checked against its own shape alone. Says the same as
 * `parse(BatchRequest, body)`; a test holds it to that.
 */
import { Compile } from 'typebox/compile';
import Type, { type TSchema } from 'typebox';
import { describeFirstError } from '../../contract/check.ts';
import { BatchRequest } from '../../contract/platform-api.schema.ts';
import { AuditEvent, MetricEvent, StreamRecord, TerminalEvent } from '../../contract/terminal-event.schema.ts';

export type CheckedBatch =
  { readonly ok: true; readonly batch: BatchRequest } | { readonly ok: false; readonly detail: string };

const closed = { additionalProperties: false } as const;
const ENVELOPE = Type.Object(
  { ...BatchRequest.properties, records: { ...BatchRequest.properties.records, items: Type.Unknown() } },
  closed,
);
const RECORD = Type.Object({ ...StreamRecord.properties, event: Type.Unknown() }, closed);
const EVENTS = [...TerminalEvent.anyOf, AuditEvent, MetricEvent];

const envelope = shapeOf(ENVELOPE);
const record = shapeOf(RECORD);
const events = new Map<unknown, Shape>(EVENTS.map((schema) => [schema.properties.type.const, shapeOf(schema)]));

interface Shape {
  fits(value: unknown): boolean;
  /** What is wrong with one that does not fit. */
  fault(value: unknown): string;
}

function shapeOf(schema: TSchema): Shape {
  const compiled = Compile(schema);
  return { fits: (value) => compiled.Check(value), fault: (value) => describeFirstError(schema, value) };
}

/** A wrong one costs no more than the first fault in it: looking for all of them would take a union apart 500 times. */
export function checkBatch(body: unknown): CheckedBatch {
  if (!envelope.fits(body)) return { ok: false, detail: envelope.fault(body) };
  const batch = body as BatchRequest;
  for (const [index, one] of batch.records.entries()) {
    const fault = faultOf(one);
    if (fault !== undefined) return { ok: false, detail: `record ${index}: ${fault}` };
  }
  return { ok: true, batch };
}

function faultOf(one: unknown): string | undefined {
  if (!record.fits(one)) return record.fault(one);
  const { event } = one as { readonly event: unknown };
  const type = event !== null && typeof event === 'object' && 'type' in event ? event.type : undefined;
  const shape = events.get(type);
  if (!shape) return 'an event of no known type';
  return shape.fits(event) ? undefined : shape.fault(event);
}
