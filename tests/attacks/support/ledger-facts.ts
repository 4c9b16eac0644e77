/** What a ledger claims, as facts for `checkInvariants`. */
import type { HeadFact, RecordFact, StreamFact } from '../../../contract/invariants/facts.types.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import { ZERO_HASH } from '../../../engine/ledger/record-hash.ts';

export { actFact, operationFact } from '../../../scripts/journey/agreement.ts';

const ALL = 1_000_000;

/**
 * What the terminal still holds of a stream after `since`, or from its beginning. The platform is played as one that has lost
 * all of it, so that it is pending; afterwards it stands where it stood.
 */
export function streamFact(
  ledger: Ledger,
  known: Pick<StreamFact, 'acknowledged' | 'durable'>,
  since: HeadFact = { seq: 0, hash: ZERO_HASH },
): StreamFact {
  const stream = 'ledger';
  const { acknowledged } = ledger.outbox.head(stream);
  const heard = known.acknowledged ?? acknowledged;
  const rewound = ledger.outbox.acknowledge(since, stream);
  if (!rewound.ok) throw new Error(`cannot look back: ${rewound.problem.code}`);
  const records: readonly RecordFact[] = ledger.outbox.pending(ALL, stream).records;
  const forward = ledger.outbox.acknowledge(acknowledged, stream);
  if (!forward.ok) throw new Error(`cannot go on: ${forward.problem.code}`);
  // whatever it takes for acknowledged counts, whether or not it was ever told so
  const furthest = acknowledged.seq > heard.seq ? acknowledged : heard;
  return { incarnation: ledger.incarnation, stream, records, ...known, acknowledged: furthest };
}
