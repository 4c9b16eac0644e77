/** Device hosts in utility processes of the built Electron main: what a death closes, and what comes back by itself. */
import { expect, test } from '@playwright/test';
import { FAKE_ELECTRON } from './hosts.ts';
import { startRehearsedKiosk, type RehearsedKiosk } from './support/rehearsed-kiosk.ts';

const ENGINE = 'kiosk-engine';
const WIRES = 'kiosk-devices-wires';

let rehearsed: RehearsedKiosk;

test.beforeEach(async ({ browser }) => {
  rehearsed = await startRehearsedKiosk(FAKE_ELECTRON, browser);
});
test.afterEach(() => rehearsed.close());

const ticket = () => rehearsed.page.getByRole('button', { name: '取号' });

function utility() {
  const { fake } = rehearsed.kiosk;
  if (!fake) throw new Error('not the fake');
  return fake.utility;
}

test('closes what needs the devices of a dead device host, and opens it again', async () => {
  const [dead] = utility().running(WIRES);
  dead?.kill('SIGKILL');
  await expect(ticket()).toBeDisabled();
  await expect(ticket()).toBeEnabled();
  expect(utility().running(WIRES).length).toBe(1);
  expect(utility().running(ENGINE).length).toBe(1);
  expect(utility().forked.map(({ options }) => options.serviceName)).toEqual([ENGINE, WIRES, WIRES]);
});

test('ends the device hosts of a dead engine before the next engine starts its own', async () => {
  const [host] = utility().running(WIRES);
  utility().running(ENGINE)[0]?.kill('SIGKILL');
  await expect.poll(() => utility().forked.length).toBeGreaterThan(2);
  expect(host?.killed).toBe(true);
  await expect.poll(() => utility().running(WIRES).length).toBe(1);
  await expect(ticket()).toBeEnabled();
  expect(utility().forked.map(({ options }) => options.serviceName)).toEqual([ENGINE, WIRES, ENGINE, WIRES]);
});
