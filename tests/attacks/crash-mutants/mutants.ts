/** The seeded bugs: what people get wrong when they write a ledger, a recovery, a sync and the platform behind it. */
import type { Catcher, Edit, Mutant } from './mutant.types.ts';

const logic = (againEvery: number, ...plans: readonly string[]): Catcher => ({ kind: 'logic', againEvery, plans });
/** In these days the platform is restored, lines fail, and the power goes. */
const DAYS: Catcher = { kind: 'sim', seed: 2, kiosk: 10, days: 2 };
const test = (file: string): Catcher => ({ kind: 'test', file });

const LOST_SALE = 'pay, the answer to the sale is lost, the slip comes out';
const LOST_PRINT = 'pay, the sale goes well, the answer to the print is lost';
const PLAIN = 'pay, the sale goes well, the slip comes out';
const NO_ANSWER = 'pay, the answer is lost, the terminal away for long, the slip comes out';

const one = (file: string, from: string, to: string): readonly Edit[] => [{ file, from, to }];

const LEDGER: readonly Mutant[] = [
  {
    name: 'the sale is sent before its intent is written',
    edits: one(
      'engine/ledger/charge.effect.ts',
      `  const intent = await context.append(txn, entry, [asked]);
  if (!intent.ok) return { kind: 'notCharged', problem: intent.problem };
  probe('charge.intent.after');
  const command = { kind: 'sale', trade, echo, amountCents } as const;
  const sent = devices.execute('payment-terminal', command, limitsOf(context, timing.saleMs, signal));
  probe('charge.sent');
`,
      `  const command = { kind: 'sale', trade, echo, amountCents } as const;
  const sent = devices.execute('payment-terminal', command, limitsOf(context, timing.saleMs, signal));
  probe('charge.sent');
  const intent = await context.append(txn, entry, [asked]);
  if (!intent.ok) return { kind: 'notCharged', problem: intent.problem };
  probe('charge.intent.after');
`,
    ),
    catcher: logic(1_000, PLAIN),
  },
  {
    name: 'the slip is sent before its intent is written',
    edits: one(
      'engine/ledger/delivery.effect.ts',
      `  const intent = await context.append(txn, deliverable.intent(job, look.checkpoint), []);
  if (!intent.ok) return notBegun(context, kind, txn, intent.problem);
  probe(\`\${points}.intent.after\`);
  const sent = deliverable.send(devices, job, limitsOf(context, timing.printMs, signal));
  probe(\`\${points}.sent\`);
`,
      `  const sent = deliverable.send(devices, job, limitsOf(context, timing.printMs, signal));
  probe(\`\${points}.sent\`);
  const intent = await context.append(txn, deliverable.intent(job, look.checkpoint), []);
  if (!intent.ok) return notBegun(context, kind, txn, intent.problem);
  probe(\`\${points}.intent.after\`);
`,
    ),
    catcher: logic(1_000, PLAIN),
  },
  {
    name: 'a lost sale is asked after under a new trade number',
    edits: one(
      'engine/ledger/charge.effect.ts',
      "const command = { kind: 'query', trade, echo,",
      "const command = { kind: 'query', ...context.ledger.newTrade(),",
    ),
    catcher: logic(1_000, LOST_SALE),
  },
  {
    name: 'a lost sale is sent again',
    edits: one(
      'engine/ledger/charge.effect.ts',
      'const answer = readSale(await sent);',
      `const first = readSale(await sent);
  const answer = first.kind === 'unknown' ? readSale(await devices.execute('payment-terminal', command, limitsOf(context, timing.saleMs))) : first;`,
    ),
    catcher: logic(1_000, LOST_SALE),
  },
  {
    name: 'a charge nobody knows of counts as not taken',
    edits: one(
      'engine/ledger/charge.effect.ts',
      "return openCase(context, id, 'charge.unknown', problem('payment.unknown', answer.problem.detail));",
      "return recordCancelled(context, id, { kind: 'none', problem: answer.problem });",
    ),
    catcher: logic(1_000, NO_ANSWER),
  },
  {
    name: 'a lost print is printed again',
    edits: one(
      'engine/ledger/delivery.effect.ts',
      'const outcome = await sent;',
      `const first = await sent;
  const outcome = first.kind === 'unknown' ? await deliverable.send(devices, job, limitsOf(context, timing.printMs, signal)) : first;`,
    ),
    catcher: logic(1_000, LOST_PRINT),
  },
  {
    name: 'a printer that cannot tell counts as one that says no',
    edits: one(
      'engine/ledger/print.effect.ts',
      "return { kind: 'cannotTell', problem: problem('kiosk.interrupted', evidence) };",
      "return { kind: 'no', effect: 'none', problem: problem('kiosk.interrupted', evidence) };",
    ),
    catcher: logic(1_000, 'pay, the sale goes well, the printer cannot tell'),
  },
  {
    name: 'records are written in a second commit',
    edits: [
      {
        file: 'engine/ledger/ledger.ts',
        from: "const seq = journal.add({ step: { txn, entry }, stream: 'ledger', events });",
        to: "const seq = journal.add({ step: { txn, entry }, stream: 'ledger', events: [] });",
      },
      {
        file: 'engine/ledger/ledger.ts',
        from: "    probe('ledger.append.after');\n    return written;",
        to: `    probe('ledger.append.after');
    for (const { events } of entries) if (events.length > 0) void store.commit(() => journal.add({ stream: 'ledger', events }));
    return written;`,
      },
    ],
    catcher: logic(1_000, PLAIN),
  },
  {
    name: 'the black box is written after the commit',
    edits: [
      {
        file: 'engine/ledger/ledger.ts',
        from: 'const noted = note(entries, nexts);',
        to: 'const noted: Result<undefined> = ok(undefined);',
      },
      {
        file: 'engine/ledger/ledger.ts',
        from: "    probe('ledger.append.after');\n    return written;",
        to: "    probe('ledger.append.after');\n    void note(entries, nexts);\n    return written;",
      },
    ],
    catcher: logic(1_000, PLAIN),
  },
  {
    name: 'a case is opened and nobody is told',
    edits: one('engine/ledger/effect-context.ts', '[...events, ...opened]', '[...events]'),
    catcher: logic(1_000, 'pay, the sale goes well, no paper'),
  },
  {
    name: 'numbers are not kept over a restart',
    edits: one('engine/ledger/ledger.ts', '      numbers.persist();\n', ''),
    catcher: DAYS,
  },
];

