/** What a maintainer reads when the reader tests itself. No card is needed, and nothing personal is shown. */
import type { Clock } from '../../contract/clock.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import { done, failed, type Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import type { Exchange } from '../link/exchange.ts';
import type { IdCardModel } from './id-card-models.ts';
import type { Said, SamConversation } from './sam-conversation.ts';
import type { SamEvent } from './sam-frame.codec.ts';
import { SAM_ID, STATUS, type Question } from './sam-questions.ts';
import { SAM_STATUS } from './sam-tables.ts';

export interface Tested {
  readonly exchange: Exchange<SamEvent>;
  readonly conversation: SamConversation;
  readonly model: IdCardModel;
  readonly link: ByteLink;
  readonly clock: Clock;
}

const STEP_LIMIT_MS = 5_000;

export async function* testIdCardReader(tested: Tested): AsyncIterable<SelfTestLine> {
  const { conversation, model, link } = tested;
  const isOpen = link.state === 'open';
  yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${link.address} ${link.state}` };
  yield lineOf('security module', await ask(tested, STATUS), () => '90, in order');
  yield lineOf('module identity', await ask(tested, SAM_ID), (samId) => samId);
  const { noiseBytes, damagedFrames } = conversation.decoder;
  yield {
    step: 'line',
    result: noiseBytes + damagedFrames === 0 ? 'pass' : 'fail',
    detail: `${damagedFrames} damaged frames, ${noiseBytes} bytes of noise`,
  };
  const { liftAgain, readPauseMs } = model;
  const unsure = [liftAgain, readPauseMs].some(
    ({ confidence }) => confidence === 'oneSource' || confidence === 'assumed',
  );
  yield {
    step: 'model',
    result: unsure ? 'skip' : 'pass',
    detail: `a card ${liftAgain.value ? 'must be lifted' : 'need not be lifted'} before it is read again (${liftAgain.confidence}), pause of ${readPauseMs.value} ms in a reading (${readPauseMs.confidence})`,
  };
  yield { step: 'reading a card', result: 'skip', detail: 'lay a test card on the reader in a service to see it read' };
}

async function ask<Value>(tested: Tested, question: Question<Value>): Promise<Outcome<Said<Value>>> {
  const { exchange, conversation, clock } = tested;
  const limits = { deadline: clock.now() + STEP_LIMIT_MS, signal: new AbortController().signal };
  return exchange.run(limits, async (turn) => {
    const said = await conversation.ask(turn, question);
    if (said.kind === 'deadline' || said.kind === 'cancelled' || said.kind === 'lost') {
      return failed('device.absent', 'none', said.kind);
    }
    return done(said, { method: 'sam.answer', value: said.kind });
  });
}

function lineOf<Value>(step: string, outcome: Outcome<Said<Value>>, detailOf: (value: Value) => string): SelfTestLine {
  if (outcome.kind !== 'done') {
    return { step, result: 'fail', detail: outcome.problem.detail ?? outcome.problem.code };
  }
  const said = outcome.reply;
  if (said.kind === 'got') return { step, result: 'pass', detail: detailOf(said.value) };
  if (said.kind !== 'code')
    return { step, result: 'fail', detail: said.kind === 'silent' ? 'no answer' : 'damaged answers' };
  const code = said.code.toString(16).toUpperCase().padStart(2, '0');
  return { step, result: 'fail', detail: `${code}, ${SAM_STATUS.get(said.code)?.name ?? 'unknown'}` };
}
