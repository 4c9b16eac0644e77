/** The traceability gate by itself: `node scripts/check-seeds.ts`. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkSeeds, countStates } from './seeds/check-table.ts';

const root = resolve(import.meta.dirname, '..');
const markdown = readFileSync(join(root, 'seeds', 'README.md'), 'utf8');
const findings = checkSeeds(markdown, {
  exists: (path) => existsSync(join(root, path)),
  read: (path) => readFileSync(join(root, path), 'utf8'),
});
for (const finding of findings) console.error(finding);
console.log(countStates(markdown));
process.exitCode = findings.length === 0 ? 0 : 1;
