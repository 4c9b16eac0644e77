/**
 * When each terminal was last heard and what it said of itself. Kept in memory and written in groups: a heartbeat costs no
 * commit, and what is lost when a node dies is said again within a minute.
 */
import type { Clock } from '../contract/clock.ts';
import { putRows, type SetTable } from './database/row-sets.ts';
import type { PlatformDatabase } from './database/tables.ts';

const PRESENCES: SetTable<'presences'> = {
  name: 'presences',
  columns: {
    terminal_id: 'text',
    last_seen_ms: 'bigint',
    report: 'text',
    report_ms: 'bigint',
    clock_offset_ms: 'bigint',
  },
  key: ['terminal_id'],
  update: ['last_seen_ms', 'report', 'report_ms', 'clock_offset_ms'],
  // nodes write in any order, and not every word says everything
  merge: {
    last_seen_ms:
      'CASE WHEN excluded.last_seen_ms > presences.last_seen_ms THEN excluded.last_seen_ms ELSE presences.last_seen_ms END',
    report: 'coalesce(excluded.report, presences.report)',
    report_ms: 'coalesce(excluded.report_ms, presences.report_ms)',
    clock_offset_ms: 'coalesce(excluded.clock_offset_ms, presences.clock_offset_ms)',
  },
};
const WRITE_AFTER_MS = 1_000;

export interface Presences {
  /** `report`: JSON, when it was sent. */
  heard(terminal: string, report?: string): void;
  /** Platform time less the terminal's. */
  clockSeen(terminal: string, offsetMs: number): void;
  /** Writes what is in memory; who reads the table calls this first. Rejects when the database cannot now. */
  write(): Promise<void>;
  /** Writes no more by itself. */
  stop(): void;
}

interface Heard {
  lastSeenMs: number;
  report: string | null;
  reportMs: number | null;
  clockOffsetMs: number | null;
}

export function createPresences(database: PlatformDatabase, clock: Clock): Presences {
  let heard = new Map<string, Heard>();
  let timer: ReturnType<Clock['after']> | undefined;
  let isStopped = false;

  function entry(terminal: string): Heard {
    const nowMs = clock.wallMs();
    const known = heard.get(terminal);
    if (known) {
      known.lastSeenMs = nowMs;
      return known;
    }
    const made = { lastSeenMs: nowMs, report: null, reportMs: null, clockOffsetMs: null };
    heard.set(terminal, made);
    arm();
    return made;
  }

  function arm(): void {
    if (timer !== undefined || isStopped) return;
    timer = clock.after(WRITE_AFTER_MS, () => {
      timer = undefined;
      // what could not be written stays in memory, and is tried again
      write().catch(arm);
    });
  }

  async function write(): Promise<void> {
    if (heard.size === 0) return;
    const written = heard;
    heard = new Map();
    try {
      await database.transaction().execute((commit) => putRows(commit, PRESENCES, rowsOf(written)));
    } catch (error) {
      for (const [terminal, older] of written) {
        const newer = heard.get(terminal);
        heard.set(terminal, newer ? { ...older, ...withoutNull(newer) } : older);
      }
      throw error;
    }
  }

  return {
    heard(terminal, report) {
      const known = entry(terminal);
      if (report === undefined) return;
      known.report = report;
      known.reportMs = known.lastSeenMs;
    },
    clockSeen(terminal, offsetMs) {
      entry(terminal).clockOffsetMs = offsetMs;
    },
    write,
    stop() {
      isStopped = true;
      if (timer) clock.cancel(timer);
    },
  };
}

function withoutNull(heard: Heard): Partial<Heard> {
  return Object.fromEntries(Object.entries(heard).filter(([, value]) => value !== null));
}

/** In the order of the terminals, so that two nodes never wait for each other in a ring. */
function rowsOf(heard: ReadonlyMap<string, Heard>) {
  return [...heard]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([terminal_id, { lastSeenMs, report, reportMs, clockOffsetMs }]) => ({
      ...{ terminal_id, last_seen_ms: lastSeenMs, report, report_ms: reportMs, clock_offset_ms: clockOffsetMs },
    }));
}
