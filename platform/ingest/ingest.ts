/** The way of a batch: whole in itself, then into a group, then answered. One of it for each node. */
import type { Clock } from '../../contract/clock.ts';
import type { BatchReply, BatchRequest, Head } from '../../contract/platform-api.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import type { PlatformDatabase } from '../database/tables.ts';
import { checkChain } from './chain.ts';
import { createGroupCommit } from './group-commit.ts';
import type { IngestAnswer } from './ingest.types.ts';
import { createPacer, type Pacer } from './pacing.ts';

/** What a checkpoint is signed over, but for the time. */
export interface CheckpointHead extends Head {
  readonly terminal: string;
  readonly incarnation: string;
  readonly stream: Stream;
}

export interface IngestOptions {
  readonly database: PlatformDatabase;
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
  /** Rejects when the database cannot store it now. */
  take(terminal: string, stream: Stream, batch: BatchRequest): Promise<IngestAnswer>;
  /** A batch was let in and is being read; call what is returned when it was taken, or never will be. */
  expect(): () => void;
}

export function createIngest(options: IngestOptions): Ingest {
  const { database, clock } = options;
  const pacer = createPacer({ now: () => clock.now() });
  const groups = createGroupCommit(database, { lanes: options.lanes ?? 1, clock, onStored: pacer.stored });
  return {
    pacer,
    expect: groups.expect,
    async take(terminal, stream, batch) {
      const fault = findUnstorable(batch);
      if (fault !== undefined) return { kind: 'broken', detail: fault };
      const chain = checkChain(batch);
      if (!chain.ok) return { kind: 'broken', detail: chain.detail };
      const receivedMs = clock.wallMs();
      if (batch.clock) options.onClock?.(terminal, receivedMs - batch.clock.wallMs);
      const { kind, head, parked } = await groups.take({ terminal, stream, batch, texts: chain.texts, receivedMs });
      const nowMs = clock.wallMs();
      if (kind !== 'accepted') return { kind, reply: { head, parked, nowMs, refused: kind } };
      if (batch.records.some(({ event }) => event.type === 'TicketIssued')) options.onTicket?.();
      const next = pacer.next(terminal, batch.records.length);
      const signed = await options.signCheckpoint?.(
        { terminal, incarnation: batch.incarnation, stream, ...head },
        nowMs,
      );
      const extras = { ...(signed && { checkpoint: signed }), ...(next && { next }) };
      return { kind, reply: { head, parked, nowMs, ...extras } };
    },
  };
}

/** Names of databases are keys of tables: they hold no character that a text column cannot give back as it was. */
function findUnstorable({ incarnation, predecessor }: BatchRequest): string | undefined {
  const isBad = [incarnation, predecessor?.incarnation ?? ''].some(
    (name) => name.includes('\u0000') || !name.isWellFormed(),
  );
  return isBad ? 'the incarnation holds a character that cannot be stored' : undefined;
}
