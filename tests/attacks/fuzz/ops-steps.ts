/** What staff, their programs and other people's web pages send. */
import type { Draw } from './draw.ts';
import { codeOf } from './event-maker.ts';
import type { Model, ModelTerminal } from './model.ts';
import { Broken, type PlatformUnderFuzz } from './platform-under-fuzz.ts';
import type { Case } from './reference.ts';
import { expectAnswer, expectSame, type Act } from './step.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;
const ODD = ['', '%00', "' OR 1=1 --", '<script>', '../..', 'x'.repeat(60), '%F0%9F%8D%9C', '-1', '999999'];

/** Pages answer whatever stands in the address bar, and nobody's words become part of them. */
export const pages: Act = async (model, real, draw) => {
  const terminal = draw.pick(model.terminals);
  const odd = draw.pick(ODD);
  const [url, wanted] = draw.pick([
    ['/', '200'],
    [`/?q=${encodeURIComponent(odd)}&sort=${odd.replaceAll(/[^a-z]/g, '')}&page=${draw.below(40)}`, '200'],
    [`/?only=${draw.pick(['money.unknown', 'case.open', 'nothing'])}`, '200'],
    ['/today', '200'],
    [`/cases?code=${encodeURIComponent(odd)}`, '200'],
    [`/cases?state=${draw.pick(['open', 'closed', 'x'])}&page=${draw.below(5)}`, '200'],
    [`/terminals/${terminal.id}`, '200'],
    ['/terminals/nobody', '404 terminal.unknown'],
    ['/v1/ops/fleet', '200'],
    ['/v1/ops/summary', '200'],
  ] as const);
  const answer = await real.ops(url);
  expectAnswer(answer, wanted, url);
  if (answer.text.includes('<script')) throw new Broken(`${url}: a script stands in the page`);
};

