/** `npm run check`: the part of `npm test` that is quick enough to run after every change. */
import { resolve } from 'node:path';
import { runGates, sayFailures } from './gates/gate.ts';
import { projectGates } from './gates/project-gates.ts';
import { endToolsOnSignals } from './gates/run-tool.ts';
import { add, summaryLine } from './gates/tally.ts';

const say = (line: string): void => console.log(line);

endToolsOnSignals();
const gates = projectGates(resolve(import.meta.dirname, '..'));
const results = await runGates([...gates.reading, gates.unit], say);
sayFailures(results, say);
const total = add(...results.map((result) => result.tally));
say(summaryLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;
