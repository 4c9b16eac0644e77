/** Heartbeats, leases, quotes and what residents prove: the calls a terminal waits for. */
import { createHash } from 'node:crypto';
import type { ParkingQuote, TicketBlock } from '../../../contract/platform-api.schema.ts';
import type { Draw } from './draw.ts';
import type { Model, ModelTerminal } from './model.ts';
import { Broken, type Answer, type PlatformUnderFuzz } from './platform-under-fuzz.ts';
import { localDay } from './reference.ts';
import { expectAnswer, expectSame, type Act } from './step.ts';

const QUEUES = { 'civil-affairs': 'A', 'social-security': 'B', health: 'C', documents: 'D', other: 'E' } as const;
const LAST_NUMBER = 9_999;
const PLATES = ['粤A8K562', '粤A12345', '粤AD66880', '粤B3C907', '粤Z00000'];

function expectIfActive(terminal: ModelTerminal, answer: Answer, wanted: string, what: string): boolean {
  expectAnswer(answer, terminal.suspended ? '403 terminal.suspended' : wanted, what);
  return !terminal.suspended && answer.status < 400;
}

export const heartbeat: Act = async (model, real, draw) => {
  const terminal = draw.pick(model.terminals);
  const report = { backlog: draw.below(500), diskRung: draw.below(4), devicesDown: draw.percent(30) ? ['locker'] : [] };
  const isWrong = draw.percent(20);
  const wrong = draw.pick<unknown>([{ report: { ...report, diskRung: 4 } }, { report: 1 }, { backlog: 1 }, []]);
  const body = isWrong ? wrong : draw.percent(60) ? { report } : {};
  const answer = await real.callAs(terminal.id, 'heartbeat', body);
  if (!expectIfActive(terminal, answer, isWrong ? '422 body.notInContract' : '200', 'a heartbeat')) return;
  const { nowMs, operations = [] } = answer.body as { nowMs: number; operations?: readonly { operation: string }[] };
  expectSame(nowMs, real.nowMs(), 'platform time');
  const open = terminal.operations.filter(({ expiresMs }) => expiresMs > nowMs).slice(0, 8);
  expectSame(
    operations.map(({ operation }) => operation).toSorted(),
    open.map(({ id }) => id).toSorted(),
    'operations',
  );
};

export const lease: Act = async (model, real, draw) => {
  const terminal = draw.pick(model.terminals);
  const queue = draw.percent(92) ? draw.pick(Object.keys(QUEUES) as (keyof typeof QUEUES)[]) : 'nowhere';
  const size = draw.between(1, 200);
  const known = draw.percent(30) ? draw.maybe([...terminal.leases]) : undefined;
  if (known) return leaseAgain(terminal, real, draw, known);
  const key = model.next('k');
  const answer = await real.callAs(terminal.id, 'ticket-blocks', { queue, size, idempotencyKey: key });
  if (queue === 'nowhere') return void expectIfActive(terminal, answer, '404 queue.unknown', 'a lease');
  const counter = `${queue} ${localDay(real.nowMs())}`;
  const first = model.nextNumber.get(counter) ?? 1;
  if (first > LAST_NUMBER) return void expectIfActive(terminal, answer, '409 queue.usedUp', 'a lease');
  if (!expectIfActive(terminal, answer, '200', 'a lease')) return;
  const last = Math.min(first + size - 1, LAST_NUMBER);
  const block = answer.body as TicketBlock;
  expectSame(
    [block.first, block.last, block.prefix, block.day],
    [first, last, QUEUES[queue], localDay(real.nowMs())],
    'a block',
  );
  model.nextNumber.set(counter, last + 1);
  terminal.leases.set(key, { queue, size, block });
  terminal.tables.blocks.set(block.block, { queue, prefix: block.prefix, day: block.day, first, last });
};

async function leaseAgain(
  terminal: ModelTerminal,
  real: PlatformUnderFuzz,
  draw: Draw,
  [key, { queue, size, block }]: readonly [
    string,
    { readonly queue: string; readonly size: number; readonly block: unknown },
  ],
): Promise<void> {
  const isOther = draw.percent(50);
  const answer = await real.callAs(terminal.id, 'ticket-blocks', {
    queue,
    size: isOther ? (size % 200) + 1 : size,
    idempotencyKey: key,
  });
  if (isOther && size !== (size % 200) + 1)
    return void expectIfActive(terminal, answer, '422 idempotency.keyReused', 'a key used again');
  if (expectIfActive(terminal, answer, '200', 'the same lease again')) expectSame(answer.body, block, 'the same block');
}

