/**
 * Expected failures are values (law 6). Everything here is plain data: it survives a message port unchanged.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { PROBLEM_CODES, type ProblemCode } from './problem.catalogue.ts';

/** Milliseconds of the injected monotonic clock. Never wall time. */
export type Instant = number;

/** What went wrong. `detail` is for maintainers: short, free of personal data, never shown to residents. */
export const Problem = Type.Object(
  {
    code: Type.Enum(PROBLEM_CODES),
    detail: Type.Optional(Type.String({ maxLength: 400 })),
  },
  { additionalProperties: false },
);
export interface Problem {
  readonly code: ProblemCode;
  readonly detail?: string;
}

/** Why we believe it: `method` names the protocol's own proof (`escpos.processId`, `mis.result`), `value` what was seen. */
export const Evidence = Type.Object(
  { method: Type.String({ maxLength: 60 }), value: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
);
export type Evidence = Static<typeof Evidence>;

export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

/**
 * The three outcomes of an act. `unknown` is a value: a deadline that passes after the first byte of a physical act
 * gives `unknown`, never `failed`, and nothing physical is ever repeated because of it.
 */
export type Outcome<Reply> =
  | { readonly kind: 'done'; readonly reply: Reply; readonly evidence: Evidence }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly effect: 'none' | 'partial' }
  | { readonly kind: 'unknown'; readonly problem: Problem; readonly lastEvidence?: Evidence };

/** The schema of an Outcome whose reply has the given schema, for use at process boundaries. */
export function outcomeSchema<Reply extends TSchema>(reply: Reply) {
  return Type.Union([
    Type.Object({ kind: Type.Literal('done'), reply, evidence: Evidence }, { additionalProperties: false }),
    Type.Object(
      {
        kind: Type.Literal('failed'),
        problem: Problem,
        effect: Type.Union([Type.Literal('none'), Type.Literal('partial')]),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      { kind: Type.Literal('unknown'), problem: Problem, lastEvidence: Type.Optional(Evidence) },
      { additionalProperties: false },
    ),
  ]);
}

export function ok<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function problem(code: ProblemCode, detail?: string): Problem {
  return detail === undefined ? { code } : { code, detail: detail.slice(0, 400) };
}

export function fail(code: ProblemCode, detail?: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: problem(code, detail) };
}

export function done<Reply>(reply: Reply, evidence: Evidence): Outcome<Reply> {
  return { kind: 'done', reply, evidence };
}

export function failed(code: ProblemCode, effect: 'none' | 'partial', detail?: string): Outcome<never> {
  return { kind: 'failed', problem: problem(code, detail), effect };
}

export function unknown(code: ProblemCode, detail?: string, lastEvidence?: Evidence): Outcome<never> {
  const base = { kind: 'unknown', problem: problem(code, detail) } as const;
  return lastEvidence === undefined ? base : { ...base, lastEvidence };
}