export const foreign: Act = async (_model, real, draw) => {
  const headers = draw.pick<Record<string, string>>([
    { host: 'evil.example' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { host: '127.0.0.1.evil.example' },
    { host: '10.0.0.7:4780' },
  ]);
  const url = draw.pick(['/', '/today', '/cases', '/v1/ops/summary', '/v1/openapi.json']);
  expectAnswer(await real.call({ method: 'GET', url, headers }), '403 ops.loopbackOnly', 'a page of elsewhere');
  const act = draw.pick(['/v1/ops/line', '/v1/ops/queues/health/call', '/cases/kiosk-1/AB12-CD34/close']);
  const posted = await real.call({ url: act, body: {}, headers: { ...headers, 'content-type': 'application/json' } });
  expectAnswer(posted, '403 ops.loopbackOnly', 'an act of elsewhere');
};

function caseOf(
  model: Model,
  draw: Draw,
): { readonly terminal: ModelTerminal; readonly known: Case | undefined; readonly code: string } {
  const terminal = draw.pick(model.terminals);
  const known = draw.percent(90) ? draw.maybe([...terminal.tables.cases.values()]) : undefined;
  return { terminal, known, code: known?.code ?? codeOf(draw) };
}

function wantedOf(known: Case | undefined, done: string): string {
  if (!known) return '404 case.unknown';
  return known.state === 'open' ? done : '409 case.settled';
}

export const takeCase: Act = async (model, real, draw) => {
  const { terminal, known, code } = caseOf(model, draw);
  const isForm = draw.percent(40);
  const by = draw.pick(['w17', '陈师傅', 'a b', '', '<b>']);
  const isName = by === 'w17' || by === '陈师傅';
  if (!isForm) {
    const answer = await real.ops(`/v1/ops/cases/${terminal.id}/${code}/take`, { by });
    return expectAnswer(answer, isName ? wantedOf(known, '204') : '422 body.notInContract', 'taking a case');
  }
  const body = new URLSearchParams({ by }).toString();
  const answer = await real.call({ url: `/cases/${terminal.id}/${code}/take`, body, headers: FORM });
  const settled = known && known.state !== 'open' ? '409' : '303';
  expectAnswer(answer, known ? (isName ? settled : '422') : '404 case.unknown', 'the form of taking a case');
};

export const closeCase: Act = async (model, real, draw) => {
  const { terminal, known, code } = caseOf(model, draw);
  const outcome = draw.pick(['delivered', 'reversed', 'cancelled', 'refunded', 'lost'] as const);
  const body = { by: 'w17', outcome, note: draw.percent(90) ? 'saw the slip in the tray' : '' };
  const isGood = outcome !== 'lost' && body.note !== '';
  if (draw.percent(50)) {
    const answer = await real.ops(`/v1/ops/cases/${terminal.id}/${code}/close`, body);
    expectAnswer(answer, isGood ? wantedOf(known, '204') : '422 body.notInContract', 'closing a case');
  } else {
    const answer = await real.call({
      url: `/cases/${terminal.id}/${code}/close`,
      body: new URLSearchParams(body).toString(),
      headers: FORM,
    });
    const settled = known && known.state !== 'open' ? '409' : '303';
    expectAnswer(answer, known ? (isGood ? settled : '422') : '404 case.unknown', 'the form of closing a case');
  }
  if (isGood && known?.state === 'open') Object.assign(known, { state: outcome, decided: true });
};

export const askOperation: Act = async (model, real, draw) => {
  const isKnown = draw.percent(85);
  const terminal = draw.pick(model.terminals);
  const command = draw.pick<unknown>([
    { kind: 'restartApp' },
    { kind: 'selfTest', device: 'receipt-printer' },
    { kind: 'resyncChannel' },
    { kind: 'rotateKey' },
    { kind: 'collectLogs', fromMs: 1, toMs: 2 },
    { kind: 'shell', run: 'rm -rf /' },
    { kind: 'selfTest' },
  ]);
  const isGood = !/shell|selfTest"\}/.test(JSON.stringify(command));
  const minutes = draw.pick([1, 60, 10_080]);
  const url = `/v1/ops/terminals/${isKnown ? terminal.id : 'nobody'}/operations`;
  const answer = await real.ops(url, { by: `w${draw.below(1e6)}`, command, expiresInMinutes: minutes });
  if (!isGood) return expectAnswer(answer, '422 body.notInContract', 'an operation that there is not');
  expectAnswer(answer, isKnown ? '200' : '404 terminal.unknown', 'an operation');
  if (!isKnown) return;
  const { operation } = answer.body as { operation: string };
  terminal.operations.push({ id: operation, expiresMs: real.nowMs() + minutes * 60_000 });
  // The oldest are told first, and two of one instant have no order among them.
  await real.wait(1);
};

export const seenAlarm: Act = async (model, real, draw) => {
  const isKnown = draw.percent(80);
  const alarm = draw.pick(['chain.fork', 'invariant.broken', 'record.parked', 'money.unknown'] as const);
  const url = `/v1/ops/terminals/${isKnown ? draw.pick(model.terminals).id : 'nobody'}/seen`;
  const answer = await real.ops(url, { by: 'w17', alarm });
  const wanted = isKnown ? '204' : '404 terminal.unknown';
  expectAnswer(answer, alarm === 'money.unknown' ? '422 body.notInContract' : wanted, 'seeing an alarm');
};

export const desk: Act = async (_model, real, draw) => {
  const queue = draw.pick(['civil-affairs', 'health', 'nowhere']);
  const called = await real.ops(`/v1/ops/queues/${queue}/call`, {});
  expectAnswer(called, queue === 'nowhere' ? '404 queue.unknown' : '204', 'the next person');
  const place = draw.pick(['dafushan-north', 'service-point', 'nowhere']);
  const plate = draw.pick(['粤A8K562', '粤A12345', 'nonsense']);
  const answer = await real.ops('/v1/ops/parking/arrivals', { plate, place, parkedMinutes: draw.below(600) });
  const wanted = place === 'nowhere' ? '404 place.unknown' : '204';
  expectAnswer(answer, plate === 'nonsense' ? '422 body.notInContract' : wanted, 'a car that comes in');
};

/** The platform's tables are those the model came to. */
export async function expectTables(model: Model, real: PlatformUnderFuzz): Promise<void> {
  const { database } = real.platform.context;
  for (const { id, tables, incarnations } of model.terminals) {
    const rows = async (
      table:
        | 'payments'
        | 'prints'
        | 'acts'
        | 'forms'
        | 'cases'
        | 'tickets'
        | 'metrics'
        | 'heads'
        | 'ratings'
        | 'audit'
        | 'record_batches',
    ): Promise<readonly Readonly<Record<string, string | number | null>>[]> =>
      database.selectFrom(table).selectAll().where('terminal_id', '=', id).execute() as never;
    const payments = (await rows('payments')).map((row) => [row['trade'], row['state'], row['amount_cents']].join(' '));
    expectSet(
      payments,
      [...tables.payments].map(([trade, { state, cents }]) => `${trade} ${state} ${cents}`),
      `${id} payments`,
    );
    expectSet(
      (await rows('prints')).map(
        (row) => `${row['job']} ${row['operation']} ${row['template']} ${row['copy'] ?? 0} ${row['state']}`,
      ),
      pairs(tables.prints),
      `${id} prints`,
    );
    const acts = (await rows('acts')).map((row) => `${row['job']} ${row['act']} ${row['target']} ${row['state']}`);
    expectSet(acts, pairs(tables.acts), `${id} acts`);
    expectSet(
      (await rows('forms')).map((row) => `${row['operation']} ${row['personal']}`),
      pairs(tables.forms),
      `${id} forms`,
    );
    const cases = (await rows('cases')).map((row) => `${row['code']} ${row['state']} ${row['closed_at'] !== null}`);
    expectSet(
      cases,
      [...tables.cases.values()].map((one) => `${one.code} ${one.state} ${one.decided}`),
      `${id} cases`,
    );
    const tickets = (await rows('tickets')).map(
      (row) => `${row['operation']} ${row['queue']} ${row['number'] ?? ''} ${row['day']}`,
    );
    expectSet(
      tickets,
      [...tables.tickets].map(([operation, one]) => `${operation} ${one.queue} ${one.number} ${one.day}`),
      `${id} tickets`,
    );
    const metrics = (await rows('metrics')).map((row) => `${row['name']} ${row['label']} ${row['value']}`);
    expectSet(metrics, pairs(tables.metrics), `${id} metrics`);
    expectSame(
      [(await rows('ratings')).length, (await rows('audit')).length],
      [tables.ratings, tables.audits],
      `${id} ratings, audits`,
    );
    const streams = incarnations.flatMap((one) =>
      Object.entries(one.streams).map(([name, stream]) => ({ one, name, stream })),
    );
    const heads = streams.flatMap(({ one, name, stream }) => {
      const last = stream.told.at(-1);
      return last ? [`${one.id} ${name} ${last.seq} ${last.hash}`] : [];
    });
    expectSet(
      (await rows('heads')).map((row) => `${row['incarnation']} ${row['stream']} ${row['seq']} ${row['hash']}`),
      heads,
      `${id} heads`,
    );
    const kept = streams
      .filter(({ name }) => name !== 'metrics')
      .reduce((sum, { stream }) => sum + stream.told.length, 0);
    const stored = (await rows('record_batches')).map((row) => Number(row['last_seq']) - Number(row['first_seq']) + 1);
    expectSame(
      stored.reduce((sum, count) => sum + count, 0),
      kept,
      `${id} records`,
    );
  }
  const forks = await database.selectFrom('quarantine').selectAll().execute();
  const told = forks.map((row) => `${row.terminal_id} ${row.incarnation} ${row.stream} ${row.seq} ${row.hash}`);
  expectSet(told, [...model.quarantined], 'quarantine');
}

function pairs(map: ReadonlyMap<string, string | number>): string[] {
  return [...map].map(([key, value]) => `${key} ${value}`);
}

function expectSet(got: readonly string[], wanted: readonly string[], what: string): void {
  const [one, other] = [new Set(got), new Set(wanted)];
  const extra = got.filter((line) => !other.has(line));
  const missing = wanted.filter((line) => !one.has(line));
  if (extra.length + missing.length > 0 || got.length !== wanted.length)
    throw new Broken(
      `${what}: the platform has ${extra.slice(0, 5).join(' | ')}, the model ${missing.slice(0, 5).join(' | ')}`,
    );
}