export const quote: Act = async (model, real, draw) => {
  const terminal = draw.pick(model.terminals);
  if (draw.percent(15)) {
    const wrong = draw.pick<unknown>([{ plate: 'ABC' }, {}, { plate: 7 }, { plate: '粤A8K562', cardDigest: 'x' }]);
    const answer = await real.callAs(terminal.id, 'parking/quotes', wrong);
    return void expectIfActive(terminal, answer, '422 body.notInContract', 'a misshapen quote');
  }
  const card = draw.percent(50) ? { cardDigest: 'a'.repeat(64) } : {};
  const plate = draw.pick(PLATES);
  const answer = await real.callAs(terminal.id, 'parking/quotes', { plate, ...card });
  if (!expectIfActive(terminal, answer, '200', 'a quote')) return;
  const told = answer.body as ParkingQuote;
  if (plate === '粤Z00000') return expectSame(told.state, 'notFound', 'a car that is not there');
  if (told.state !== 'due') return;
  const [, stay = '', from = '', to = ''] = /^P(\d+)-[a-zA-Z]+-(\d+)-(\d+)$/.exec(told.quote) ?? [];
  const known = model.bureau.quotes.get(told.quote);
  const priced = { stay: Number(stay), fromHour: Number(from), toHour: Number(to), cents: told.dueCents };
  if (known) expectSame(priced, known, 'the same quote again');
  model.bureau.quotes.set(told.quote, priced);
  const { graces } = model.bureau;
  const isPaid = graces.some(
    ({ open, stay: paid, toHour }) => open && paid === priced.stay && toHour > priced.fromHour,
  );
  if (isPaid) throw new Broken(`${told.quote} asks for hours that are paid`);
};

const CHEN = subject('id-card', '440113190001010016');
const HUANG = subject('id-card', '440113190309092046');
const NOBODY = subject('id-card', '440113200001010000');
const CODES = new Map([
  [CHEN, '260417'],
  [HUANG, '581903'],
]);
const RESIDENTS = [CHEN, CHEN, HUANG, NOBODY];
const DAY_MS = 24 * 3_600_000;
const PAUSE_MS = 10 * 60_000;

function subject(kind: string, number: string): string {
  return createHash('sha256').update(`identity:${kind}:${number}`).digest('hex');
}

/** Few sessions, so that they meet again. */
function personOf(model: Model, draw: Draw) {
  const terminal = draw.pick(model.terminals);
  return { terminal, subject: draw.pick(RESIDENTS), session: String(draw.below(6)).repeat(24) };
}

type Person = ReturnType<typeof personOf>;

function fingerState(model: Model, { terminal, subject: resident, session }: Person, nowMs: number): string {
  // Only this person has prints.
  if (resident !== CHEN) return 'none';
  const recent = model.attempts
    .filter((one) => one.resident === resident && one.atMs > nowMs - DAY_MS)
    .toSorted((one, other) => one.atMs - other.atMs);
  const since = recent.slice(recent.findLastIndex(({ result }) => result === 'match') + 1);
  const isOwn = (one: (typeof recent)[number]): boolean => one.terminal === terminal.id && one.session === session;
  const counted = since.filter((one) => one.result === 'noMatch' || (one.result === undefined && !isOwn(one)));
  if (counted.length >= 3) return 'locked';
  const own = attemptOf(model, terminal.id, session, resident);
  return own?.result === 'match' || own?.result === 'noMatch' ? 'used' : 'open';
}

function attemptOf(model: Model, terminal: string, session: string, resident: string) {
  return model.attempts.find(
    (one) => one.terminal === terminal && one.session === session && one.resident === resident,
  );
}

