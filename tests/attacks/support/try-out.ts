/** A ledger after an attack: opened, looked into, written to, closed, opened again, and checked page by page. */
import Database from 'better-sqlite3';
import { isDeepStrictEqual } from 'node:util';
import { openLedger, type Ledger } from '../../../engine/ledger/ledger.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { Draw } from './draw.ts';

export interface Wrong {
  /** `refused`: it does not open. `lost`: less is there than was reported as done. `unsound`: anything else. */
  readonly kind: 'refused' | 'lost' | 'unsound';
  readonly detail: string;
}

export interface LedgerFiles {
  readonly path: string;
  readonly blackBoxPath: string;
}

/** `look` says what is missing, if anything. */
export function tryOut(
  files: LedgerFiles,
  seed: number,
  look: (ledger: Ledger) => Wrong | undefined,
): Wrong | undefined {
  const { path, blackBoxPath } = files;
  const options = { path, blackBoxPath, clock: new SimulatedClock(), chance: new Draw(seed) };
  const first = openLedger(options);
  if (!first.ok) return { kind: 'refused', detail: `${first.problem.code} ${first.problem.detail ?? ''}` };
  const wrong = look(first.value);
  const own = first.value.newOperation();
  const written = first.value.append(own, { step: 'ticket.issued', queue: 'q', day: '2026-01-06', offline: true }, []);
  first.value.close();
  if (wrong) return wrong;
  if (!written.ok) return unsound(`a commit after it answers ${written.problem.code}`);
  const second = openLedger(options);
  if (!second.ok) return unsound(`opened again, the ledger answers ${second.problem.code}`);
  const found = second.value.txn(own);
  second.value.close();
  if (!isDeepStrictEqual(found, written.value)) return unsound('a commit after it is not there when opened again');
  return integrity(path);
}

function integrity(path: string): Wrong | undefined {
  const db = new Database(path);
  const answer = db.pragma('integrity_check', { simple: true });
  db.close();
  return answer === 'ok' ? undefined : unsound(`integrity check: ${String(answer)}`);
}

function unsound(detail: string): Wrong {
  return { kind: 'unsound', detail };
}
