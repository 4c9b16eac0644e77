/** Two residents at the glass, on every host: the real engine, the simulated station, the reference platform. */
import { expect, test, type Page } from '@playwright/test';
import type { StationClient } from '../../scripts/journey/station-client.ts';
import { readStation } from '../../scripts/journey/verdict.ts';
import { HOSTS, type RunningKiosk } from './hosts.ts';
import { startRehearsedKiosk, type RehearsedKiosk } from './support/rehearsed-kiosk.ts';

for (const host of HOSTS) {
  test.describe(host.name, () => {
    let rehearsed: RehearsedKiosk;
    let station: StationClient;
    let kiosk: RunningKiosk;
    let page: Page;

    test.beforeEach(async ({ browser }) => {
      rehearsed = await startRehearsedKiosk(host, browser);
      ({ station, kiosk, page } = rehearsed);
    });

    test.afterEach(() => rehearsed.close());

    test('pays a parking fee at the card price and takes the receipt', async () => {
      await press(page, '轻触开始');
      await press(page, '简体中文');
      await press(page, '民生卡');
      await heading(page, '请把卡平放在这里');
      await station.act('card-1', 'insert', { card: 'livelihood-chen' });
      await heading(page, '是您吗？');
      await press(page, '是我');
      await heading(page, '陈**，您想办什么事？');
      await press(page, '停车缴费');
      await press(page, '开始办理');
      for (const key of ['8', 'K', '5', '6', '2']) await page.getByRole('button', { name: key, exact: true }).click();
      await press(page, '下一步');
      await heading(page, '您的停车费');
      await expect(page.getByText('9.60').first()).toBeVisible();
      await expect(page.getByText('您有民生卡，可以优惠。')).toBeVisible();
      await press(page, '下一步');
      await heading(page, '请核对一下');
      await press(page, '去付款');
      await press(page, '银行卡');
      await heading(page, '已付款，请拿好小票');
      await station.act('receipt-1', 'take-slip');
      await heading(page, '请拿走您的卡');
      await station.act('card-1', 'remove');
      await heading(page, '这次办得怎么样？');
      await press(page, '很好');
      await heading(page, '再见，慢走');
      await press(page, '下一位');
      await expect(page.getByRole('button', { name: '轻触开始' })).toBeVisible();
      expect(readStation(await station.state())).toMatchObject({ charges: 1, saleRequests: 1, receipts: 1 });
      expect(await page.content()).not.toContain('陈');
      expect(kiosk.escaped()).toEqual([]);
    });

    test('gives a number in two touches', async () => {
      await press(page, '取号');
      await press(page, '民政');
      await heading(page, '请拿好您的号');
      await expect(page.getByText(/^A\d{3}$/)).toBeVisible();
    });
  });
}

/** A touch on a page that has just turned is not taken (a second tap must not land on it); a person touches again. */
async function press(page: Page, name: string): Promise<void> {
  const before = await titleOf(page);
  await expect(async () => {
    if ((await titleOf(page)) === before) await button(page, name).click({ timeout: 1_000 });
    expect(await titleOf(page)).not.toBe(before);
  }).toPass({ intervals: [450], timeout: 45_000 });
}

/** A badge or a line of detail may stand beside the name. */
function button(page: Page, name: string) {
  return page.getByRole('button', { name: new RegExp(`^\\d?\\s*${name}`) }).first();
}

async function titleOf(page: Page): Promise<string | null> {
  return page.getByRole('heading', { level: 1 }).textContent();
}

async function heading(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}
