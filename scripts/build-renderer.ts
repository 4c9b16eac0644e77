/** Builds the screens into `dist/renderer`: `node scripts/build-renderer.ts`. */
import { resolve } from 'node:path';
import { buildRenderer } from './start/renderer-build.ts';

const problem = await buildRenderer(resolve(import.meta.dirname, '..'));
if (problem !== undefined) console.error(problem);
process.exitCode = problem === undefined ? 0 : 1;
