/** Sends what waits, in batches, and takes the platform's word for it; answers with how often the platform knew better. */
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import type { Stream } from '../../../contract/terminal-event.schema.ts';
import type { Ledger } from '../../../engine/ledger/ledger.ts';
import type { ReferencePlatform } from '../support/reference-platform.ts';

const BATCH_RECORDS = 200;
const ROUNDS = 1_000;

export interface Sent {
  /** Answers that were no plain yes. */
  readonly gaps: number;
  /** The platform holds another history, or the ledger says so; nothing more was sent. */
  readonly fork: string | undefined;
}

export function sendAll(ledger: Ledger, platform: ReferencePlatform): Sent {
  let gaps = 0;
  for (const stream of ['ledger', 'audit'] as const satisfies readonly Stream[]) {
    for (let round = 0; ledger.outbox.unacknowledged(stream) > 0; round++) {
      if (round > ROUNDS) return { gaps, fork: `no way on in ${stream}` };
      const { prevHash, records } = ledger.outbox.pending(BATCH_RECORDS, stream);
      const batch: BatchRequest = { incarnation: ledger.incarnation, prevHash, records: [...records] };
      const { kind, reply } = platform.take(batch, stream);
      if (kind === 'fork') return { gaps, fork: `${stream} at ${reply.head.seq}` };
      if (kind === 'gap') gaps++;
      const marked = ledger.outbox.acknowledge(reply.head, stream);
      if (!marked.ok) return { gaps, fork: marked.problem.detail ?? marked.problem.code };
    }
  }
  return { gaps, fork: undefined };
}
