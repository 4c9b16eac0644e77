/** The wire between a terminal and a platform of tests: loses what is sent, loses the answer, says things twice. */
import { fail, ok, problem, type Result } from '../../../contract/outcome.schema.ts';
import type { BatchRequest, Head } from '../../../contract/platform-api.schema.ts';
import type { Stream } from '../../../contract/terminal-event.schema.ts';
import type { BatchAnswer } from '../../../engine/sync/platform-client.ts';
import type { Taken } from './reference-platform.ts';

export interface LineFaults {
  /** Batches that never arrive, and batches whose answer never comes back; counted down. */
  requestsLost: number;
  repliesLost: number;
  /** Every batch arrives twice. */
  doubled: boolean;
  /** How often the platform asks to be left alone. */
  busy: number;
}

export const NO_LINE_FAULTS: LineFaults = { requestsLost: 0, repliesLost: 0, doubled: false, busy: 0 };

export interface Line {
  sendBatch(request: BatchRequest, stream?: Stream): Promise<Result<BatchAnswer>>;
}

export interface LineOptions {
  readonly take: (request: BatchRequest, stream: Stream | undefined) => Taken;
  readonly faults: LineFaults;
  /** Called when the batch has arrived, and when the answer has. */
  readonly probe?: (point: 'line.sent' | 'line.answered') => void;
  /** The terminal hears that everything up to the head is kept. */
  readonly onHeard?: (request: BatchRequest, head: Head, stream: Stream) => void;
}

export function createLine({ take, faults, probe, onHeard }: LineOptions): Line {
  const uses = (fault: 'requestsLost' | 'repliesLost' | 'busy'): boolean => {
    if (faults[fault] <= 0) return false;
    faults[fault]--;
    return true;
  };
  return {
    async sendBatch(request, stream = 'ledger') {
      if (uses('busy')) return ok({ kind: 'later', afterMs: 5_000 });
      if (uses('requestsLost')) return fail('platform.offline', 'lost on the way');
      // what is sent is data on a wire: nobody changes it afterwards
      const sent = structuredClone(request);
      if (faults.doubled) take(sent, stream);
      const taken = take(sent, stream);
      probe?.('line.sent');
      await Promise.resolve();
      if (uses('repliesLost')) return fail('platform.offline', 'answer lost');
      probe?.('line.answered');
      if (taken.kind === 'broken') return ok({ kind: 'refused', problem: problem('platform.refused', 'broken chain') });
      if (taken.kind !== 'stored') return ok({ kind: 'standsElsewhere', reply: taken.reply });
      onHeard?.(request, taken.reply.head, stream);
      return ok({ kind: 'stored', reply: taken.reply });
    },
  };
}
