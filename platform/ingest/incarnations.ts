/**
 * Each database a terminal ever had. A new one names the one it continues; what does not fit is noted for a person and refused
 * to nobody: a terminal whose disk was restored must be able to go on (money-and-sync 0, 4 and 5).
 */
import type { Draft } from './draft.ts';
import type { Arrival } from './ingest.types.ts';

export function decideIncarnation(draft: Draft, arrival: Arrival): void {
  const { terminal, batch, receivedMs } = arrival;
  const known = draft.incarnations.get(terminal, batch.incarnation);
  const named = arrival.stream === 'ledger' ? batch.predecessor : undefined;
  if (known && (known.predecessor !== null || named === undefined)) return;
  const hasOthers = draft.incarnations.like(terminal).length > (known ? 1 : 0);
  draft.incarnations.set({
    terminal_id: terminal,
    incarnation: batch.incarnation,
    first_ms: known?.first_ms ?? receivedMs,
    ...(named ? continuing(draft, arrival, named) : beginning(hasOthers)),
  });
}

function continuing(draft: Draft, arrival: Arrival, named: Named) {
  return {
    predecessor: named.incarnation,
    predecessor_seq: named.head.seq,
    predecessor_hash: named.head.hash,
    doubt: doubtAbout(draft, arrival, named),
  };
}

/** The first one of a terminal has nothing before it. */
function beginning(hasOthers: boolean) {
  const doubt = hasOthers ? 'predecessor.notNamed' : null;
  return { predecessor: null, predecessor_seq: null, predecessor_hash: null, doubt };
}

type Named = NonNullable<Arrival['batch']['predecessor']>;

/**
 * `ahead`: the terminal says it had written more than has arrived here, so records are lost or this platform was restored.
 * `otherHistory`: what it names is not what stands here at that place.
 */
function doubtAbout(draft: Draft, { terminal, stream }: Arrival, { incarnation, head }: Named): string | null {
  const row = draft.heads.get(terminal, incarnation, stream);
  if (!row) return head.seq === 0 ? null : 'predecessor.unknown';
  if (head.seq > row.seq) return 'predecessor.ahead';
  const knownHash = head.seq === row.seq ? row.hash : draft.places.hashAt({ terminal, incarnation, stream }, head.seq);
  return knownHash === undefined || knownHash === head.hash ? null : 'predecessor.otherHistory';
}
