/** What a maintainer reads about a module: link, line, what it says of itself, and that it keeps nobody. */
import type { Clock } from '../../contract/clock.ts';
import type { SelfTestLine } from '../../contract/driver.ts';
import { done, type Outcome } from '../../contract/outcome.schema.ts';
import type { ByteLink } from '../link/byte-link.ts';
import type { Exchange, Turn } from '../link/exchange.ts';
import { greet } from './greet.ts';
import type { ModuleSession } from './module-session.ts';
import { wipeBuffers } from './wipe.ts';
import { numberAt } from './zfm-instructions.codec.ts';
import { CODES, type ZfmLine } from './zfm-line.ts';
import type { ZfmEvent } from './zfm-packet.codec.ts';
import type { Answer } from './zfm-talk.ts';

export interface TestedModule {
  readonly exchange: Exchange<ZfmEvent>;
  readonly link: ByteLink;
  readonly clock: Clock;
  readonly line: ZfmLine;
  readonly session: (turn: Turn<ZfmEvent>) => ModuleSession;
}

const STEP_LIMIT_MS = 20_000;

export async function* testModule(module: TestedModule): AsyncIterable<SelfTestLine> {
  const { link, line } = module;
  const isOpen = link.state === 'open';
  yield { step: 'link', result: isOpen ? 'pass' : 'fail', detail: `${link.address} ${link.state}` };
  if (!isOpen) return;
  yield lineFrom('module', await ask(module, ({ talk }) => greet(talk)), () => describe(line));
  yield lineFrom('library', await ask(module, countTemplates), (count) => count);
  yield lineFrom('wipe', await ask(module, wipeBuffers), (proof) => `both buffers overwritten, ${proof}`);
  const { damaged, garbage, foreign, contradictions } = line.counts;
  const isClean = damaged + garbage + foreign + contradictions === 0;
  const detail = `${damaged} damaged packets, ${garbage} times noise, ${foreign} of another address, ${contradictions} contradictions`;
  yield { step: 'line', result: isClean ? 'pass' : 'fail', detail };
}

function ask<Value>(
  { exchange, clock, session }: TestedModule,
  step: (session: ModuleSession) => Promise<Answer<Value>>,
): Promise<Outcome<Value>> {
  const limits = { deadline: clock.now() + STEP_LIMIT_MS, signal: new AbortController().signal };
  return exchange.run(limits, async (turn) => {
    const answer = await step(session(turn));
    return answer.ok ? done(answer.value, { method: 'zfm', value: '' }) : answer.outcome;
  });
}

function lineFrom<Value>(step: string, outcome: Outcome<Value>, detail: (value: Value) => string): SelfTestLine {
  if (outcome.kind === 'done') return { step, result: 'pass', detail: detail(outcome.reply) };
  const { code, detail: why } = outcome.problem;
  return { step, result: 'fail', detail: why ? `${code}: ${why}` : code };
}

function describe({ parameters, sync }: ZfmLine): string {
  if (!parameters) return `a clone that does not tell its parameters (answers told apart by ${sync})`;
  const { capacity, security, packetBytes, baud } = parameters;
  return `capacity ${capacity}, security ${security}, ${packetBytes}-byte packets, ${baud} baud`;
}

/** The kiosk stores nobody in the module; what is there is somebody else's. */
async function countTemplates({ talk }: ModuleSession): Promise<Answer<string>> {
  const counted = await talk.ask('TemplateNum', 'any');
  if (!counted.ok) return counted;
  const { code, answer } = counted.value;
  if (code !== CODES.success) return { ok: true, value: 'the module does not count its templates' };
  return { ok: true, value: `${numberAt(answer, 0, 2)} templates stored in the module; the kiosk stores none there` };
}
