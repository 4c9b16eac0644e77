/** The way of a batch: into a group, stored with it, then answered. One of it for each node. */
import type { Clock } from '../../contract/clock.ts';
import type { BatchReply, Head } from '../../contract/platform-api.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import { createGroupCommit } from './group-commit.ts';
import type { GroupStore, IngestAnswer } from './ingest.types.ts';
import { createPacer, type Pacer } from './pacing.ts';

/** What a checkpoint is signed over, but for the time. */
export interface CheckpointHead extends Head {
  readonly terminal: string;
  readonly incarnation: string;
  readonly stream: Stream;
}

export interface IngestOptions {
  readonly store: GroupStore;
  readonly clock: Clock;
  /** Groups under way at once. */
  readonly lanes?: number;
  /** The platform's word that a stream stands there. */
  readonly signCheckpoint?: (head: CheckpointHead, atMs: number) => Promise<NonNullable<BatchReply['checkpoint']>>;
  /** Told what each terminal's clock showed, platform time less the terminal's. */
  readonly onClock?: (terminal: string, offsetMs: number) => void;
  /** Told that somebody took a number. */
  readonly onTicket?: () => void;
}

export interface Ingest {
  readonly pacer: Pacer;
  /** `body`: JSON in UTF-8, not to be changed until this is answered. Rejects when the database cannot store it now. */
  take(terminal: string, stream: Stream, body: Uint8Array): Promise<IngestAnswer>;
  /** A batch was let in and is being read; call what is returned when it was taken, or never will be. */
  expect(): () => void;
}

export function createIngest(options: IngestOptions): Ingest {
  const { clock } = options;
  const pacer = createPacer({ now: () => clock.now() });
  const groups = createGroupCommit(options.store, { lanes: options.lanes ?? 1, clock, onStored: pacer.stored });
  return {
    pacer,
    expect: groups.expect,
    async take(terminal, stream, body) {
      const receivedMs = clock.wallMs();
      const outcome = await groups.take({ terminal, stream, body, receivedMs });
      if (!('head' in outcome)) return outcome;
      const { kind, head, parked, incarnation, records, terminalMs, hasTicket } = outcome;
      if (terminalMs !== undefined) options.onClock?.(terminal, receivedMs - terminalMs);
      const nowMs = clock.wallMs();
      if (kind !== 'accepted') return { kind, reply: { head, parked, nowMs, refused: kind } };
      if (hasTicket) options.onTicket?.();
      const next = pacer.next(terminal, records);
      const signed = await options.signCheckpoint?.({ terminal, incarnation, stream, ...head }, nowMs);
      const extras = { ...(signed && { checkpoint: signed }), ...(next && { next }) };
      return { kind, reply: { head, parked, nowMs, ...extras } };
    },
  };
}
