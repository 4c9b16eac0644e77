/** Takes back, or throws out in front, a slip nobody took (device-protocols 4.9). */
import type { ReceiptPrinterReply } from '../../contract/devices/receipt-printer.schema.ts';
import { done, failed, unknown, type Outcome } from '../../contract/outcome.schema.ts';
import type { Turn } from '../link/exchange.ts';
import { leftOpen, type Interruption, type Wait } from '../link/scope.ts';
import { bytesOf } from './bytes.ts';
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
  const before = await lookTwice(turn, poll);
  if (before.kind !== 'got') return unanswered(before.kind);
  onCondition(before.value);
  const { slip } = before.value;
  if (slip === 'unknown' && model.emptyMouth.length > 0) return withoutSensor(turn, model);
  if (slip !== 'waiting') return done({ kind: 'retract', retracted: false }, { method: 'printer.mouth', value: slip });
  for (const command of model.emptyMouth) {
    if (!turn.send(bytesOf(command))) return leftOpen('lost');
    const end = await untilEmpty(turn, poll, onCondition);
    if (end === 'empty') {
      return done({ kind: 'retract', retracted: true }, { method: 'printer.mouth', value: `empty after ${command}` });
    }
    if (end !== 'full') return leftOpen(end);
  }
  return failed('printer.jammed', 'partial', 'the slip stays in the mouth');
}

/** The first answer may be one that was still on its way: a status lags one request behind (4.10). */
async function lookTwice(turn: Turn<PrinterEvent>, poll: PrinterPoll): Promise<Wait<PrinterCondition>> {
  const first = await poll.condition(turn);
  if (first.kind !== 'got') return first;
  if (!(await turn.scope.pause(LOOK_EVERY_MS))) return { kind: turn.scope.interruption ?? 'cancelled' };
  return poll.condition(turn);
}

async function untilEmpty(
  turn: Turn<PrinterEvent>,
  poll: PrinterPoll,
  onCondition: (condition: PrinterCondition) => void,
): Promise<'empty' | 'full' | Interruption> {
  for (let look = 0; look < LOOKS; look += 1) {
    await turn.scope.pause(LOOK_EVERY_MS);
    const now = await poll.condition(turn);
    if (now.kind !== 'got' && now.kind !== 'timeout') return now.kind;
    if (now.kind === 'timeout') continue;
    onCondition(now.value);
    if (now.value.slip === 'none') return 'empty';
  }
  return 'full';
}

/** Told to take back whatever is there; nobody can say whether something was. */
function withoutSensor(turn: Turn<PrinterEvent>, model: PrinterModel): Outcome<ReceiptPrinterReply> {
  const [command = ''] = model.emptyMouth;
  if (!turn.send(bytesOf(command))) return unanswered('lost');
  return unknown('device.notFitted', 'told to take the slip back; no sensor says whether one was there');
}
