/** Brings node_modules in line with the lockfile, quietly, and only when it is not. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';

const SIDE_PACKAGES = [
  { folder: 'drivers/smart-card-reader/pcsc', without: 'smart-card readers stay unavailable' },
  { folder: 'scripts/linter', only: ['check', 'test'], without: 'the linter stays unavailable' },
  { folder: 'bench/peers', only: ['bench'], without: 'the receipt bench has nobody to compare with' },
];
/** Below this an installation is not worth a line. */
const QUIET_MS = 2_000;

/** Returns nothing, or the problem and its remedy. */
export async function installRoot(root) {
  if (isInstalled(root)) return undefined;
  const { code, output } = await npm(
    root,
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'Installing packages',
  );
  if (code === 0) {
    stamp(root);
    return undefined;
  }
  return explain('npm ci', output);
}

/**
 * Packages that lack some platforms would break `npm ci` for everyone; each has a folder and a lockfile of its own and may
 * be absent. Returns a line for each that is.
 */
export async function installSidePackages(root, scriptName) {
  const lines = [];
  for (const { folder, only, without } of SIDE_PACKAGES) {
    if (only && !only.includes(scriptName)) continue;
    const line = await installSide(root, folder, without);
    if (line) lines.push(line);
  }
  return lines;
}

async function installSide(root, folder, without) {
  const path = join(root, folder);
  const command = `npm install --no-save --no-audit --no-fund --prefix ${folder}`;
  if (!existsSync(join(path, 'package.json'))) return `${folder}/package.json is missing: ${without}.`;
  if (isInstalled(path)) return undefined;
  const { code, output } = await npm(root, command.split(' ').slice(1), `Installing ${folder}`);
  if (code === 0) {
    stamp(path);
    return undefined;
  }
  return `${without} until this succeeds: ${command}\n  ${lastLine(output)}`;
}

function isInstalled(folder) {
  if (readStamp(folder) === fingerprint(folder)) return true;
  if (!matchesLockfile(folder)) return false;
  stamp(folder);
  return true;
}

/** Someone may have run npm themselves: npm's own record of what it installed then tells. */
function matchesLockfile(folder) {
  try {
    const wanted = packagesOf(join(folder, 'package-lock.json'));
    const present = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === '') return true;
      const found = present[path];
      return found ? found.version === entry.version : entry.optional === true || entry.devOptional === true;
    });
  } catch {
    return false; // no record, or not one we can read: install
  }
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function fingerprint(folder) {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json']) {
    const path = join(folder, file);
    // npm scripts and the description change often and install nothing
    if (existsSync(path)) hash.update(file === 'package.json' ? dependenciesOf(path) : readFileSync(path));
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch}`;
}

function dependenciesOf(path) {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(path, 'utf8'));
  return JSON.stringify([dependencies, devDependencies, optionalDependencies]);
}

function stampFile(folder) {
  return join(folder, 'node_modules', '.kiosk-stamp');
}

function readStamp(folder) {
  return existsSync(stampFile(folder)) ? readFileSync(stampFile(folder), 'utf8') : undefined;
}

function stamp(folder) {
  if (existsSync(join(folder, 'node_modules'))) writeFileSync(stampFile(folder), fingerprint(folder));
}

function npm(root, args, title) {
  const started = Date.now();
  const notice = setTimeout(() => console.error(`${title} (the first time about a minute) ...`), QUIET_MS);
  return new Promise((resolve) => {
    let output = '';
    // npm must not run on the Node inside the node_modules it replaces
    const PATH = process.env.PATH.split(delimiter)
      .filter((entry) => relative(entry, join(root, 'node_modules', '.bin')) !== '')
      .join(delimiter);
    const child = spawn('npm', args, {
      cwd: root,
      env: { ...process.env, PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => end(code ?? 1, output));
    function end(code, text) {
      clearTimeout(notice);
      if (code === 0 && Date.now() - started > QUIET_MS) {
        console.error(`${title}: done in ${Math.round((Date.now() - started) / 1000)} s.`);
      }
      resolve({ code, output: text });
    }
  });
}

function explain(command, output) {
  if (/ENOENT.*npm|npm ENOENT|spawn npm/.test(output)) return ['npm was not found.', 'Install npm 10 or newer.'];
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET/.test(output)) {
    return [
      `The packages are not installed and the npm registry cannot be reached (${lastLine(output)}).`,
      `Connect this machine to the network once and run again: ${command}`,
    ];
  }
  return [`The packages could not be installed:\n${output.trim()}`, `Mend that and run again: ${command}`];
}

function lastLine(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/complete log of this run|_logs/.test(line));
  return (
    lines.find((line) => /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENOTCACHED/.test(line)) ??
    lines.at(-1) ??
    ''
  ).trim();
}
