/** The pages of payouts: each with what differs, its charges with fees, the charges in none, and the download. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { saveAwaitedPayout } from '../../models/payout/awaited-payout.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
});
afterAll(() => shop.close());

test('a manager finds a payout that differs, its charges, and a charge in no payout, and downloads them', async () => {
  const { app } = shop;
  const order = await placeOrder(await app.signUp(), await stockVariant(app.db));
  app.sandbox.pay(order.txRef);
  await eventually('the order to be confirmed', async () =>
    Boolean(await app.db.orders.exists({ code: order.code, status: 'confirmed' })),
  );
  const [made] = app.sandbox.settle();
  await runReconcileOnce(app.ctx, { force: true });
  const id = String(made?.id);
  const differences = [{ kind: 'gross', expected: 900_000, found: made?.gross ?? 0 }];
  await app.db.payouts.updateOne({ _id: id }, { $set: { state: 'differs', differences } });
  await app.db.unpaidCharges.create({
    ...{ _id: `ord-${order.code}-2`, orderId: new Types.ObjectId(order.orderId) },
    ...{ amount: 300_000, currency: 'NGN', paidAt: new Date() },
  });
  await saveAwaitedPayout(app.db, {
    countedAt: app.ctx.clock.now(),
    sums: [{ currency: 'NGN', amount: 432_150, charges: 2 }],
  });
  const { page, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${app.url}/desk`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Payouts' }).click();
  await page.getByRole('region', { name: 'Overdue' }).getByRole('link', { name: order.code }).waitFor();
  const awaited = page.getByRole('region', { name: 'Not paid out yet' });
  await awaited.getByText('₦4,321.50 of 2 charges, before Paystack’s fees').waitFor();
  const payouts = page.getByRole('region', { name: 'Payouts', exact: true });
  await payouts.getByText(/^Its charges add up to ₦[\d,.]+, and Paystack says ₦9,000\.00\.$/).waitFor();
  await check(page, 'payouts');
  await payouts.getByRole('link').first().click();
  await page.getByRole('heading', { name: `Payout ${id}` }).waitFor();
  const charges = page.getByRole('region', { name: 'Charges' });
  await charges.getByRole('link', { name: order.code }).waitFor();
  await charges.getByText(/fee ₦[\d,.]+/).waitFor();
  await check(page, 'a payout');
  const downloading = page.waitForEvent('download');
  await charges.getByRole('button', { name: 'Download as CSV' }).click();
  const file = await (await downloading).path();
  expect(await readFile(file, 'utf8')).toContain(`,${order.txRef},${order.code},NGN,`);
  expect(problems).toEqual([]);
});

test('support finds no way to payouts', async () => {
  const { page } = await shop.openAsUser({ role: 'support' }, PHONE);
  await page.goto(`${shop.app.url}/desk`);
  await page.getByRole('link', { name: /^To ship/ }).waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Disputes' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Payouts' }).count()).toBe(0);
  await page.goto(`${shop.app.url}/desk/payouts`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
});
