/** axe-core in the page, all WCAG A and AA rules plus the AAA contrast. Each violation is one line. */
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from '@playwright/test';

const AXE_FILE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}
interface Axe {
  run(context: Document, options: unknown): Promise<AxeResults>;
}

/** Must be called before the page is opened. */
export async function installAxe(context: BrowserContext): Promise<void> {
  await context.addInitScript({ path: AXE_FILE });
}

export async function axeFindings(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: Axe };
    const results = await axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } },
      resultTypes: ['violations'],
    });
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `axe ${id}: ${html.slice(0, 120)} ${failureSummary?.split('\n')[1] ?? ''}`,
      ),
    );
  }, TAGS);
}
