/** Answers owed to an earlier job must not be taken for ours: drop what it has buffered, then let the pipe run dry. */
import type { Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import type { Interruption } from '../link/scope.ts';
import { bytesOf } from './bytes.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';
import type { PrintEvidence } from './print-evidence.ts';
import type { PrinterModel } from './printer-models.ts';
import type { PrinterPoll } from './printer-poll.ts';
import { COUNT_REQUEST, DRAIN_REQUEST } from './printer-requests.ts';
import { unanswered } from './unanswered.ts';

export interface Pipe {
  readonly turn: Turn<PrinterEvent>;
  readonly model: PrinterModel;
  readonly poll: PrinterPoll;
  readonly evidence: PrintEvidence;
}

/** A drained printer answers at once; this also covers one that is still finishing a line. */
const PIPE_EMPTY_MS = 2_000;
/** Quiet after the last stale answer. */
const PIPE_QUIET_MS = 300;
const COUNT_LOOKS = 8;
/** A slip cut off in the middle of a command (a lost link) leaves the parser waiting for data; NUL prints nothing. */
const PARSER_FLUSH = new Uint8Array(2_048);

/** Undefined when the pipe is empty; a failure without effect when that cannot be had. */
export async function emptyPipe(pipe: Pipe): Promise<Outcome<never> | undefined> {
  const { turn, model, evidence } = pipe;
  if (!evidence.isOwed && !evidence.isPipeDirty) return undefined;
  turn.send(PARSER_FLUSH);
  turn.send(bytesOf(model.clearBuffers));
  const problem = await settleIn(pipe);
  if (problem) return unanswered(problem);
  if (turn.scope.interruption) return unanswered(turn.scope.interruption);
  evidence.pipeIsEmpty();
  return undefined;
}

async function settleIn(pipe: Pipe): Promise<Interruption | 'timeout' | undefined> {
  switch (pipe.model.evidence) {
    case 'processId':
      // ids tell old answers from ours
      await pipe.turn.scope.pause(PIPE_QUIET_MS);
      return undefined;
    case 'drained':
      return untilDrained(pipe.turn);
    case 'counter':
      return untilCounted(pipe);
  }
}

async function untilDrained(turn: Turn<PrinterEvent>): Promise<Interruption | 'timeout' | undefined> {
  const first = await turn.ask(DRAIN_REQUEST, isDrained, PIPE_EMPTY_MS);
  if (first.kind !== 'got') return first.kind;
  for (let more = await turn.next(isDrained, PIPE_QUIET_MS); more.kind === 'got';) {
    more = await turn.next(isDrained, PIPE_QUIET_MS);
  }
  return undefined;
}

/** A tick of our own behind whatever is left, and the counter then standing still. */
async function untilCounted({ turn, poll, evidence }: Pipe): Promise<Interruption | 'timeout' | undefined> {
  const before = evidence.count;
  turn.send(COUNT_REQUEST);
  let last = before;
  for (let look = 0; look < COUNT_LOOKS; look += 1) {
    if (!(await turn.scope.pause(PIPE_QUIET_MS))) return turn.scope.interruption;
    const wait = await poll.condition(turn);
    if (wait.kind !== 'got') return wait.kind;
    if (evidence.count !== before && evidence.count === last) return undefined;
    last = evidence.count;
  }
  return 'timeout';
}

function isDrained(event: PrinterEvent): true | undefined {
  return event.kind === 'drained' ? true : undefined;
}
