/**
 * What every npm script runs first: plain JavaScript for whatever Node (20 or newer) the machine has. Installs the
 * packages when they do not match the lockfile, then runs `scripts/<name>.ts` on the project's own Node.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installRoot, installSidePackages } from './bootstrap/install.mjs';
import { findNode, runScript } from './bootstrap/node.mjs';

const OLDEST_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name = '', ...args] = process.argv.slice(2);

process.exitCode = await main();

async function main() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    return refuse(`Node ${process.versions.node} is too old.`, `Install Node ${OLDEST_NODE} or newer (24 is best).`);
  }
  const script = join(root, 'scripts', `${name}.ts`);
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(script)) {
    return refuse(`There is no scripts/${name}.ts.`, 'See the scripts listed by: npm run');
  }
  const problem = await installRoot(root);
  if (problem) return refuse(...problem);
  for (const gap of await installSidePackages(root, name)) console.error(`Note: ${gap}`);
  const node = findNode(root);
  if (!node) {
    return refuse(
      `This project runs on Node 24; this machine has ${process.versions.node} and no bundled one fits it.`,
      'Install Node 24 and put it first on PATH.',
    );
  }
  return runScript({ node, root, script, args });
}

/** Says what is missing and what mends it. */
function refuse(what, remedy) {
  console.error(`${what}\n  ${remedy}`);
  return 1;
}
