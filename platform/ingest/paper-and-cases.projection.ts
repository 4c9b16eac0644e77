/** Print jobs, doors and cards, forms, cases a person must look at, ratings; what the audit and the metrics say. */
import type { Draft } from './draft.ts';
import type { EventOf, Origin, ParkReason } from './ingest.types.ts';

export function projectPrint(draft: Draft, origin: Origin, event: EventOf<'PrintSettled'>): ParkReason {
  const { job, operation, template, state, copy = null } = event;
  const known = draft.prints.get(origin.terminal, job);
  if (known) {
    const isSameSlip = known.operation === operation && known.template === template && known.copy === copy;
    return isSameSlip && known.state === state ? undefined : 'print.settledOtherwise';
  }
  draft.prints.set({ ...toldBy(origin), job, operation, template, state, settled_at: event.at, copy });
  return undefined;
}

export function projectAct(draft: Draft, origin: Origin, event: EventOf<'ActSettled'>): ParkReason {
  const known = draft.acts.get(origin.terminal, event.job);
  if (known) {
    const isSame = known.state === event.state && known.act === event.act && known.target === event.target;
    return isSame ? undefined : 'act.settledOtherwise';
  }
  const { job, operation, act, target, state } = event;
  draft.acts.set({ ...toldBy(origin), job, operation, act, target, state, settled_at: event.at });
  return undefined;
}

export function projectForm(draft: Draft, origin: Origin, event: EventOf<'FormSubmitted'>): ParkReason {
  const known = draft.forms.get(origin.terminal, event.operation);
  if (known) return known.personal === event.personal ? undefined : 'form.submittedTwice';
  const { operation, service, form, personal } = event;
  const row = { operation, service, form, form_version: event.formVersion, personal, submitted_at: event.at };
  draft.forms.set({ ...toldBy(origin), ...row });
  return undefined;
}

export function projectCaseOpened(draft: Draft, origin: Origin, event: EventOf<'CaseOpened'>): ParkReason {
  const known = draft.cases.get(origin.terminal, event.code);
  if (known) return known.operation === event.operation ? undefined : 'case.codeUsedTwice';
  draft.cases.set({
    ...toldBy(origin),
    code: event.code,
    operation: event.operation,
    reason: event.reason,
    amount_cents: event.amountCents ?? null,
    trade: event.trade ?? null,
    state: 'open',
    opened_at: event.at,
    closed_at: null,
    closed_by: null,
  });
  return undefined;
}

export function projectCaseClosed(draft: Draft, origin: Origin, event: EventOf<'CaseClosed'>): ParkReason {
  const known = draft.cases.get(origin.terminal, event.code);
  if (!known) return 'case.notKnown';
  if (known.operation !== event.operation) return 'case.ofAnotherOperation';
  if (known.closed_at !== null) return known.state === event.outcome ? undefined : 'case.closedOtherwise';
  draft.cases.set({ ...known, state: event.outcome, closed_at: event.at, closed_by: event.by });
  return undefined;
}

export function projectRating(draft: Draft, origin: Origin, event: EventOf<'Rated'>): ParkReason {
  draft.ratings.push({ ...toldBy(origin), service: event.service, stars: event.stars, rated_at: event.at });
  return undefined;
}

export function projectAudit(draft: Draft, origin: Origin, event: EventOf<'Audit'>): ParkReason {
  const { at, actor, action, target = null, detail = null } = event;
  draft.audit.push({ ...toldBy(origin), at, actor, action, target, detail });
  return undefined;
}

/** The latest word counts; nothing else of it is kept. */
export function projectMetric(draft: Draft, origin: Origin, event: EventOf<'Metric'>): ParkReason {
  const { at, name, value, label = '' } = event;
  draft.metrics.set({ terminal_id: origin.terminal, name, label, value, at, received_ms: origin.receivedMs });
  return undefined;
}

function toldBy({ terminal, incarnation, seq, receivedMs }: Origin) {
  return { terminal_id: terminal, incarnation, seq, received_ms: receivedMs };
}