const RECOVERY: readonly Mutant[] = [
  {
    name: 'the start passes over reversals on their way',
    edits: one('engine/ledger/txn.fold.ts', " || txn.charge?.state === 'reversing') return true;", ') return true;'),
    catcher: logic(1, 'giveBack, the sale goes well, reversals go well'),
  },
  {
    name: 'a reversal is tried once',
    edits: one(
      'engine/ledger/reverse.effect.ts',
      "if (outcome.kind !== 'done') return { kind: 'pending', problem: outcome.problem };\n  const { state } = outcome.reply;\n  if (state === 'reversed') return recordReversed(",
      "if (outcome.kind !== 'done') return recordReversed(context, id, 'sent');\n  const { state } = outcome.reply;\n  if (state === 'reversed') return recordReversed(",
    ),
    catcher: logic(1_000, 'giveBack, the sale goes well, reversals get lost'),
  },
  {
    name: 'a slip that came out is taken for lost at the next start',
    edits: one(
      'engine/ledger/recovery.ts',
      "if (answer.kind === 'yes') return { write: () => recordGiven(context, kind, id, answer.evidence) };",
      "if (answer.kind === 'yes') return { write: () => recordNotGiven(context, kind, id, { kind: 'no', effect: 'none', problem: { code: 'kiosk.interrupted' } }) };",
    ),
    catcher: logic(1_000, PLAIN),
  },
  {
    name: 'money goes back although a part of it came out',
    edits: [
      {
        file: 'engine/ledger/recovery.ts',
        from: 'txn.given\n        ?',
        to: 'txn.given === undefined && txn.case\n        ?',
      },
      {
        file: 'engine/ledger/txn.fold.ts',
        from: "(txn.state === 'charged' && !txn.given)",
        to: "txn.state === 'charged'",
      },
    ],
    catcher: logic(1_000, 'both, the answer to the sale is lost, the door opens'),
  },
  {
    name: 'the mouth is cleared only after a print in doubt',
    edits: one('engine/ledger/recovery.ts', ' || mayHoldPaper(context)', ''),
    catcher: logic(1_000, PLAIN),
  },
];

