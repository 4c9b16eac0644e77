/** The built page in a browser, with a bridge of ours behind it: shows any View, notes every Intent. */
import type { BrowserContext, Page } from '@playwright/test';
import type { Intent } from '../../../contract/intent.schema.ts';
import type { View } from '../../../contract/view.schema.ts';

interface FakeEngine {
  show(view: unknown): void;
  close(): void;
  readonly intents: unknown[];
  readonly violations: string[];
  refuse: boolean;
}
declare global {
  interface Window {
    fakeEngine: FakeEngine;
  }
}

export interface Face {
  readonly page: Page;
  /** Shows the View and waits until it is painted. */
  show(view: View): Promise<void>;
  intents(): Promise<Intent[]>;
  forgetIntents(): Promise<void>;
  /** Content policy violations since the page was loaded. */
  violations(): Promise<string[]>;
  closePort(): Promise<void>;
}

export async function openFace(context: BrowserContext, url: string): Promise<Face> {
  const page = await context.newPage();
  await page.addInitScript(installFakeEngine);
  await page.goto(url);
  return {
    page,
    async show(view) {
      await page.evaluate(async (next) => {
        window.fakeEngine.show(next);
        await document.fonts.ready;
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      }, view);
    },
    intents: () => page.evaluate(() => window.fakeEngine.intents as never),
    forgetIntents: () => page.evaluate(() => void window.fakeEngine.intents.splice(0)),
    violations: () => page.evaluate(() => window.fakeEngine.violations),
    closePort: () => page.evaluate(() => window.fakeEngine.close()),
  };
}

/** Runs in the page, before its own script. Answers the two methods of the kiosk's RPC contract. */
function installFakeEngine(): void {
  const listeners: ((message: unknown) => void)[] = [];
  const closers: (() => void)[] = [];
  const intents: unknown[] = [];
  const violations: string[] = [];
  let shown: unknown;
  let asked: number | null = null;
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
  function tell(message: unknown): void {
    for (const listener of listeners) listener(message);
  }
  const engine: FakeEngine = {
    intents,
    violations,
    refuse: false,
    show(view) {
      shown = view;
      if (asked !== null) {
        tell({ answer: asked, value: view });
        asked = null;
      }
      tell({ event: 'view', payload: view });
    },
    close() {
      for (const closer of closers) closer();
    },
  };
  const bridge = {
    post(message: { call: number; method: string; input: unknown }) {
      if (message.method === 'view') {
        if (shown === undefined) asked = message.call;
        else tell({ answer: message.call, value: shown });
      } else if (message.method === 'send') {
        intents.push(message.input);
        setTimeout(() => tell({ answer: message.call, value: { taken: !engine.refuse } }), 0);
      }
    },
    onMessage: (listener: (message: unknown) => void) => void listeners.push(listener),
    onClose: (listener: () => void) => void closers.push(listener),
  };
  Object.assign(window, { fakeEngine: engine, kiosk: bridge });
}
