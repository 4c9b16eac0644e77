/** What the platform's store had promised by each point of the log: the marks, read as the walk comes by. */
import type { LogRecord } from './recording-log.ts';
import { changesDisk } from './recording-log.ts';
import type { StoreMark } from './store-life.ts';
import { storeTerminals } from './store-terminals.ts';
import type { Promised } from './stored-chains.ts';

export interface StorePromises {
  /** By the time of a power cut after act `index` and before the next one; indexes only ever grow. */
  at(index: number): readonly Promised[];
  /** Whether something was acknowledged right before this act, or is right after it. */
  isNearAcknowledgement(index: number): boolean;
}

export async function storePromises(log: readonly LogRecord[], chains: number): Promise<StorePromises> {
  const marks = log.map(({ kind, data }) => (kind === 'mark' ? (JSON.parse(data.toString()) as StoreMark) : undefined));
  const terminals = await storeTerminals(chains);
  const promised = new Map(
    terminals.map(({ terminal, recordsUpTo }) => {
      const furthest = Math.max(
        0,
        ...marks.map((mark) => (mark?.call === 'given' ? (mark.upTo[terminal.id] ?? 0) : 0)),
      );
      const { id, incarnation } = terminal;
      return [id, { terminal: id, incarnation, records: recordsUpTo(furthest), acknowledged: 0, given: 0 }];
    }),
  );
  const hear = (mark: StoreMark): void => {
    const reached = mark.call === 'given' ? Object.entries(mark.upTo) : Object.entries(mark.heads).map(seqOf);
    const key = mark.call === 'given' ? 'given' : 'acknowledged';
    for (const [id, seq] of reached) {
      const one = promised.get(id);
      if (one) one[key] = Math.max(one[key], seq);
    }
  };
  const near = new Set<number>();
  for (const [index, mark] of marks.entries()) {
    if (mark?.call !== 'stored') continue;
    near.add(neighbour(log, index, -1)).add(neighbour(log, index, 1));
  }
  let heard = 0;
  return {
    at(index) {
      const end = neighbour(log, index, 1);
      for (; heard < end; heard++) {
        const mark = marks[heard];
        if (mark) hear(mark);
      }
      return [...promised.values()];
    },
    isNearAcknowledgement: (index) => near.has(index),
  };
}

/** The index of the act before or after this record. */
function neighbour(log: readonly LogRecord[], index: number, step: 1 | -1): number {
  for (let at = index + step; ; at += step) {
    const record = log[at];
    if (!record || changesDisk(record)) return at;
  }
}

function seqOf([id, { seq }]: [string, { readonly seq: number }]): [string, number] {
  return [id, seq];
}
