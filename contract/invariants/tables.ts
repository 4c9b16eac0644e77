/** I6 of the platform's tables: they show the last word of each thing, once, and that is what the terminal says too. */
import type {
  ActFact,
  CaseFact,
  ChargeFact,
  InvariantFacts,
  PlatformFact,
  StreamFact,
  Violation,
} from './facts.types.ts';
import { nameOf } from './streams.ts';

export function shownAsTold({ platform, terminal, streams = [] }: InvariantFacts): readonly Violation[] {
  if (!platform) return [];
  return [
    ...rowsOnce(platform),
    ...lastWords(platform),
    ...(terminal && isDrained(streams, platform)
      ? terminal.operations.flatMap(({ operation, charge, acts, case: opened }) =>
          [
            ...(charge ? chargeShown(charge, platform) : []),
            ...acts.flatMap((act) => actShown(act, platform)),
            ...(opened ? caseShown(opened, platform) : []),
          ].map((detail) => ({ invariant: 'I6' as const, operation, detail })),
        )
      : []),
  ];
}

/** `payment T1` -> `paid`, as the tables show it. */
function shownStates({ payments = [], prints = [], cases = [] }: PlatformFact): (readonly [string, string])[] {
  return [
    ...payments.map(({ trade, state }) => [`payment ${trade}`, state] as const),
    ...prints.map(({ job, state }) => [`print ${job}`, state] as const),
    ...cases.map(({ code }) => [`case ${code}`, 'opened'] as const),
  ];
}

function rowsOnce(platform: PlatformFact): Violation[] {
  const counts = new Map<string, number>();
  for (const [key] of shownStates(platform)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => ({ invariant: 'I6', detail: `the platform shows ${key} ${count} times` }));
}

/** What was parked may or may not have changed a table; nothing is said of it. */
function lastWords(platform: PlatformFact): Violation[] {
  if (!platform.payments && !platform.prints && !platform.cases) return [];
  const told = new Map<string, { readonly word: string; readonly isParked: boolean }>();
  for (const { event, parked = false } of platform.records ?? []) {
    const said = wordOf(event);
    if (said) told.set(said.key, { word: said.word, isParked: parked || told.get(said.key)?.isParked === true });
  }
  if (told.size === 0) return [];
  const shown = new Map(shownStates(platform));
  const given = { payment: platform.payments, print: platform.prints, case: platform.cases };
  return [...told]
    .filter(([key, { isParked }]) => !isParked && given[key.split(' ')[0] as keyof typeof given] !== undefined)
    .filter(([key, { word }]) => shown.get(key) !== word)
    .map(([key, { word }]) => ({
      invariant: 'I6',
      detail: `the platform was told ${key} ${word} and shows ${shown.get(key) ?? 'nothing'}`,
    }));
}

function wordOf(event: { readonly type: string } | undefined): { key: string; word: string } | undefined {
  const { type, state = '', trade, job, code } = (event ?? {}) as Readonly<Record<string, string | undefined>>;
  switch (type) {
    case 'ChargeAsked':
      return { key: `payment ${trade}`, word: 'asked' };
    case 'ChargeSettled':
      return { key: `payment ${trade}`, word: state };
    case 'PrintSettled':
    case 'ActSettled':
      return { key: `print ${job}`, word: state === 'printed' || state === 'done' ? 'done' : 'notDone' };
    case 'CaseOpened':
      return { key: `case ${code}`, word: 'opened' };
    default:
      return undefined;
  }
}

/** Everything written has arrived, so that both sides can be compared. */
function isDrained(streams: readonly StreamFact[], { heads = [] }: PlatformFact): boolean {
  const ledgers = streams.filter(({ stream }) => stream === 'ledger');
  const seqThere = new Map(heads.map((head) => [nameOf(head), head.seq]));
  return (
    ledgers.length > 0 && ledgers.every((one) => (seqThere.get(nameOf(one)) ?? 0) === (one.records.at(-1)?.seq ?? 0))
  );
}

/** What the platform shows of each claim of the terminal. An intent may not be told before its outcome. */
const SHOWN: Readonly<Record<ChargeFact['state'], readonly string[]>> = {
  asked: ['asked', 'nothing'],
  paid: ['paid'],
  cancelled: ['cancelled'],
  reversing: ['paid'],
  reversed: ['reversed'],
};

function chargeShown({ trade, state }: ChargeFact, { payments }: PlatformFact): string[] {
  const shown = payments?.find((row) => row.trade === trade)?.state ?? 'nothing';
  const isTold = !payments || SHOWN[state].includes(shown);
  return isTold ? [] : [`${trade} is ${state} here, the platform shows ${shown}`];
}

function actShown({ job, state }: ActFact, { prints }: PlatformFact): string[] {
  if (!prints || (state !== 'done' && state !== 'failed')) return [];
  const shown = prints.find((row) => row.job === job)?.state ?? 'nothing';
  return shown === (state === 'done' ? 'done' : 'notDone')
    ? []
    : [`${job} is ${state} here, the platform shows ${shown}`];
}

function caseShown({ code }: CaseFact, { cases }: PlatformFact): string[] {
  return !cases || cases.some((row) => row.code === code) ? [] : [`case ${code} was not told`];
}
