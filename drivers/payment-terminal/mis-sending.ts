/** Getting one frame across: sent, acknowledged, repeated only where a repeat cannot charge twice (device-protocols 5.1). */
import type { Turn } from '../link/exchange.ts';
import type { Interruption } from '../link/scope.ts';
import type { MisResponse } from './mis-messages.codec.ts';
import type { MisInput } from './mis-receiver.ts';

/** The terminal acknowledges a frame within this. */
const ACK_MS = 2_000;
/** Once, and three repeats. */
const SENDINGS = 4;

export type Sent =
  /** Acknowledged, or even answered already. */
  | { readonly kind: 'taken'; readonly early: MisResponse | undefined }
  /** NAK every time: the terminal has not got it. */
  | { readonly kind: 'refused' }
  /** The link was gone, and every sending before this one, if any, was refused. */
  | { readonly kind: 'unsent' }
  /** At least one sending met no answer at all. */
  | { readonly kind: 'silent' }
  | { readonly kind: Interruption };

/** Repeats the same bytes after NAK always, into silence only when `mayRepeat`. */
export async function sendFrame(turn: Turn<MisInput>, frame: Uint8Array, mayRepeat: boolean): Promise<Sent> {
  let wasEverSilent = false;
  for (let sending = 0; sending < SENDINGS; sending += 1) {
    turn.discard();
    if (!turn.send(frame)) return { kind: wasEverSilent ? 'silent' : 'unsent' };
    const wait = await turn.next(takenOrNot, ACK_MS);
    if (wait.kind === 'got' && wait.value.kind === 'taken') return wait.value;
    if (wait.kind !== 'got' && wait.kind !== 'timeout') return { kind: wait.kind };
    wasEverSilent ||= wait.kind === 'timeout';
    if (wasEverSilent && !mayRepeat) return { kind: 'silent' };
  }
  return { kind: wasEverSilent ? 'silent' : 'refused' };
}

function takenOrNot(input: MisInput): Extract<Sent, { kind: 'taken' }> | { readonly kind: 'nak' } | undefined {
  switch (input.kind) {
    case 'ack':
      return { kind: 'taken', early: undefined };
    case 'nak':
      return { kind: 'nak' };
    // A response says that the request was taken, whatever became of its ACK.
    case 'response':
      return { kind: 'taken', early: input.response };
  }
}
