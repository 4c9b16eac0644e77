/** What staff and their programs call on the platform's machine; see `route-table.ts`. */
import Type from 'typebox';
import { Delegation, SignedDocument } from '../../contract/document.schema.ts';
import { NewTerminalReply, NewTerminalRequest } from '../../contract/enrolment.schema.ts';
import { CourierBundle, CourierReceipt } from '../../contract/courier.schema.ts';
import { AdvanceRequest, FirstRingRequest } from '../documents/publishing.schema.ts';
import { ArrivalRequest, LineRequest } from '../ops/demonstration.schema.ts';
import { OperationAsked, OperationRequest } from '../ops/operations.ts';
import { SeenAlarmRequest } from '../ops/seen-alarms.ts';
import { CloseCaseRequest, TakeCaseRequest } from '../ops/worklist.ts';
import { FormAccessRequest } from '../trust/personal-parts.ts';
import type { RouteDescription } from './route.types.ts';

const page = { method: 'GET', caller: 'thisMachine', answers: { 200: 'text/html' } } as const;
const form = { method: 'POST', caller: 'thisMachine' } as const;
const read = { method: 'GET', caller: 'thisMachine' } as const;
const act = { method: 'POST', caller: 'thisMachine' } as const;

const TERMINAL_UNKNOWN = { 404: ['terminal.unknown'] } as const;
const TAKEN_OR_NOT = { 409: ['document.notNewer'], 422: ['document.notSigned'] } as const;
const CASE_UNKNOWN = { 404: ['case.unknown'] } as const;
/** For people and for journeys; its fields may come and go. */
const Anything = Type.Object({});
const Count = Type.Integer({ minimum: 0 });
const FormAccessRow = Type.Object(
  { ...FormAccessRequest.properties, act: Type.Enum(['open', 'erase']), atMs: Count },
  { additionalProperties: false },
);
const Reconciled = Type.Object({ lines: Count, findings: Count, opened: Count }, { additionalProperties: false });

const PAGES: readonly RouteDescription[] = [
  { ...page, url: '/', summary: 'The fleet, worst terminal first.' },
  { ...page, url: '/today', summary: 'What came in, newest last.' },
  { ...page, url: '/bills', summary: 'What does not agree with the provider’s bill.' },
  { ...page, url: '/cases', summary: 'The worklist: open cases, oldest first.' },
  { ...page, url: '/cases/:terminal/:code', summary: 'One case, with what happened.', refusals: CASE_UNKNOWN },
  { ...page, url: '/terminals/:terminal', summary: 'One terminal.', refusals: TERMINAL_UNKNOWN },
];

const FORMS: readonly RouteDescription[] = [
  {
    ...form,
    url: '/cases/:terminal/:code/take',
    summary: 'Form: somebody takes a case.',
    form: TakeCaseRequest,
    answers: { 303: 'empty', 409: 'text/html', 422: 'text/html' },
    refusals: CASE_UNKNOWN,
  },
  {
    ...form,
    url: '/cases/:terminal/:code/close',
    summary: 'Form: somebody closes a case.',
    form: CloseCaseRequest,
    answers: { 303: 'empty', 409: 'text/html', 422: 'text/html' },
    refusals: CASE_UNKNOWN,
  },
  {
    ...form,
    url: '/terminals/:terminal/operations',
    summary: 'Form: something is asked of a terminal.',
    form: Anything,
    answers: { 303: 'empty', 422: 'text/html' },
    refusals: TERMINAL_UNKNOWN,
  },
  {
    ...form,
    url: '/terminals/:terminal/seen',
    summary: 'Form: somebody has seen an alarm.',
    form: SeenAlarmRequest,
    answers: { 303: 'empty', 422: 'text/html' },
    refusals: TERMINAL_UNKNOWN,
  },
];

