/** What must hold of a ledger whose system calls failed, once the disk works again. */
import { isDeepStrictEqual } from 'node:util';
import type { HeadFact } from '../../../contract/invariants/facts.types.ts';
import type { Txn } from '../../../engine/ledger/journal.schema.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import { streamFact } from '../support/ledger-facts.ts';
import { tryOut, type LedgerFiles, type Wrong } from '../support/try-out.ts';
import type { Files } from './injected-run.ts';
import type { Injection } from './injection.ts';
import type { Heard } from './teller.ts';

export interface Story {
  readonly seed: number;
  readonly injection: Injection;
  readonly files: Files;
  readonly closes: boolean;
  /** It was a directory that could not be synced: SQLite tells nobody of that. */
  readonly isName: boolean;
  /** What an earlier process had said of the same files. */
  readonly before: readonly Heard[];
  readonly heard: readonly Heard[];
}

/** A commit that was refused or cut off may be there all the same: one, with at most so many records. */
const RECORDS_OF_ONE = 3;

export function afterwards(files: LedgerFiles, story: Story): Wrong | undefined {
  return brokeOff(story) ?? keptSilent(story) ?? tryOut(files, story.seed, (ledger) => missing(ledger, story));
}

/** What a disk refuses is an answer, never an exception. */
function brokeOff({ heard }: Story): Wrong | undefined {
  const broken = heard.find((one) => one.is === 'broken');
  return broken && { kind: 'unsound', detail: `the process broke off: ${broken.why}` };
}

/** After a failed sync or write the kernel may have dropped the page: nothing may be reported as done any more. */
function keptSilent({ injection, files, heard, closes, isName }: Story): Wrong | undefined {
  const { call, what } = injection;
  if (what !== 'EIO' || files !== 'ledger' || !['fsync', 'pwrite64'].includes(call)) return undefined;
  const refused = heard.findIndex((one) => one.is === 'refused' && one.code === 'ledger.unsafe');
  if (refused < 0) {
    // at the very end nobody is left to be told
    return closes || isName ? undefined : { kind: 'unsound', detail: `${call} failed, and nobody was told` };
  }
  const later = heard.slice(refused).find((one) => one.is === 'done');
  return later && { kind: 'unsound', detail: `${later.call} was reported as done after a failed ${call}` };
}

function missing(ledger: Ledger, { before, heard }: Story): Wrong | undefined {
  const said = [...before, ...heard].filter((one) => one.is === 'done');
  const txns = new Map(said.flatMap(({ txn }) => (txn ? [[txn.id, txn] as const] : [])));
  const ahead = [...txns.values()].filter((txn) => !isDeepStrictEqual(ledger.txn(txn.id), txn));
  const { records } = streamFact(ledger, {});
  return (
    missingHead(records, said.at(-1)?.head) ??
    (ahead.length > 1 || ahead.some((txn) => isBehind(ledger.txn(txn.id), txn))
      ? { kind: 'lost', detail: `not as they were said to be: ${ahead.map(({ id }) => id).join(', ')}` }
      : undefined) ??
    invented(ledger, txns)
  );
}

function missingHead(records: readonly HeadFact[], head: HeadFact | undefined): Wrong | undefined {
  if (!head || head.seq === 0) return undefined;
  if (records.find(({ seq }) => seq === head.seq)?.hash !== head.hash) {
    return { kind: 'lost', detail: `record ${head.seq} is not there as it was reported` };
  }
  const more = records.length > 0 ? (records.at(-1)?.seq ?? 0) - head.seq : 0;
  return more > RECORDS_OF_ONE ? { kind: 'unsound', detail: `${more} records that nobody was told of` } : undefined;
}

/** The step after the last one that was said may have got through; an earlier state may not come back. */
function isBehind(found: Txn, said: Txn): boolean {
  return found.since === 0 || (found.state === 'charging' && said.state !== 'charging');
}

function invented(ledger: Ledger, said: ReadonlyMap<string, Txn>): Wrong | undefined {
  const unsaid = [...ledger.openTxns(), ...ledger.cases()].filter(({ id }) => !said.has(id));
  return unsaid.length > 1
    ? { kind: 'unsound', detail: `nobody was told of ${unsaid.map(({ id }) => id).join(', ')}` }
    : undefined;
}
