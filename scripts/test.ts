/** `npm test`: everything that must hold, and one last line that says how much of it does. */
import { resolve } from 'node:path';
import { ensureDebianPackages, thisHost } from './gates/debian.ts';
import { runGates, sayFailures } from './gates/gate.ts';
import { projectGates } from './gates/project-gates.ts';
import { endToolsOnSignals } from './gates/run-tool.ts';
import { add, summaryLine } from './gates/tally.ts';

const say = (line: string): void => console.log(line);

endToolsOnSignals();
process.exitCode = await main();

async function main(): Promise<number> {
  if (!(await ensureDebianPackages(thisHost(), say))) return 1;
  const gates = projectGates(resolve(import.meta.dirname, '..'));
  const order = [...gates.reading, gates.tests, ...gates.builds, ...gates.browser, gates.seeds];
  const results = await runGates(order, say);
  sayFailures(results, say);
  const total = add(...results.map((result) => result.tally));
  say(summaryLine(total));
  return total.failed === 0 ? 0 : 1;
}
