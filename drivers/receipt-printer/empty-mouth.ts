/** Takes back, or throws out in front, a slip nobody took (device-protocols 4.9). */
import type { ReceiptPrinterReply } from '../../contract/devices/receipt-printer.schema.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { leftOpen } from '../link/scope.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';
import type { PrinterCondition } from './printer-condition.ts';
import type { PrinterModel } from './printer-models.ts';
import type { PrinterPoll } from './printer-poll.ts';
import { unanswered } from './unanswered.ts';

/** The motor needs a second or two for a long slip. */
const LOOKS = 10;
const LOOK_EVERY_MS = 300;

export async function emptyMouth(
  turn: Turn<PrinterEvent>,
  model: PrinterModel,
  poll: PrinterPoll,
  onCondition: (condition: PrinterCondition) => void,
): Promise<Outcome<ReceiptPrinterReply>> {
  const before = await poll.condition(turn);
  if (before.kind !== 'got') return unanswered(before.kind);
  onCondition(before.value);
  if (before.value.slip !== 'waiting') {
    return done({ kind: 'retract', retracted: false }, { method: 'printer.mouth', value: before.value.slip });
  }
  for (const command of model.emptyMouth) {
    if (!turn.send(Buffer.from(command, 'hex'))) return leftOpen('lost');
    for (let look = 0; look < LOOKS; look += 1) {
      await turn.scope.pause(LOOK_EVERY_MS);
      const now = await poll.condition(turn);
      if (now.kind !== 'got' && now.kind !== 'timeout') return leftOpen(now.kind);
      if (now.kind === 'timeout') continue;
      onCondition(now.value);
      if (now.value.slip === 'none') {
        return done({ kind: 'retract', retracted: true }, { method: 'printer.mouth', value: `empty after ${command}` });
      }
    }
  }
  return failed('printer.jammed', 'partial', 'the slip stays in the mouth');
}
