/** Our own lint rules by themselves: `node scripts/check-rules.ts`. */
import { resolve } from 'node:path';
import { sourceFiles } from './gates/source-files.ts';
import { runRules } from './rules/run-rules.ts';

const root = resolve(import.meta.dirname, '..');
const findings = runRules(root, sourceFiles(root));
for (const finding of findings) console.error(finding);
process.exitCode = findings.length === 0 ? 0 : 1;
