/** Takes the platform's receipt back from the courier. A receipt only moves forward: an old one, or one again, changes nothing. */
import { parse } from '../../contract/check.ts';
import { CourierReceipt, ReceiptContent, receiptText } from '../../contract/courier.schema.ts';
import { fail, ok, type Result } from '../../contract/outcome.schema.ts';
import type { Stream } from '../../contract/terminal-event.schema.ts';
import { isCheckpointGood } from '../trust/checkpoint.ts';
import type { TerminalIdentity } from '../trust/terminal-identity.ts';
import type { CarriedLedger } from './export-bundle.ts';

export interface Confirmed {
  /** Records that the platform has now and that were not known to be there. */
  readonly records: number;
  /** Where the platform could not go on; the line, or the next bundle, begins there. */
  readonly stopped: readonly { readonly stream: Stream; readonly why: string }[];
}

/**
 * `courier.refused` (detail: why) for a file that is damaged, another terminal's or another platform's; `platform.fork` when
 * the platform's history is not ours.
 */
export function confirmReceipt(ledger: CarriedLedger, identity: TerminalIdentity, file: unknown): Result<Confirmed> {
  const content = readReceipt(identity, file);
  if (!content.ok) return content;
  let records = 0;
  for (const { stream, incarnation, head, checkpoint } of content.value.streams) {
    // What an earlier database of this terminal sent is that one's business.
    if (incarnation !== ledger.incarnation) continue;
    const { acknowledged } = ledger.outbox.head(stream);
    if (head.seq <= acknowledged.seq) continue;
    if (!isCheckpointGood(identity, stream, incarnation, { head, ...(checkpoint && { checkpoint }) }))
      return fail('courier.refused', `the checkpoint of ${stream} is not the platform’s`);
    const marked = ledger.outbox.acknowledge(head, stream);
    if (!marked.ok) return marked;
    records += head.seq - acknowledged.seq;
  }
  const stopped = content.value.streams.flatMap(({ stream, stopped: why }) => (why ? [{ stream, why }] : []));
  return ok({ records, stopped });
}

function readReceipt({ platform, provider, terminal }: TerminalIdentity, file: unknown): Result<ReceiptContent> {
  const receipt = parse(CourierReceipt, file, 'courier.refused');
  if (!receipt.ok) return fail('courier.refused', 'this is no receipt, or it is damaged');
  const { body, keyId, signature } = receipt.value;
  const { signing } = platform;
  const text = Buffer.from(receiptText(body), 'utf8');
  const isTheirs =
    keyId === signing.keyId && provider.verify(signing.publicKey, text, Buffer.from(signature, 'base64'));
  if (!isTheirs) return fail('courier.refused', 'it is not signed by the platform of this terminal, or it was changed');
  const content = parse(ReceiptContent, JSON.parse(body), 'courier.refused');
  if (!content.ok || content.value.terminal === terminal) return content;
  return fail('courier.refused', `it is for the terminal ${content.value.terminal}`);
}
