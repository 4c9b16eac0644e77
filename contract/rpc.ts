/**
 * The one RPC helper for every process boundary: a table of methods and events, schemas checked in both directions, a
 * deadline on every call, and every pending call settled when the peer goes. Errors are problems, never exceptions.
 */
import Type, { type Static, type TSchema } from 'typebox';
import { parse } from './check.ts';
import type { Clock, TimerHandle } from './clock.ts';
import { Problem, fail, ok, problem, type Result } from './outcome.schema.ts';

/** Carries plain data both ways: a MessagePort, a child process channel, a WebSocket. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when no message can come any more. */
  onClose(listener: () => void): void;
  close(): void;
}

export interface RpcContract {
  readonly methods: Readonly<Record<string, { readonly input: TSchema; readonly output: TSchema }>>;
  readonly events: Readonly<Record<string, TSchema>>;
}

export type RpcHandlers<C extends RpcContract> = {
  readonly [M in keyof C['methods']]: (
    input: Static<C['methods'][M]['input']>,
  ) => Promise<Result<Static<C['methods'][M]['output']>>> | Result<Static<C['methods'][M]['output']>>;
};

export interface RpcServer<C extends RpcContract> {
  emit<E extends keyof C['events'] & string>(event: E, payload: Static<C['events'][E]>): void;
}

export interface RpcClient<C extends RpcContract> {
  /** Never rejects. `kiosk.deadline` when no answer came, `kiosk.peerGone` when none can come. */
  call<M extends keyof C['methods'] & string>(
    method: M,
    input: Static<C['methods'][M]['input']>,
    deadlineMs?: number,
  ): Promise<Result<Static<C['methods'][M]['output']>>>;
  on<E extends keyof C['events'] & string>(event: E, listener: (payload: Static<C['events'][E]>) => void): () => void;
  onGone(listener: () => void): void;
}

const Call = Type.Object(
  { call: Type.Integer({ minimum: 1 }), method: Type.String({ maxLength: 64 }), input: Type.Unknown() },
  { additionalProperties: false },
);
const Answer = Type.Union([
  Type.Object({ answer: Type.Integer({ minimum: 1 }), value: Type.Unknown() }, { additionalProperties: false }),
  Type.Object({ answer: Type.Integer({ minimum: 1 }), problem: Problem }, { additionalProperties: false }),
]);
const Event = Type.Object(
  { event: Type.String({ maxLength: 64 }), payload: Type.Unknown() },
  { additionalProperties: false },
);

/** Answers the peer's calls. A message that is not a call of the contract is answered with a problem or dropped. */
export function serve<C extends RpcContract>(port: Port, contract: C, handlers: RpcHandlers<C>): RpcServer<C> {
  port.onMessage((message) => void answer(message));
  async function answer(message: unknown): Promise<void> {
    const call = parse(Call, message);
    if (!call.ok) return;
    const reply = await run(contract, handlers, call.value.method, call.value.input);
    port.post(
      reply.ok ? { answer: call.value.call, value: reply.value } : { answer: call.value.call, problem: reply.problem },
    );
  }
  return {
    emit(event, payload) {
      port.post({ event, payload });
    },
  };
}

async function run<C extends RpcContract>(
  contract: C,
  handlers: RpcHandlers<C>,
  method: string,
  rawInput: unknown,
): Promise<Result<unknown>> {
  if (!Object.hasOwn(contract.methods, method)) return fail('kiosk.badMessage', 'unknown method');
  const schemas = contract.methods[method] as { input: TSchema; output: TSchema };
  const input = parse(schemas.input, rawInput);
  if (!input.ok) return input;
  const handler = handlers[method as keyof C['methods']] as (
    input: unknown,
  ) => Promise<Result<unknown>> | Result<unknown>;
  const result = await handler(input.value);
  if (!result.ok) return result;
  return parse(schemas.output, result.value);
}

/** Calls the peer. All pending calls settle with `kiosk.peerGone` when the port closes. */
export function connect<C extends RpcContract>(
  port: Port,
  contract: C,
  clock: Clock,
  defaultDeadlineMs = 5_000,
): RpcClient<C> {
  const pending = new Map<
    number,
    { settle: (result: Result<never>) => void; accept: (value: unknown) => void; timer: TimerHandle }
  >();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const goneListeners = new Set<() => void>();
  let lastCall = 0;
  let gone = false;

  port.onMessage((message) => {
    const answer = parse(Answer, message);
    if (answer.ok) return settle(answer.value);
    const event = parse(Event, message);
    if (event.ok) deliver(event.value.event, event.value.payload);
  });
  port.onClose(() => {
    gone = true;
    for (const { settle: end } of [...pending.values()]) end(fail('kiosk.peerGone'));
    for (const listener of goneListeners) listener();
  });

  function settle(answer: Static<typeof Answer>): void {
    const entry = pending.get(answer.answer);
    if (!entry) return; // late answer: its call has met its deadline
    if ('problem' in answer) entry.settle({ ok: false, problem: answer.problem as Problem });
    else entry.accept(answer.value);
  }

  function deliver(event: string, rawPayload: unknown): void {
    if (!Object.hasOwn(contract.events, event)) return;
    const payload = parse(contract.events[event] as TSchema, rawPayload);
    if (payload.ok) for (const listener of listeners.get(event) ?? []) listener(payload.value as never);
  }

  return {
    call(method, input, deadlineMs = defaultDeadlineMs) {
      if (gone) return Promise.resolve(fail('kiosk.peerGone', method));
      const output = (contract.methods[method] as { output: TSchema }).output;
      const number = ++lastCall;
      return new Promise((resolve) => {
        function end(result: Result<never>): void {
          const entry = pending.get(number);
          if (!entry) return;
          pending.delete(number);
          clock.cancel(entry.timer);
          resolve(result);
        }
        const timer = clock.after(deadlineMs, () => end({ ok: false, problem: problem('kiosk.deadline', method) }));
        pending.set(number, { settle: end, accept: (value) => end(parse(output, value) as Result<never>), timer });
        port.post({ call: number, method, input });
      });
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener as (payload: never) => void);
      return () => set.delete(listener as (payload: never) => void);
    },
    onGone(listener) {
      if (gone) listener();
      else goneListeners.add(listener);
    },
  };
}

/** For methods that answer nothing. */
export const Nothing = Type.Object({}, { additionalProperties: false });
export const NOTHING = ok({});
