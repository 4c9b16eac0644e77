/**
 * The only way from a page to the engine. What a page says is parsed here, in the shell, before the engine sees any of
 * it: calls of `KIOSK_RPC` with a matching input pass, everything else is dropped with a problem, and a page that keeps
 * saying such things is closed. What the engine says is parsed on its way out as well.
 */
import Type from 'typebox';
import { parse } from '../contract/check.ts';
import type { Clock } from '../contract/clock.ts';
import { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import { ok, problem, type Problem } from '../contract/outcome.schema.ts';
import { serve, type Port } from '../contract/rpc.ts';
import type { View } from '../contract/view.schema.ts';
import type { EngineKeeper } from './engine-keeper.ts';
import { outOfServiceView } from './out-of-service.ts';

const CallNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const PageCall = Type.Union(
  Object.entries(KIOSK_RPC.methods).map(([method, { input }]) =>
    Type.Object({ call: CallNumber, method: Type.Literal(method), input }, { additionalProperties: false }),
  ),
);
const NumberedMessage = Type.Object({ call: CallNumber });

/** A page of ours never says anything wrong; an out-of-date one says one thing wrong. */
const MAX_STRIKES = 8;
const STRIKES_FORGOTTEN_MS = 60_000;
/** A screen asks for one thing at a time. */
const MAX_PENDING_CALLS = 32;

export interface PageRelayOptions {
  readonly keeper: EngineKeeper;
  readonly clock: Clock;
  readonly telephone: string;
  readonly report: (problem: Problem) => void;
}

/** Serves one page until its port closes. */
export function relayPage(page: Port, options: PageRelayOptions): void {
  const { keeper, telephone } = options;
  const server = serve(guarded(page, options), KIOSK_RPC, {
    view: async () => {
      if (keeper.state === 'outOfService' && keeper.lastView) return ok(outOfServiceView(keeper.lastView, telephone));
      return keeper.view();
    },
    send: (intent) => keeper.send(intent),
  });
  const stopViews = keeper.onView((view: View) => server.emit('view', view));
  const stopStates = keeper.onState((state) => {
    if (!keeper.lastView) return;
    if (state === 'outOfService') server.emit('view', outOfServiceView(keeper.lastView, telephone));
    if (state === 'up') server.emit('view', keeper.lastView);
  });
  page.onClose(() => {
    stopViews();
    stopStates();
  });
}

/** The page's port, from which only calls of the contract come. */
function guarded(page: Port, { clock, report }: PageRelayOptions): Port {
  let strikes: number[] = [];
  let pendingCalls = 0;

  function refuse(message: unknown, detail: string): void {
    const refusal = problem('kiosk.badMessage', detail);
    report(refusal);
    const numbered = parse(NumberedMessage, message);
    if (numbered.ok) page.post({ answer: numbered.value.call, problem: refusal });
    strikes = [...strikes.filter((instant) => clock.now() - instant < STRIKES_FORGOTTEN_MS), clock.now()];
    if (strikes.length >= MAX_STRIKES) page.close();
  }

  return {
    post(message) {
      if (isAnswer(message)) pendingCalls -= 1;
      page.post(message);
    },
    onMessage(listener) {
      page.onMessage((message) => {
        const call = parse(PageCall, message);
        if (!call.ok) return refuse(message, `page: ${call.problem.detail ?? ''}`);
        if (pendingCalls >= MAX_PENDING_CALLS) return refuse(message, 'page: too many calls at once');
        pendingCalls += 1;
        listener(call.value);
      });
    },
    onClose: (listener) => page.onClose(listener),
    close: () => page.close(),
  };
}

function isAnswer(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'answer' in message;
}
