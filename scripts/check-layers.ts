/** The layer gate by itself: `node scripts/check-layers.ts`. */
import { resolve } from 'node:path';
import { checkLayers } from './gates/layers.ts';

const findings = await checkLayers(resolve(import.meta.dirname, '..'));
for (const finding of findings) console.error(finding);
process.exitCode = findings.length === 0 ? 0 : 1;
