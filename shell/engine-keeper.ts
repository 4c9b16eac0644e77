/**
 * Keeps one engine process running. Up means it has answered `view`; a process that answers no more is ended like one
 * that died. The next one starts only after the last has really gone, because the ledger allows one writer.
 */
import type { Clock, TimerHandle } from '../contract/clock.ts';
import type { Intent } from '../contract/intent.schema.ts';
import { KIOSK_RPC } from '../contract/kiosk.rpc.ts';
import { fail, problem, type Problem, type Result } from '../contract/outcome.schema.ts';
import { connect, type Port, type RpcClient } from '../contract/rpc.ts';
import type { View } from '../contract/view.schema.ts';
import { ENGINE_LIMIT, RestartBudget } from './supervisor.ts';

export interface EngineProcess {
  readonly port: Port;
  /** Undefined while it could not be started. */
  readonly pid: number | undefined;
  /** Called once, when the process is gone or could not be started. */
  onExit(listener: (why: string) => void): void;
  /** Asks it to end. */
  end(): void;
  /** Ends it without asking. */
  kill(): void;
}

export interface EngineLauncher {
  start(): EngineProcess;
}

export type EngineState = 'starting' | 'up' | 'down' | 'outOfService' | 'closed';

export interface EngineKeeperOptions {
  readonly launcher: EngineLauncher;
  readonly clock: Clock;
  readonly report: (problem: Problem) => void;
}

type Client = RpcClient<typeof KIOSK_RPC>;

/** The longest a start may take: opening a ledger after a power cut settles open acts first. */
const START_DEADLINE_MS = 15_000;
const RESTART_DELAY_MS = 200;
const HEARTBEAT_MS = 5_000;
const MAX_MISSED_HEARTBEATS = 2;
const END_DEADLINE_MS = 3_000;

export class EngineKeeper {
  readonly #options: EngineKeeperOptions;
  readonly #budget: RestartBudget;
  readonly #stateListeners = new Set<(state: EngineState) => void>();
  readonly #viewListeners = new Set<(view: View) => void>();
  #state: EngineState = 'starting';
  #process: EngineProcess | undefined;
  #client: Client | undefined;
  #timer: TimerHandle | undefined;
  #missedHeartbeats = 0;
  #lastView: View | undefined;

  constructor(options: EngineKeeperOptions) {
    this.#options = options;
    this.#budget = new RestartBudget(options.clock, ENGINE_LIMIT);
  }

  get state(): EngineState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What was on the glass last, by any engine. */
  get lastView(): View | undefined {
    return this.#lastView;
  }

  /** Calls back on each change, not at once; returns the way to stop. */
  onState(listener: (state: EngineState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  onView(listener: (view: View) => void): () => void {
    this.#viewListeners.add(listener);
    return () => this.#viewListeners.delete(listener);
  }

  /** Starts the engine; resolves once it is up or given up. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.onState((state) => {
        if (state !== 'up' && state !== 'outOfService' && state !== 'closed') return;
        stop();
        resolve();
      });
      this.#launch();
    });
  }

  /** Never rejects; `kiosk.engineGone` while there is no engine to ask. */
  view(): Promise<Result<View>> {
    return this.#ask((client) => client.call('view', {}));
  }

  /** Never rejects; `kiosk.engineGone` while there is no engine to ask. */
  send(intent: Intent): Promise<Result<{ taken: boolean }>> {
    return this.#ask((client) => client.call('send', intent));
  }

  /** Ends the engine and waits until it has gone. Idempotent, never rejects. */
  close(): Promise<void> {
    const { clock } = this.#options;
    const process = this.#process;
    this.#stopTimer();
    this.#enter('closed');
    if (!process) return Promise.resolve();
    return new Promise((resolve) => {
      const hardEnd = clock.after(END_DEADLINE_MS, () => process.kill());
      process.onExit(() => {
        clock.cancel(hardEnd);
        resolve();
      });
      process.end();
    });
  }

  async #ask<Value>(question: (client: Client) => Promise<Result<Value>>): Promise<Result<Value>> {
    if (this.#state !== 'up' || !this.#client) return fail('kiosk.engineGone');
    const answer = await question(this.#client);
    return answer.ok || answer.problem.code !== 'kiosk.peerGone' ? answer : fail('kiosk.engineGone');
  }

  #launch(): void {
    this.#enter('starting');
    const process = this.#options.launcher.start();
    const client = connect(process.port, KIOSK_RPC, this.#options.clock);
    this.#process = process;
    this.#client = client;
    client.on('view', (view) => this.#showView(view));
    process.onExit((why) => this.#recover(why));
    void this.#awaitFirstView(process, client);
  }

  async #awaitFirstView(process: EngineProcess, client: Client): Promise<void> {
    const first = await client.call('view', {}, START_DEADLINE_MS);
    if (this.#process !== process || this.#state !== 'starting') return;
    if (!first.ok) return process.kill();
    this.#lastView = first.value;
    this.#missedHeartbeats = 0;
    this.#enter('up');
    this.#armHeartbeat(process, client);
  }

  #armHeartbeat(process: EngineProcess, client: Client): void {
    this.#timer = this.#options.clock.after(HEARTBEAT_MS, () => void this.#beat(process, client));
  }

  async #beat(process: EngineProcess, client: Client): Promise<void> {
    const answer = await client.call('view', {}, HEARTBEAT_MS);
    if (this.#process !== process || this.#state !== 'up') return;
    this.#missedHeartbeats = answer.ok ? 0 : this.#missedHeartbeats + 1;
    if (this.#missedHeartbeats >= MAX_MISSED_HEARTBEATS) return process.kill();
    this.#armHeartbeat(process, client);
  }

  #recover(why: string): void {
    this.#process = undefined;
    this.#client = undefined;
    this.#stopTimer();
    if (this.#state === 'closed') return;
    this.#options.report(problem('kiosk.engineGone', why));
    const verdict = this.#budget.spend();
    const waitMs = verdict.kind === 'restart' ? RESTART_DELAY_MS : verdict.retryAfterMs;
    this.#timer = this.#options.clock.after(waitMs, () => this.#launch());
    this.#enter(verdict.kind === 'restart' ? 'down' : 'outOfService');
  }

  #showView(view: View): void {
    this.#lastView = view;
    for (const listener of this.#viewListeners) listener(view);
  }

  #enter(state: EngineState): void {
    if (this.#state === 'closed' || this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }

  #stopTimer(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
