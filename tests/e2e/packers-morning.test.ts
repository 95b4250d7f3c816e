/** A packer's morning: twenty orders to ship, from the list over the slips to the last parcel, with the presses counted. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';
import { countPresses } from './press-counter.ts';

jest.setTimeout(240_000);

const ORDERS = 20;

let shop: BrowserShop;
let url: string;
let codes: string[];
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
  const variant = await stockVariant(shop.app.db, { stock: 100 });
  const shopper = await shop.app.signUp({ name: 'Ngozi Eze' });
  const placed: { code: string; txRef: string }[] = [];
  for (let n = 0; n < ORDERS; n += 1) {
    const order = await placeOrder(shopper, variant, 2);
    shop.app.sandbox.pay(order.txRef);
    placed.push(order);
    await eventually('the order to be confirmed', async () =>
      Boolean(await shop.app.db.orders.exists({ code: order.code, status: 'confirmed' })),
    );
  }
  codes = placed.map(({ code }) => code);
});
afterAll(() => shop.close());

const rows = (page: Page) => page.locator('.orders-table tbody tr');

async function pagesOf(page: Page): Promise<{ pages: number; sizes: string[] }> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  return {
    pages: boxes.length,
    sizes: [...new Set(boxes.map(([, width, height]) => `${Math.round(Number(width))}×${Math.round(Number(height))}`))],
  };
}

test('a packer ships the day’s orders: slips for all, eighteen by CSV with two bad rows, one in two parcels', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'packer', name: 'Peju Packer' });
  const presses = await countPresses(page);
  await page.goto(`${url}/desk`);
  await page.getByRole('link', { name: /^To ship 20/ }).click();
  await rows(page)
    .nth(ORDERS - 1)
    .waitFor();
  expect(await rows(page).first().getByRole('link').textContent()).toBe(codes[0]);
  await page.getByRole('link', { name: `To ship ${ORDERS}` }).waitFor();

  await page.getByLabel('Choose all orders that are shown').check();
  await page.getByText(`${ORDERS} orders chosen`).waitFor();
  await check(page, 'the list of orders');
  await page.getByRole('link', { name: 'Print', exact: true }).click();
  await page.getByRole('article', { name: `Slip of order ${codes[ORDERS - 1]}` }).waitFor();
  await presses.expectFew('the slips of all orders');
  // The small format in points; then the larger one.
  expect(await pagesOf(page)).toEqual({ pages: ORDERS, sizes: ['298×420'] });
  await page.getByRole('link', { name: 'Pick list' }).click();
  await page.getByText(`${2 * ORDERS} units, ${ORDERS} orders`).waitFor();
  expect(await pagesOf(page)).toEqual({ pages: 1, sizes: ['595×842'] });
  await check(page, 'the pick list');

  await page.goto(`${url}/desk`);
  presses.reset();
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('link', { name: 'Ship many' }).click();
  const good = codes.slice(0, 18).map((code, index) => `${code},GIG Logistics,GIG-${index}`);
  const csv = ['code,carrier,tracking', ...good, 'NOSUCH42,GIG Logistics,GIG-98', '?,GIG Logistics,GIG-99'].join('\n');
  await page.getByLabel('Or paste the rows').fill(csv);
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await page.getByText('18 ready, 2 refused').waitFor();
  await presses.expectFew('the checked rows of what left');
  await check(page, 'the checked rows');
  await page.getByRole('button', { name: 'Ship 18 orders' }).click();
  await page.getByText('18 shipped, 2 refused').waitFor();

  // The same file again does only what is left, which is nothing.
  await page.getByRole('button', { name: 'Other rows' }).click();
  await page.getByLabel('Or paste the rows').fill(csv);
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await page.getByText('18 shipped before, 2 refused').waitFor();
  expect(await page.getByRole('button', { name: /^Ship \d/ }).count()).toBe(0);

  await page.getByRole('link', { name: 'To the orders' }).click();
  await eventually('the list to be read again', async () => (await rows(page).count()) === 2);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Order ${codes[19]}` }).waitFor();
  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('spinbutton').fill('1');
  await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
  await page.getByText('Shipped. The customer is told by email.').waitFor();
  await page.goto(`${url}/desk/orders`);
  await page.getByText('Partly shipped').waitFor();
  expect(await rows(page).count()).toBe(2);
  expect(problems).toEqual([]);
});

test('a packer with a phone prints the slips of what is left, and ships the older order with its tracking number', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'packer', name: 'Peju Packer' }, PHONE);
  const presses = await countPresses(page);
  await page.goto(`${url}/desk`);
  const toShip = page.getByRole('link', { name: /^To ship 2 the oldest for/ });
  await toShip.click();
  await page.getByLabel('Choose all that are shown').check();
  await page.getByRole('link', { name: 'Print', exact: true }).click();
  await page.getByRole('article', { name: `Slip of order ${codes[19]}` }).waitFor();
  await presses.expectFew('the slips of what is left');
  expect((await pagesOf(page)).pages).toBe(2);

  await page.goto(`${url}/desk`);
  presses.reset();
  await toShip.click();
  await rows(page).first().getByRole('link').click();
  await page.getByRole('heading', { name: `Order ${codes[18]}` }).waitFor();
  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tracking number').fill('GIG-19');
  await presses.expectFew('the parcel of an order');
  await dialog.getByText('The order goes from confirmed to shipped.').waitFor();
  await check(page, 'the parcel of an order on a phone');
  await dialog.getByLabel('Courier').fill('GIG Logistics');
  await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
  await page.getByText('Shipped. The customer is told by email.').waitFor();
  expect(problems).toEqual([]);
});

test('the list on a phone: filters stay in the address, a view is saved under a name', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'packer' }, PHONE);
  await page.goto(`${url}/desk/orders?tab=shipped&from=2020-01-01`);
  await rows(page).nth(18).waitFor();
  await check(page, 'the list of orders on a phone');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('All that left');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.goto(`${url}/desk/orders`);
  await page.getByRole('link', { name: 'All that left' }).click();
  await page.waitForURL(/tab=shipped/);
  await page.reload();
  await rows(page).nth(18).waitFor();
  expect(new URL(page.url()).searchParams.get('from')).toBe('2020-01-01');
  expect(problems).toEqual([]);
});
