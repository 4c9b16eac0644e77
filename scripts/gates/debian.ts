/** Puts the Debian packages in place that the tests need, or says which command does. */
import { existsSync } from 'node:fs';
import { DEBIAN_PACKAGES, type DebianPackage } from '../debian-packages.ts';
import { runTool } from './run-tool.ts';

const INSTALL_TIMEOUT_MS = 10 * 60_000;

export interface DebianHost {
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  exists(path: string): boolean;
  install(script: string): Promise<{ readonly code: number; readonly output: string }>;
}

export function missingPackages(exists: (path: string) => boolean): readonly DebianPackage[] {
  return DEBIAN_PACKAGES.filter((wanted) => !wanted.paths.some((path) => exists(path)));
}

/** True when everything is there in the end. Without root it never installs: it names the command. */
export async function ensureDebianPackages(host: DebianHost, say: (line: string) => void): Promise<boolean> {
  const missing = missingPackages((path) => host.exists(path));
  if (missing.length === 0) return true;
  const names = missing.map((wanted) => wanted.name).join(' ');
  const script = `apt-get update && apt-get install -y --no-install-recommends ${names}`;
  if (!host.isRoot || !host.hasApt) {
    say('The tests need:');
    for (const wanted of missing) say(`  ${wanted.name}: ${wanted.reason}`);
    say(host.hasApt ? `Run once:  sudo sh -c '${script}'` : 'Install these (the names are Debian ones) and run again.');
    return false;
  }
  say(`Installing for the tests: ${names}`);
  const { code, output } = await host.install(script);
  const still = missingPackages((path) => host.exists(path));
  if (code === 0 && still.length === 0) return true;
  say(output.trimEnd().split('\n').slice(-15).join('\n'));
  say(`Still missing: ${still.map((wanted) => wanted.name).join(' ') || names}. Mend that and run:  ${script}`);
  return false;
}

export function thisHost(): DebianHost {
  return {
    isRoot: process.getuid?.() === 0,
    hasApt: existsSync('/usr/bin/apt-get'),
    exists: existsSync,
    install: (script) =>
      runTool({
        command: 'sh',
        args: ['-c', script],
        timeoutMs: INSTALL_TIMEOUT_MS,
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      }),
  };
}
