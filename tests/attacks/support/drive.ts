/** Sends prepared requests over kept connections, each connection one after the other, and measures what comes back. */
import { LeanConnection } from './lean-http.ts';

export interface Driven {
  /** Of the answers, ms, in no order. */
  readonly latenciesMs: readonly number[];
  /** How many answers of each status; 0: the line broke. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly seconds: number;
}

export interface DriveOptions {
  readonly port: number;
  /** For each connection what it sends, in order. A list that is used up ends its connection. */
  readonly lists: readonly (readonly Uint8Array[])[];
  /** No request is begun later than this. */
  readonly limitMs: number;
}

export async function drive({ port, lists, limitMs }: DriveOptions): Promise<Driven> {
  const latenciesMs: number[] = [];
  const statuses = new Map<number, number>();
  const note = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const began = performance.now();

  async function run(list: readonly Uint8Array[]): Promise<void> {
    const line = new LeanConnection(port);
    try {
      for (const request of list) {
        const sent = performance.now();
        if (sent - began > limitMs) break;
        const { status } = await line.send(request);
        latenciesMs.push(performance.now() - sent);
        note(status);
      }
    } catch {
      note(0);
    }
    line.close();
  }

  await Promise.all(lists.map(run));
  return { latenciesMs, statuses, seconds: (performance.now() - began) / 1_000 };
}

export function answered({ statuses }: Driven, status = 200): number {
  return statuses.get(status) ?? 0;
}