const SYNC: readonly Mutant[] = [
  {
    name: 'a batch counts as acknowledged when it is sent',
    edits: one(
      'engine/sync/lane.ts',
      '    return { request, firstSeq: first.seq };',
      '    const last = records.at(-1) ?? first;\n    void this.#outbox.acknowledge({ seq: last.seq, hash: last.hash }, this.stream);\n    return { request, firstSeq: first.seq };',
    ),
    catcher: logic(1_000, 'pay, the sale goes well, the answer to the print is lost'),
  },
  {
    name: 'the head is believed without its hash',
    edits: one('engine/ledger/outbox.ts', 'if (journal.hashAt(stream, head.seq) !== head.hash)', 'if (head.seq < 0)'),
    catcher: test('engine/ledger/outbox.test.ts'),
  },
];

const PLATFORM: readonly Mutant[] = [
  {
    name: 'the platform counts a record that comes again',
    edits: one(
      'platform/ingest/decide.ts',
      'const fresh = Math.max(0, head.seq + 1 - firstOf(batch).seq);',
      'const fresh = 0;',
    ),
    catcher: DAYS,
  },
  {
    name: 'the platform takes what leaves a gap',
    edits: one(
      'platform/ingest/decide.ts',
      'if (firstOf(arrival.batch).seq > head.seq + 1)',
      'if (firstOf(arrival.batch).seq < 0)',
    ),
    catcher: DAYS,
  },
  {
    name: 'the platform keeps the first state it hears',
    edits: one(
      'platform/ingest/payments.projection.ts',
      'if (known?.state === event.state) return undefined;',
      'if (known) return undefined;',
    ),
    catcher: DAYS,
  },
  {
    name: 'the platform drops what it cannot make sense of',
    edits: one(
      'platform/ingest/decide.ts',
      '  draft.batches.push({',
      '  if (parked.length === 0) draft.batches.push({',
    ),
    catcher: test('platform/ingest/ingest.test.ts'),
  },
  {
    name: 'the platform does not look at the chain',
    edits: one('platform/ingest/chain.ts', 'if (told !== chainHash(previousHash, text))', 'if (told === previousHash)'),
    catcher: test('platform/ingest/ingest.test.ts'),
  },
  {
    name: 'the head moves in a commit of its own',
    edits: [
      { file: 'platform/ingest/write-draft.ts', from: '  await putChanged(commit, draft.heads);\n', to: '' },
      {
        file: 'platform/ingest/take-group.ts',
        from: '    await writeDraft(commit, draft);\n    onWritten?.();\n    return decisions;\n  });',
        to: `    await writeDraft(commit, draft);
    onWritten?.();
    return { decisions, heads: draft.heads };
  }).then(async ({ decisions, heads }) => {
    await database.transaction().execute((commit) => putRows(commit, heads.table, heads.changed()));
    return decisions;
  });`,
      },
      {
        file: 'platform/ingest/take-group.ts',
        from: "import { decide, type Decision } from './decide.ts';",
        to: "import { decide, type Decision } from './decide.ts';\nimport { putRows } from '../database/row-sets.ts';",
      },
    ],
    catcher: test('platform/ingest/half-batch.test.ts'),
  },
  {
    name: 'two write to the platform’s file at once',
    edits: [
      {
        file: 'platform/database/shared-sqlite.ts',
        from: 'this.#unlock = await this.#shared.lock.take();',
        to: 'this.#unlock = await Promise.resolve(() => undefined);',
      },
    ],
    catcher: test('platform/database/shared-sqlite.test.ts'),
  },
];

export const MUTANTS: readonly Mutant[] = [...LEDGER, ...RECOVERY, ...SYNC, ...PLATFORM];
