/** Requests made and signed beforehand, so that the sender is not what is measured. */
import { systemChance, systemClock } from '../../../contract/clock.system.ts';
import { signedHeaders } from '../../support/test-identity.ts';
import type { Draw } from '../support/draw.ts';
import { postBytes } from '../support/lean-http.ts';
import type { SendingTerminal } from '../support/sending-terminal.ts';

/** For each of `lists` connections `length` requests; the terminals take turns, each with its own chain. */
export interface Prepared {
  readonly signed: readonly (readonly Uint8Array[])[];
  /** The same bodies without signatures, for a server that looks at none. */
  readonly plain: readonly (readonly Uint8Array[])[];
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Goes on where the terminals' chains end. `perBatch` records each. */
export async function prepareBatches(
  lists: readonly (readonly SendingTerminal[])[],
  length: number,
  perBatch: number,
  draw: Draw,
): Promise<Prepared> {
  return prepare(lists, length, (terminal) => {
    const from = terminal.records.length + 1;
    const to = from + perBatch - 1;
    terminal.serveUntil(to, draw);
    const body = JSON.stringify(terminal.batch(from, to));
    // what was made beyond it is given up: the next batch begins at its end
    terminal.records.length = to;
    return { path: 'streams/ledger/batches', body };
  });
}

const REPORT = { report: { backlog: 3, oldestMs: 41_000, clockErrorMs: 40, diskRung: 0, devicesDown: [] } };

export async function prepareHeartbeats(
  lists: readonly (readonly SendingTerminal[])[],
  length: number,
): Promise<Prepared> {
  return prepare(lists, length, () => ({ path: 'heartbeat', body: JSON.stringify(REPORT) }));
}

async function prepare(
  lists: readonly (readonly SendingTerminal[])[],
  length: number,
  make: (terminal: SendingTerminal) => { readonly path: string; readonly body: string },
): Promise<Prepared> {
  const signed: Uint8Array[][] = [];
  const plain: Uint8Array[][] = [];
  for (const terminals of lists) {
    const own: Uint8Array[] = [];
    const bare: Uint8Array[] = [];
    for (let index = 0; index < length; index += 1) {
      const terminal = terminals[index % terminals.length];
      if (!terminal) throw new Error('a connection has at least one terminal');
      const { path, body } = make(terminal);
      const address = `/v1/terminals/${terminal.id}/${path}`;
      const nowMs = systemClock.wallMs();
      const headers = await signedHeaders(
        terminal.keys.identity,
        { path: address, body },
        { nowMs, chance: systemChance },
      );
      own.push(postBytes(address, headers, body));
      bare.push(postBytes(address, JSON_HEADERS, body));
    }
    signed.push(own);
    plain.push(bare);
  }
  return { signed, plain };
}
