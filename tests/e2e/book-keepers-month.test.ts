/** A book-keeper's month, on a laptop and on a phone: the payouts' files add up to the file of the orders, to the kobo. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { fromCsv } from '../../client-sdk/desk/src/data/csv.ts';
import { parseMoney } from '../../client-sdk/src/index.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { newActionKey } from '../support/action-keys.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { DEVICES } from './devices.ts';
import { placeConfirmedOrder, placeOrder } from './place-order.ts';
import { countPresses } from './press-counter.ts';

jest.setTimeout(240_000);

/** Of payouts, each with so many paid orders. */
const PAYOUTS = [4, 3];

let shop: BrowserShop;
let url: string;
let codes: string[];
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
  codes = await sellForAMonth();
});
afterAll(() => shop.close());

/** The first order of each payout is refunded in part before the payout, which deducts it. One more order is never paid. */
async function sellForAMonth(): Promise<string[]> {
  const { app } = shop;
  const staff = await app.signUp({ role: 'owner' });
  const sold: string[] = [];
  for (const [round, count] of PAYOUTS.entries()) {
    const shopper = await app.signUp({ name: '=cmd|calc' });
    const variant = await stockVariant(app.db, { price: 333_335 + round * 100_010, stock: 100 });
    for (let n = 1; n <= count; n += 1) {
      const { code, orderId } = await placeConfirmedOrder(app, shopper, [{ variant, quantity: n }]);
      sold.push(code);
      if (n > 1) continue;
      await staff.client.admin.refund.mutate({ key: newActionKey(), id: orderId, note: 'torn', amount: 77_701 });
      await eventually('the refund at Paystack', () => app.sandbox.finishRefunds() > 0);
      await eventually('the refund to be processed', async () =>
        Boolean(await app.db.orders.exists({ code, 'refunds.state': 'processed' })),
      );
    }
    app.sandbox.settle();
    await runReconcileOnce(app.ctx, { force: true });
  }
  await placeOrder(await app.signUp(), await stockVariant(app.db));
  return sold;
}

/** Presses the button, and reads the file that the browser saves: its name and its rows by the names of the columns. */
async function download(page: Page, button: RegExp | string, within = page.locator('main')) {
  const saving = page.waitForEvent('download');
  await within.getByRole('button', { name: button }).click();
  const saved = await saving;
  const text = await readFile(await saved.path(), 'utf8');
  expect(text.startsWith('\uFEFF')).toBe(true);
  const [names = [], ...rows] = fromCsv(text);
  return {
    name: saved.suggestedFilename(),
    rows: rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? '']))),
  };
}

type Rows = Awaited<ReturnType<typeof download>>['rows'];

function sum(rows: Rows, column: string): number {
  return rows.reduce((total, row) => {
    const amount = parseMoney(row[column] ?? '', 'NGN');
    if (amount === null) throw new Error(`${column} is no amount: ${row[column]}`);
    return total + amount;
  }, 0);
}

test.each(DEVICES)(
  'the files of the payouts and of the orders of a month add up, on $device',
  async ({ isPhone, options }) => {
    const { page, problems } = await shop.openAsUser({ role: 'manager', name: 'Halima Books' }, options);
    const presses = await countPresses(page);
    const openPayouts = async () => {
      await page.goto(`${url}/desk`);
      await page.getByRole('link', { name: /^To ship/ }).waitFor();
      presses.reset();
      await page.getByRole('link', { name: isPhone ? 'What went to the bank' : 'Payouts' }).click();
    };
    await openPayouts();
    const orders = await download(page, /^Download .* \d{4} as CSV$/);
    await presses.expectFew('the orders of a month');
    const payouts = await download(page, 'Download as CSV');
    expect(payouts.rows.map(({ check, currency }) => [check, currency])).toEqual(PAYOUTS.map(() => ['proved', 'NGN']));
    const charges: Rows = [];
    for (const { payout = '' } of payouts.rows) {
      await openPayouts();
      await page.locator(`a[href$="/payouts/${payout}"]`).click();
      await page.getByRole('heading', { name: `Payout ${payout}` }).waitFor();
      const file = await download(page, 'Download as CSV', page.getByRole('region', { name: 'Charges' }));
      await presses.expectFew('the charges of a payout');
      expect(file.name).toBe(`payout-${payout}.csv`);
      charges.push(...file.rows);
    }
    const paid = orders.rows.filter(({ reference }) => reference !== '');
    expect(orders.rows).toHaveLength(codes.length + 1);
    expect(paid.map(({ order }) => order)).toEqual(codes);
    expect(charges.map(({ order }) => order).sort()).toEqual([...codes].sort());
    // In turn: the charges, the fees of Paystack, the money that went back to customers, and the sum at the bank.
    expect(sum(charges, 'amount')).toBe(sum(paid, 'charged'));
    expect(sum(payouts.rows, 'gross')).toBe(sum(paid, 'charged'));
    expect(sum(charges, 'fees')).toBe(sum(paid, 'fees'));
    expect(sum(payouts.rows, 'fees')).toBe(sum(paid, 'fees'));
    expect(sum(payouts.rows, 'deductions')).toBe(sum(paid, 'returned'));
    expect(sum(paid, 'returned')).toBe(PAYOUTS.length * 77_701);
    expect(sum(payouts.rows, 'net')).toBe(sum(paid, 'charged') - sum(paid, 'fees') - sum(paid, 'returned'));
    expect(problems).toEqual([]);
  },
);

test('the list of orders is downloaded as it is shown: its tab and its days, and no button where a filter says more', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/orders?tab=unpaid`);
  await page.getByText('1 order', { exact: true }).waitFor();
  const unpaid = await download(page, 'Download as CSV');
  expect(unpaid.name).toBe('orders-unpaid.csv');
  expect(unpaid.rows.map(({ status }) => status)).toEqual(['pending']);
  await page.goto(`${url}/desk/orders?tab=all&to=2020-01-31`);
  await page.getByText('Nothing found').waitFor();
  const none = await download(page, 'Download as CSV');
  expect([none.name, none.rows]).toEqual(['orders-all-2020-01-31.csv', []]);
  await page.goto(`${url}/desk/orders?tab=all&channel=card`);
  await page.getByText(`${codes.length} orders`, { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Download as CSV' }).count()).toBe(0);
  const packer = await shop.openAsUser({ role: 'packer' });
  await packer.page.goto(`${url}/desk/orders`);
  await packer.page.locator('.orders-table').waitFor();
  expect(await packer.page.getByRole('button', { name: 'Download as CSV' }).count()).toBe(0);
  expect([...problems, ...packer.problems]).toEqual([]);
});
