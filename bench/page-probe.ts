/** What runs inside a page to time it; the same in the kiosk's page and in the vanilla one. */
import type { Page } from '@playwright/test';

export interface ScreenNode {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (ScreenNode | string)[];
}

/** A screen as it stands: its elements, and what is set on the document for it. */
export interface CapturedScreen {
  readonly style: string;
  readonly nodes: readonly (ScreenNode | string)[];
}

interface Bench {
  /** Wall time (ms) at which the first whole screen was painted; undefined before. */
  firstScreenAtMs: number | undefined;
  /** Resolves with the ms from the next finger's lift to the next screen's paint. */
  nextScreen(): Promise<number>;
  /** Ms from a finger's lift to the paint that answered it, per interaction, from Event Timing. */
  interactions(): readonly number[];
  capture(): CapturedScreen;
}
declare global {
  interface Window {
    bench: Bench;
  }
}

export async function installProbe(page: Page): Promise<void> {
  await page.addInitScript(probe);
}

/** Runs in the page, before its own script. */
function probe(): void {
  let shown: Element | null = null;
  let liftedAtMs = 0;
  let waiting: ((tookMs: number) => void) | undefined;
  const longest = new Map<number, number>();
  const channel = new MessageChannel();
  const painted: (() => void)[] = [];
  channel.port1.addEventListener('message', () => painted.shift()?.());
  channel.port1.start();

  /** A task queued in a frame's callback runs after that frame was painted. */
  function afterPaint(then: () => void): void {
    requestAnimationFrame(() => {
      painted.push(then);
      channel.port2.postMessage(0);
    });
  }
  function look(): void {
    const screen = document.querySelector('[data-zone="help-bar"]')?.closest('#root > *') ?? null;
    if (!screen || screen === shown) return;
    shown = screen;
    const answer = waiting;
    waiting = undefined;
    afterPaint(() => {
      window.bench.firstScreenAtMs ??= performance.timeOrigin + performance.now();
      answer?.(performance.now() - liftedAtMs);
    });
  }
  function describe(node: Node): ScreenNode | string {
    if (!(node instanceof Element)) return node.textContent ?? '';
    return {
      tag: node.localName,
      attributes: Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])),
      children: [...node.childNodes].map(describe),
    };
  }

  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  window.addEventListener('pointerup', (event) => (liftedAtMs = event.timeStamp), { capture: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
      if (!entry.interactionId) continue;
      longest.set(entry.interactionId, Math.max(longest.get(entry.interactionId) ?? 0, entry.duration));
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  window.bench = {
    firstScreenAtMs: undefined,
    nextScreen: () => new Promise((resolve) => (waiting = resolve)),
    interactions: () => [...longest.values()],
    capture: () => ({
      style: document.documentElement.style.cssText,
      nodes: [...(document.getElementById('root')?.childNodes ?? [])].map(describe),
    }),
  };
}