export const fingers: Act = async (model, real, draw) => {
  const person = personOf(model, draw);
  const { terminal, subject: resident, session } = person;
  const said = { subject: resident, session };
  const state = fingerState(model, person, real.nowMs());
  const offer = await real.callAs(terminal.id, 'identity/finger-offers', said);
  if (expectIfActive(terminal, offer, '200', 'an offer'))
    expectSame((offer.body as { state: string }).state, state, 'fingers');
  if (draw.percent(30)) return;
  const handed = await real.callAs(terminal.id, 'identity/finger-templates', said);
  const isHanded = expectIfActive(terminal, handed, state === 'open' ? '200' : '409 finger.notOpen', 'templates');
  if (isHanded) {
    const own = attemptOf(model, terminal.id, session, resident);
    if (own) Object.assign(own, { atMs: real.nowMs(), result: undefined });
    else model.attempts.push({ terminal: terminal.id, session, resident, atMs: real.nowMs(), result: undefined });
  }
  // Attempts at one instant have no order among them, for the platform neither.
  await real.wait(1_000);
  if (draw.percent(30)) return;
  const end = draw.pick(['match', 'noMatch', 'notCompared'] as const);
  const ended = await real.callAs(terminal.id, 'identity/finger-ends', { ...said, end });
  if (!expectIfActive(terminal, ended, '200', 'an end')) return;
  const open = attemptOf(model, terminal.id, session, resident);
  const counts = open !== undefined && open.result === undefined;
  if (counts) open.result = end;
  expectSame((ended.body as { counted: boolean }).counted, counts && end === 'noMatch', 'counted');
};

function isPaused(model: Model, resident: string, nowMs: number): boolean {
  return model.failures.filter((one) => one.resident === resident && one.atMs > nowMs - PAUSE_MS).length >= 3;
}

function fail(model: Model, resident: string, nowMs: number): boolean {
  model.failures.push({ resident, atMs: nowMs });
  return isPaused(model, resident, nowMs);
}

export const code: Act = async (model, real, draw) => {
  const { terminal, subject: resident, session } = personOf(model, draw);
  const right = CODES.get(resident);
  const typed = right !== undefined && draw.percent(50) ? right : '000000';
  const answer = await real.callAs(terminal.id, 'identity/code-checks', { subject: resident, session, code: typed });
  if (!expectIfActive(terminal, answer, '200', 'a code')) return;
  const { verdict } = answer.body as { verdict: string };
  expectSame(verdict, judge(model, resident, right, typed === right, real.nowMs()), 'a code');
};

function judge(model: Model, resident: string, right: string | undefined, isRight: boolean, nowMs: number): string {
  if (right === undefined) return 'noMatch';
  if (isPaused(model, resident, nowMs)) return 'paused';
  if (!isRight) return fail(model, resident, nowMs) ? 'paused' : 'noMatch';
  model.failures = model.failures.filter((one) => one.resident !== resident);
  return 'match';
}

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]).toString('base64');

export const face: Act = async (model, real, draw) => {
  const { terminal, subject: resident, session } = personOf(model, draw);
  const look = draw.pick([
    { seen: 'face', picture: JPEG },
    { seen: 'face', picture: 'AAAAAAAA' },
    { seen: 'judged', verdict: draw.pick(['match', 'noMatch', 'notLive']) },
    { seen: 'notLive' },
  ] as const);
  const answer = await real.callAs(terminal.id, 'identity/face-checks', { subject: resident, session, look });
  const isPicture = look.seen !== 'face' || look.picture === JPEG;
  if (!expectIfActive(terminal, answer, isPicture ? '200' : '422 face.noPicture', 'a face')) return;
  const { verdict } = answer.body as { verdict: string };
  if (resident === NOBODY) return expectSame(verdict, 'notOffered', 'a face of nobody');
  if (isPaused(model, resident, real.nowMs())) return expectSame(verdict, 'paused', 'a face while paused');
  const judged = look.seen === 'judged' ? look.verdict : look.seen === 'notLive' ? 'notLive' : 'match';
  if (judged === 'match') model.failures = model.failures.filter((one) => one.resident !== resident);
  const wanted = judged === 'notLive' ? (fail(model, resident, real.nowMs()) ? 'paused' : 'again') : judged;
  expectSame(verdict, wanted, 'a face');
};

export const misshapenCall: Act = async (model, real, draw) => {
  const terminal = draw.pick(model.terminals);
  const path = draw.pick([
    'ticket-blocks',
    'identity/finger-offers',
    'identity/finger-ends',
    'identity/face-checks',
    'identity/face-references',
    'identity/code-checks',
  ]);
  const body = draw.pick<unknown>([
    {},
    [],
    null,
    '"x"',
    0,
    { queue: 'health' },
    { subject: 'x', session: 'y' },
    { queue: 'health', size: 201, idempotencyKey: 'k' },
    { queue: 'health', size: -1, idempotencyKey: '' },
  ]);
  const answer = await real.callAs(terminal.id, path, body);
  expectIfActive(terminal, answer, '422 body.notInContract', `${path} of another shape`);
};
