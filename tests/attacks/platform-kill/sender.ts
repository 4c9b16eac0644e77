/**
 * A terminal that never gives up: it makes records, sends them, and sends again whatever was not acknowledged, whole or cut
 * anew, however often the other end dies under it. It believes an acknowledgement only by its own hash.
 */
import { pause } from '../../../contract/clock.ts';
import { systemClock } from '../../../contract/clock.system.ts';
import type { BatchReply } from '../../../contract/platform-api.schema.ts';
import type { Draw } from '../support/draw.ts';
import { LeanConnection } from '../support/lean-http.ts';
import type { SendingTerminal } from '../support/sending-terminal.ts';

const AGAIN_MS = 100;
const MOST_RECORDS = 20;

export interface SenderCounts {
  acknowledgements: number;
  acknowledgedRecords: number;
  /** Sent and never answered: the line broke. */
  unanswered: number;
  /** 503: the platform said that it could not now. */
  unavailable: number;
}

export interface Sender {
  readonly terminal: SendingTerminal;
  readonly counts: SenderCounts;
  /** Answers that break a promise. */
  readonly violations: readonly string[];
  /** Sends until everything it has made is acknowledged, and makes no more. */
  drain(): Promise<void>;
}

/** Begins at once. */
export function startSender(terminal: SendingTerminal, port: number, draw: Draw): Sender {
  const counts: SenderCounts = { acknowledgements: 0, acknowledgedRecords: 0, unanswered: 0, unavailable: 0 };
  const violations: string[] = [];
  let line: LeanConnection | undefined;
  let isDraining = false;
  let hasGivenUp = false;

  async function run(): Promise<void> {
    while (!hasGivenUp) {
      if (!isDraining) while (terminal.records.length < terminal.acknowledged.seq + MOST_RECORDS) terminal.serve(draw);
      if (terminal.acknowledged.seq === terminal.records.length) break;
      if (!(await sendOnce())) await pause(systemClock, AGAIN_MS);
    }
    line?.close();
  }

  async function sendOnce(): Promise<boolean> {
    const from = terminal.acknowledged.seq + 1;
    const to = Math.min(terminal.records.length, from + draw.below(MOST_RECORDS));
    const request = await terminal.request(JSON.stringify(terminal.batch(from, to)));
    if (!line?.isOpen) line = new LeanConnection(port);
    try {
      const answer = await line.send(request);
      return judge(answer.status, answer.body, to);
    } catch {
      // the platform died with it, before or after its commit: exactly what is tried here
      counts.unanswered += 1;
      return false;
    }
  }

  function judge(status: number, body: string, sentTo: number): boolean {
    if (status === 503) {
      counts.unavailable += 1;
      return false;
    }
    const { head, refused } = JSON.parse(body) as BatchReply;
    if (status !== 200) {
      violations.push(
        `${terminal.id}: answered ${status} ${refused ?? ''} at ${terminal.acknowledged.seq}: ${body.slice(0, 200)}`,
      );
      hasGivenUp = true;
      return false;
    }
    const own = terminal.records[head.seq - 1]?.hash;
    if (head.seq < sentTo || own !== head.hash)
      violations.push(`${terminal.id}: head ${head.seq} is not what was sent up to ${sentTo}`);
    counts.acknowledgements += 1;
    counts.acknowledgedRecords += head.seq - terminal.acknowledged.seq;
    terminal.acknowledged = head;
    return true;
  }

  const running = run();
  return {
    terminal,
    counts,
    violations,
    drain() {
      isDraining = true;
      return running;
    },
  };
}
