import { describe, expect, it } from 'vitest';
import { DEBIAN_PACKAGES } from '../debian-packages.ts';
import { ensureDebianPackages, missingPackages, type DebianHost } from './debian.ts';

const ALL = DEBIAN_PACKAGES.flatMap((wanted) => wanted.paths);

function hostWith(present: Set<string>, change: Partial<DebianHost> = {}): DebianHost & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    isRoot: true,
    hasApt: true,
    exists: (path) => present.has(path),
    install(script) {
      ran.push(script);
      for (const path of ALL) present.add(path);
      return Promise.resolve({ code: 0, output: '' });
    },
    ...change,
  };
}

describe('Debian packages', () => {
  it('asks for nothing when everything is there', async () => {
    const host = hostWith(new Set(ALL), { isRoot: false });
    expect(await ensureDebianPackages(host, expect.unreachable)).toBe(true);
    expect(host.ran).toEqual([]);
  });

  it('installs only what is missing, as root', async () => {
    const host = hostWith(new Set(ALL.filter((path) => !path.includes('socat'))));
    expect(await ensureDebianPackages(host, () => {})).toBe(true);
    expect(host.ran).toEqual(['apt-get update && apt-get install -y --no-install-recommends socat']);
  });

  it('names one command and installs nothing without root', async () => {
    const lines: string[] = [];
    const host = hostWith(new Set(), { isRoot: false });
    expect(await ensureDebianPackages(host, (line) => lines.push(line))).toBe(false);
    expect(host.ran).toEqual([]);
    expect(lines.filter((line) => line.includes('apt-get install'))).toHaveLength(1);
  });

  it('fails when apt says yes and the files are still not there', async () => {
    const host = hostWith(new Set(), { install: () => Promise.resolve({ code: 0, output: 'done' }) });
    expect(await ensureDebianPackages(host, () => {})).toBe(false);
  });

  it('accepts any of the places a library lives in', () => {
    const one = DEBIAN_PACKAGES.map((wanted) => wanted.paths.at(-1));
    expect(missingPackages((path) => one.includes(path))).toEqual([]);
  });
});
