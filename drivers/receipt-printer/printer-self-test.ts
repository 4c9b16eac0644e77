/** What a maintainer reads while a printer is tested. Prints nothing: paper is the station's. */
import type { Clock } from '../../contract/clock.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import { done } from '../../contract/outcome.schema.ts';
import { PROBLEMS } from '../../contract/problem.catalogue.ts';
import type { ByteLink } from '../link/byte-link.ts';
import type { Exchange, Turn } from '../link/exchange.ts';
import type { PrinterEvent } from './escpos-status.codec.ts';
import { problemOf, statusOf } from './printer-condition.ts';
import type { PrinterModel } from './printer-models.ts';
import type { PrinterPoll } from './printer-poll.ts';
import { MODEL_NAME_REQUEST } from './printer-requests.ts';

const STEP_LIMIT_MS = 8_000;
const NAME_MS = 1_000;

export async function* testPrinter(
  exchange: Exchange<PrinterEvent>,
  model: PrinterModel,
  link: ByteLink,
  poll: PrinterPoll,
  clock: Clock,
): AsyncGenerator<SelfTestLine> {
  const isOpen = link.state === 'open';
  yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${link.address} ${link.state}` };
  if (!isOpen) return;
  const steps = [answers, ...(model.language === 'escpos' ? [name] : []), ...(model.hasPaperCounter ? [counter] : [])];
  for (const step of steps) {
    let line: SelfTestLine = { step: 'conversation', result: 'fail', detail: 'another command is running' };
    const limits = { deadline: clock.now() + STEP_LIMIT_MS, signal: new AbortController().signal };
    // what the step saw is in `line`; an interrupted one keeps the words above
    void (await exchange.run(limits, async (turn) => {
      line = await step(turn, poll);
      return done({}, { method: 'none', value: '' });
    }));
    yield line;
  }
}

async function answers(turn: Turn<PrinterEvent>, poll: PrinterPoll): Promise<SelfTestLine> {
  const wait = await poll.condition(turn);
  if (wait.kind !== 'got') return { step: 'status', result: 'fail', detail: 'no answer to the status request' };
  const why = problemOf(wait.value);
  const { paper, media } = statusOf(wait.value);
  const detail = why
    ? `${PROBLEMS[why.code].number} ${PROBLEMS[why.code].maintainer}`
    : `paper ${paper}, mouth ${media}`;
  return { step: 'status', result: why ? 'fail' : 'pass', detail };
}

async function name(turn: Turn<PrinterEvent>): Promise<SelfTestLine> {
  const isName = (event: PrinterEvent): string | undefined =>
    event.kind === 'block' && event.head === 0x5f ? event.text : undefined;
  const wait = await turn.ask(MODEL_NAME_REQUEST, isName, NAME_MS);
  if (wait.kind !== 'got') return { step: 'model', result: 'skip', detail: 'the printer does not name its model' };
  return { step: 'model', result: 'pass', detail: wait.value.slice(0, 60) };
}

async function counter(turn: Turn<PrinterEvent>, poll: PrinterPoll): Promise<SelfTestLine> {
  const wait = await poll.paperLength(turn);
  if (wait.kind !== 'got')
    return { step: 'paper counter', result: 'fail', detail: 'no answer: prints cannot be settled' };
  return { step: 'paper counter', result: 'pass', detail: `${wait.value} cm left` };
}