const ADDRESSES: readonly RouteDescription[] = [
  { ...read, url: '/v1/openapi.json', summary: 'This document.', answers: { 200: Anything } },
  { ...read, url: '/v1/ops/summary', summary: 'The newest of everything.', answers: { 200: Anything } },
  { ...read, url: '/v1/ops/metrics', summary: 'Sums over the fleet, for a scraper.', answers: { 200: 'text/plain' } },
  { ...read, url: '/v1/ops/fleet', summary: 'The fleet page as data; same query.', answers: { 200: Anything } },
  {
    ...act,
    url: '/v1/ops/terminals',
    summary: 'A code for one terminal at one station, good once and for 72 hours.',
    body: NewTerminalRequest,
    answers: { 200: NewTerminalReply },
  },
  {
    ...act,
    url: '/v1/ops/terminals/:terminal/suspend',
    summary: 'A terminal may speak no more.',
    answers: { 204: 'empty' },
    refusals: TERMINAL_UNKNOWN,
  },
  {
    ...act,
    url: '/v1/ops/terminals/:terminal/resume',
    summary: 'It may speak again.',
    answers: { 204: 'empty' },
    refusals: TERMINAL_UNKNOWN,
  },
  {
    ...act,
    url: '/v1/ops/terminals/:terminal/operations',
    summary: 'Asks something of a terminal; told with its next heartbeat, answered in its audit stream.',
    body: OperationRequest,
    answers: { 200: OperationAsked },
    refusals: TERMINAL_UNKNOWN,
  },
  {
    ...act,
    url: '/v1/ops/terminals/:terminal/seen',
    summary: 'Somebody has seen what stands behind an alarm.',
    body: SeenAlarmRequest,
    answers: { 204: 'empty' },
    refusals: TERMINAL_UNKNOWN,
  },
  {
    ...act,
    url: '/v1/ops/cases/:terminal/:code/take',
    summary: 'Somebody takes a case.',
    body: TakeCaseRequest,
    answers: { 204: 'empty' },
    refusals: { ...CASE_UNKNOWN, 409: ['case.settled'] },
  },
  {
    ...act,
    url: '/v1/ops/cases/:terminal/:code/close',
    summary: 'Somebody closes a case, once.',
    body: CloseCaseRequest,
    answers: { 204: 'empty' },
    refusals: { ...CASE_UNKNOWN, 409: ['case.settled'] },
  },
  {
    ...act,
    url: '/v1/ops/delegations',
    summary: 'Which keys may sign which documents, signed by the offline root.',
    body: Delegation,
    answers: { 204: 'empty' },
    refusals: TAKEN_OR_NOT,
  },
  {
    ...act,
    url: '/v1/ops/documents',
    summary: 'A signed document, rolled out ring by ring.',
    body: SignedDocument,
    answers: { 204: 'empty' },
    refusals: TAKEN_OR_NOT,
  },
  {
    ...read,
    url: '/v1/ops/documents',
    summary: 'Releases, and what became of them.',
    answers: { 200: Type.Array(Type.Object({})) },
  },
  {
    ...read,
    url: '/v1/ops/documents/:channel/:version',
    summary: 'One document, as it was signed.',
    answers: { 200: SignedDocument },
    refusals: { 404: ['document.unknown'] },
  },
  {
    ...read,
    url: '/v1/ops/delegations',
    summary: 'Which keys may sign which documents now.',
    answers: { 200: Delegation },
    refusals: { 404: ['delegation.none'] },
  },
  {
    ...act,
    url: '/v1/ops/documents/advance',
    summary: 'A release goes on to its next ring.',
    body: AdvanceRequest,
    answers: { 204: 'empty' },
    refusals: { 404: ['document.unknown'] },
  },
  {
    ...act,
    url: '/v1/ops/documents/first-ring',
    summary: 'Which terminals get a release first.',
    body: FirstRingRequest,
    answers: { 204: 'empty' },
  },
  {
    ...act,
    url: '/v1/ops/courier',
    summary: 'Takes in what a terminal without a line sent on a stick; the receipt goes back the same way.',
    body: CourierBundle,
    answers: { 200: CourierReceipt },
    refusals: {
      403: ['terminal.suspended'],
      422: ['courier.damaged', 'courier.otherPlatform', 'courier.unknownTerminal'],
    },
  },
  {
    ...act,
    url: '/v1/ops/terminals/:terminal/forms/:operation/open',
    summary: 'Opens the personal part of a form for whoever works on it, who is written down first.',
    body: FormAccessRequest,
    answers: { 200: Type.Object({ content: Type.Unknown() }) },
    refusals: { 404: ['form.unknown'], 410: ['form.erased'] },
  },
  {
    ...act,
    url: '/v1/ops/terminals/:terminal/forms/:operation/erase',
    summary: 'Destroys the personal part of a form; the chain stays whole. Who asked is written down first.',
    body: FormAccessRequest,
    answers: { 200: Type.Object({ erased: Type.Boolean() }, { additionalProperties: false }) },
  },
  {
    ...read,
    url: '/v1/ops/terminals/:terminal/forms/:operation/access',
    summary: 'Who opened or erased the personal part of a form, when and why.',
    answers: { 200: Type.Array(FormAccessRow) },
  },
  {
    ...act,
    url: '/v1/ops/bills/:provider/:day',
    summary:
      'Takes the provider’s bill of a day in (CSV: trade,terminal,kind,amountCents) and opens a case for what does not agree.',
    file: 'text/csv',
    answers: { 200: Reconciled },
    refusals: { 404: ['bill.unknown'], 422: ['bill.unreadable'] },
  },
  {
    ...act,
    url: '/v1/ops/line',
    summary: 'Demonstration: cuts the line to all terminals, or mends it.',
    body: LineRequest,
    answers: { 200: LineRequest },
  },
  {
    ...act,
    url: '/v1/ops/parking/arrivals',
    summary: 'Demonstration: a car comes in.',
    body: ArrivalRequest,
    answers: { 204: 'empty' },
    refusals: { 404: ['place.unknown'] },
  },
  {
    ...act,
    url: '/v1/ops/queues/:queue/call',
    summary: 'The window calls the next person of a queue.',
    answers: { 204: 'empty' },
    refusals: { 404: ['queue.unknown'] },
  },
];

export const OPS_ROUTES: readonly RouteDescription[] = [...PAGES, ...FORMS, ...ADDRESSES];
