/**
 * Runs the session machine: one actor a resident, a View after every change, Intents checked against the page they were
 * made on. The actor of a resident who left is stopped and replaced, so nothing of them can be reached any more.
 */
import { createActor, type Actor } from 'xstate';
import type { Clock, TimerHandle } from '../../contract/clock.ts';
import type { DeviceClass, DeviceStatus } from '../../contract/driver.ts';
import type { Intent } from '../../contract/intent.schema.ts';
import type { View } from '../../contract/view.schema.ts';
import { isCommitted } from './active-step.ts';
import type { FlowEvent, MediaEvent } from './flow.types.ts';
import { sessionMachine, type SessionInput } from './session.machine.ts';
import { pageOf, viewOf, type SessionSnapshot, type Surroundings } from './view.ts';

export interface Flow {
  view(): View;
  subscribe(listener: (view: View) => void): () => void;
  /** False when the page is gone, or when money or paper is moving and this would end it. */
  send(intent: Intent): boolean;
  /** Something outside the session changed that a View may show. */
  refresh(): void;
  stop(): void;
}

export interface FlowOptions {
  readonly session: SessionInput;
  readonly around: Surroundings;
  /** After a resident has gone and before the next View. */
  onSessionEnd(): void;
}

const CLOCK_TICK_MS = 10_000;

export function createFlow({ session, around, onSessionEnd }: FlowOptions): Flow {
  const { clock, devices } = session.ports;
  const listeners = new Set<(view: View) => void>();
  const media = createMediaEvents();
  let page = 1;
  let pageName = '';
  let isStopped = false;
  let isShowDue = false;
  let actor = startActor();
  let current = render(actor.getSnapshot());

  function startActor(): Actor<typeof sessionMachine> {
    const fresh = createActor(sessionMachine, {
      input: session,
      clock: actorClock(clock),
      // A step's own changes do not pass through the session's snapshot: every actor under it is watched.
      inspect: (event) => {
        if (event.type === '@xstate.snapshot') showSoon();
      },
    });
    fresh.start();
    return fresh;
  }

  /** After the machines have come to rest: a View is never taken from the middle of a transition. */
  function showSoon(): void {
    if (isShowDue) return;
    isShowDue = true;
    queueMicrotask(() => {
      isShowDue = false;
      show();
    });
  }

  function render(snapshot: SessionSnapshot): View {
    const shown = pageOf(snapshot, around);
    if (shown.name !== pageName) page += 1;
    pageName = shown.name;
    return viewOf(snapshot, around, page, shown);
  }

  function show(): void {
    if (isStopped) return;
    if (actor.getSnapshot().hasTag('ended')) return replaceSession();
    const next = render(actor.getSnapshot());
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    for (const listener of listeners) listener(next);
  }

  function replaceSession(): void {
    actor.stop();
    onSessionEnd();
    actor = startActor();
    show();
  }

  const stopDevices = devices.subscribe((deviceClass, status) => {
    for (const event of media.learn(deviceClass, status)) actor.send(event);
    showSoon();
  });
  let tick: TimerHandle = clock.after(CLOCK_TICK_MS, beat);
  function beat(): void {
    show();
    tick = clock.after(CLOCK_TICK_MS, beat);
  }

  return {
    view: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    send(intent) {
      if (intent.page !== current.page) return false;
      const snapshot = actor.getSnapshot();
      if (intent.kind === 'end' && isCommitted(snapshot.context.walk)) return false;
      actor.send(eventOf(intent, snapshot));
      show();
      return true;
    },
    refresh: show,
    stop() {
      isStopped = true;
      clock.cancel(tick);
      stopDevices();
      actor.stop();
    },
  };
}

/** What lies over the page hears touches as its own, so that the page below does not. */
function eventOf(intent: Intent, snapshot: SessionSnapshot): FlowEvent {
  const { kind: type, page: _page, ...rest } = intent;
  const covered = !snapshot.matches({ cover: 'none' });
  const isTouch = type === 'stay' || type === 'back' || type === 'choose';
  return { type: covered && isTouch ? `cover.${type}` : type, ...rest } as FlowEvent;
}

/** Turns status into what a card or a slip did. The first word of a device tells a state, not an event. */
function createMediaEvents() {
  const last = new Map<DeviceClass, DeviceStatus['media']>();
  return {
    learn(deviceClass: DeviceClass, { media }: DeviceStatus): readonly MediaEvent[] {
      const before = last.get(deviceClass) ?? 'unknown';
      last.set(deviceClass, media);
      if (before === media) return [];
      if (deviceClass === 'smart-card-reader' && media === 'present' && before !== 'entering')
        return [{ type: 'card.present' }];
      if (deviceClass === 'smart-card-reader' && media === 'notPresent') return [{ type: 'card.removed' }];
      if (deviceClass === 'receipt-printer' && media === 'notPresent' && before === 'present')
        return [{ type: 'paper.taken' }];
      return [];
    },
  };
}

function actorClock(clock: Clock) {
  return {
    setTimeout: (callback: () => void, ms: number) => clock.after(ms, callback),
    clearTimeout: (handle: TimerHandle) => clock.cancel(handle),
  };
}
