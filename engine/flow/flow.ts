/**
 * Runs the session machine: one actor a resident, a View after every change, Intents checked against the page they were
 * made on. The actor of a resident who left is stopped and replaced, so nothing of them can be reached any more.
 */
import { createActor, type Actor } from 'xstate';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { Intent } from '../../contract/intent.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import { isCommitted } from './active-step.ts';
import type { FlowEvent } from './flow.types.ts';
import { HEARD_CLASSES, MediaEvents } from './media-events.ts';
import { sessionMachine, type SessionInput } from './session.machine.ts';
import type { SessionSnapshot, Surroundings } from './surroundings.ts';
import { pageOf, viewOf } from './view.ts';

export interface FlowOptions {
  readonly session: SessionInput;
  readonly around: Surroundings;
  /** After a resident has gone and before the next View. */
  readonly onSessionEnd: () => void;
}

const CLOCK_TICK_MS = 10_000;

export class Flow {
  readonly #options: FlowOptions;
  readonly #clock: Clock;
  readonly #listeners = new Set<(view: View) => void>();
  readonly #media = new MediaEvents();
  readonly #stopDevices: () => void;
  #actor: Actor<typeof sessionMachine>;
  #page = 1;
  #pageName = '';
  #view: View;
  #tick: TimerHandle;
  #isShowDue = false;
  #isStopped = false;

  constructor(options: FlowOptions) {
    const { clock, devices } = options.session.ports;
    this.#options = options;
    this.#clock = clock;
    this.#actor = this.#startActor();
    this.#view = this.#render();
    for (const deviceClass of HEARD_CLASSES) this.#media.learn(deviceClass, devices.status(deviceClass));
    this.#stopDevices = devices.subscribe((deviceClass, status) => {
      const event = this.#media.learn(deviceClass, status);
      if (event) this.#actor.send(event);
      this.#showSoon();
    });
    this.#tick = clock.after(CLOCK_TICK_MS, () => this.#beat());
  }

  view(): View {
    return this.#view;
  }

  subscribe(listener: (view: View) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** False when the page is gone, or when money or paper is moving and this would end it. */
  send(intent: Intent): boolean {
    if (intent.page !== this.#view.page) return false;
    const snapshot = this.#actor.getSnapshot();
    if (intent.kind === 'end' && isCommitted(snapshot.context.walk)) return false;
    this.#actor.send(eventOf(intent, snapshot));
    this.#show();
    return true;
  }

  /** Something outside the session changed that a View may show. */
  refresh(): void {
    this.#show();
  }

  stop(): void {
    this.#isStopped = true;
    this.#clock.cancel(this.#tick);
    this.#stopDevices();
    this.#actor.stop();
  }

  #startActor(): Actor<typeof sessionMachine> {
    const actor = createActor(sessionMachine, {
      input: this.#options.session,
      clock: actorClock(this.#clock),
      // A step's own changes do not pass through the session's snapshot: every actor under it is watched.
      inspect: (event) => {
        if (event.type === '@xstate.snapshot') this.#showSoon();
      },
    });
    actor.start();
    return actor;
  }

  #render(): View {
    const snapshot = this.#actor.getSnapshot();
    const shown = pageOf(snapshot, this.#options.around);
    if (shown.name !== this.#pageName) this.#page += 1;
    this.#pageName = shown.name;
    return viewOf(snapshot, this.#options.around, this.#page, shown);
  }

  /** After the machines have come to rest: a View is never taken from the middle of a transition. */
  #showSoon(): void {
    if (this.#isShowDue) return;
    this.#isShowDue = true;
    queueMicrotask(() => {
      this.#isShowDue = false;
      this.#show();
    });
  }

  #show(): void {
    if (this.#isStopped) return;
    if (this.#actor.getSnapshot().hasTag('ended')) this.#replaceSession();
    const next = this.#render();
    if (JSON.stringify(next) === JSON.stringify(this.#view)) return;
    this.#view = next;
    for (const listener of this.#listeners) listener(next);
  }

  #replaceSession(): void {
    this.#actor.stop();
    this.#options.onSessionEnd();
    this.#actor = this.#startActor();
  }

  /** The clock on the glass goes on without anyone touching it. */
  #beat(): void {
    this.#show();
    this.#tick = this.#clock.after(CLOCK_TICK_MS, () => this.#beat());
  }
}

/** What lies over the page hears touches as its own, so that the page below does not. */
function eventOf(intent: Intent, snapshot: SessionSnapshot): FlowEvent {
  const { kind: type, page: _page, ...rest } = intent;
  const isCovered = !snapshot.matches({ cover: 'none' });
  const isTouch = type === 'stay' || type === 'back' || type === 'choose';
  return { type: isCovered && isTouch ? `cover.${type}` : type, ...rest } as FlowEvent;
}

function actorClock(clock: Clock) {
  return {
    setTimeout: (callback: () => void, ms: number) => clock.after(ms, callback),
    clearTimeout: (handle: TimerHandle) => clock.cancel(handle),
  };
}
