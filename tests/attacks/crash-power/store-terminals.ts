/** The terminals that send to a recorded store: who they are and what they write follows from the seed alone. */
import type { BatchRequest } from '../../../contract/platform-api.schema.ts';
import { Draw, seedOf } from '../support/draw.ts';
import { SendingTerminal } from '../support/sending-terminal.ts';

const TERMINALS = 6;

export interface StoreTerminal {
  readonly terminal: SendingTerminal;
  /** Records 1 to `seq`, or more: the same ones whenever they are asked for. */
  recordsUpTo(seq: number): BatchRequest['records'];
}

export async function storeTerminals(seed: number): Promise<readonly StoreTerminal[]> {
  const names = Array.from({ length: TERMINALS }, (_, index) => `power-${index + 1}`);
  const terminals = await Promise.all(names.map((name) => SendingTerminal.named(name)));
  return terminals.map((terminal, index) => {
    const draw = new Draw(seedOf(seed, index));
    return {
      terminal,
      recordsUpTo(seq) {
        terminal.serveUntil(seq, draw);
        return terminal.records;
      },
    };
  });
}
