import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../contract/clock.system.ts';
import { hostFixture, type HostFixture } from '../tests/support/browser-host-fixture.ts';
import { findChromium } from './find-chromium.ts';
import { launchChromium, type ChromiumWindow } from './launch-chromium.ts';

const executable = findChromium(process.env);
const LOADED = { timeout: 45_000, interval: 50 };

let kiosk: HostFixture;
let window: ChromiumWindow;
let profileDir: string;
beforeEach(async () => {
  kiosk = await hostFixture();
  profileDir = join(mkdtempSync(join(tmpdir(), 'profile-')), 'browser-profile');
  window = launchChromium({
    executable: executable ?? '',
    profileDir,
    newLaunchUrl: kiosk.host.newLaunchUrl,
    clock: systemClock,
    report: (problem) => kiosk.problems.push(problem),
    withoutSandbox: process.getuid?.() === 0,
    extraFlags: ['--headless=new', '--disable-gpu'],
  });
});
afterEach(async () => {
  await window.close();
  await kiosk.close();
  rmSync(dirname(profileDir), { recursive: true, force: true });
});

/** The process ids whose command line names our profile. */
function browserProcesses(): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(profileDir));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
}

describe.skipIf(executable === undefined)('a real chromium window', () => {
  it('reaches the kiosk from its launch file, shows no ticket to other users, returns when killed, leaves nothing', async () => {
    const engine = kiosk.launcher.latest;
    // one question is the host's own; the second is the page's, which got through with its cookie
    await vi.waitFor(() => expect(engine.viewsAsked).toBe(2), LOADED);
    expect(statSync(profileDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(profileDir, 'launch.html')).mode & 0o777).toBe(0o600);
    expect(browserProcesses().length).toBeGreaterThan(0);
    expect(browserProcesses().map(commandLine).join()).not.toContain('ticket');

    process.kill(window.pid() ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(engine.viewsAsked).toBe(3), LOADED);
    expect(kiosk.problems.some((problem) => problem.detail === 'browser window: SIGKILL')).toBe(true);

    await window.close();
    await vi.waitFor(() => expect(browserProcesses()).toEqual([]), LOADED);
  }, 45_000);
});
