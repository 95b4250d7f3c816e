/** The lists of orders that need attention, and the staff actions that resolve them. */

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { formatMoney, newActionKey } from '../../client-sdk/src/index.ts';
import type { PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const mailed = (shopper: SignedIn, kind: string) =>
  shop.app.mailbox.waitFor(({ to, key }) => to === shopper.email && key?.includes(`:${kind}:`) === true);

/** An order with a payment; `pay` sets what Paystack captures. */
async function placePaidOrder(pay: PayOptions = {}) {
  const shopper = await shop.app.signUp();
  const order = await placeOrder(shopper, await stockVariant(shop.app.db));
  shop.app.sandbox.pay(order.txRef, pay);
  return { shopper, ...order };
}

const money = ({ amount }: { amount: number }) => formatMoney({ amount, currency: 'NGN' });

/** Writes to the database directly, for states that take hours to arise. */
const updateStoredOrder = ({ code }: { code: string }, change: object) =>
  shop.app.db.orders.collection.updateOne({ code }, change);

/** Opens the order from its list on the staff page. Checks both pages with axe-core. */
async function openFrom(page: Page, list: string, { code }: { code: string }): Promise<void> {
  await page.goto(`${url}/desk/attention`);
  await page.getByRole('region', { name: list }).getByRole('link', { name: code }).waitFor();
  await check(page, list);
  await page.getByRole('region', { name: list }).getByRole('link', { name: code }).click();
  await page.getByRole('heading', { name: `Order ${code}` }).waitFor();
  await check(page, `an order of ${list}`);
}

/** Presses the button and, in the confirmation dialog, the button of the same name. */
async function confirmAction(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
  await check(page, `asking: ${name.source}`);
  await page.getByRole('dialog').getByRole('button', { name }).click();
}

test('accepting a charge in review continues the order, and refunding it ends the order', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  const accepted = await placePaidOrder({ capture: { amount: 1 } });
  await mailed(accepted.shopper, 'payment_review');
  await openFrom(page, 'Money in review', accepted);
  await page.getByText('Nothing can be done here before what is said above.').waitFor();
  await confirmAction(page, /^Accept/);
  await page.getByText('Accepted: the order goes on as paid.').waitFor();
  await mailed(accepted.shopper, 'order_confirmed');

  const refunded = await placePaidOrder({ capture: { amount: 50_00, currency: 'USD' } });
  await mailed(refunded.shopper, 'payment_review');
  await openFrom(page, 'Money in review', refunded);
  // A charge in another currency cannot be accepted.
  expect(await page.getByRole('button', { name: /^Accept/ }).count()).toBe(0);
  await confirmAction(page, /^Refund/);
  await page.getByText('Refund requested.').waitFor();
  await page.locator('.entry', { hasText: '$50.00' }).first().waitFor();
  await check(page, 'an order with a refund');
  await mailed(refunded.shopper, 'order_cancelled');
  expect(problems).toEqual([]);
});

test('a refund that Paystack rejected is retried from its order and is sent', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  const order = await placePaidOrder();
  await mailed(order.shopper, 'order_confirmed');
  shop.app.sandbox.script({ route: 'refund.create', reference: order.txRef, fault: { kind: 'status', status: 400 } });
  const staff = await shop.app.signUp({ role: 'owner' });
  await staff.client.admin.refund.mutate({ key: newActionKey(), id: order.orderId, note: 'torn' });
  await eventually(
    'a refund that failed once',
    async () => ((await shop.app.db.orders.findOne({ code: order.code }))?.refunds[0]?.attempts ?? 0) > 0,
  );
  // Skips the other seven attempts, which take hours.
  await updateStoredOrder(order, {
    $set: { 'refunds.0.state': 'needs_attention', 'refunds.0.attempts': 8, refundAttentionSince: new Date() },
    $unset: { 'refunds.0.dueAt': 1, 'refunds.0.sentAt': 1, refundDueAt: 1 },
  });
  shop.app.sandbox.clearScript();
  await openFrom(page, 'Refunds needing attention', order);
  await confirmAction(page, /^Try again/);
  await page.getByText('The refund is tried again.').waitFor();
  await eventually(
    'the refund to reach Paystack',
    () => shop.app.sandbox.transaction(order.txRef).refunds.length === 1,
  );
  expect(problems).toEqual([]);
});

test('a parked settlement is shown with its error, and a retry succeeds once its cause is corrected', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  const shopper = await shop.app.signUp();
  const order = await placeOrder(shopper, await stockVariant(shop.app.db));
  // The order claims a reservation that does not exist, so each settlement attempt fails.
  await updateStoredOrder(order, { $set: { reservation: 'reserved' } });
  shop.app.sandbox.pay(order.txRef);
  await eventually(
    'a failed settlement',
    async () => ((await shop.app.db.orders.findOne({ code: order.code }))?.settlement.attempts ?? 0) > 0,
  );
  // Skips the other seven attempts, which take minutes.
  await updateStoredOrder(order, {
    $set: { 'settlement.parkedAt': new Date(), 'settlement.attempts': 8, reservation: 'none' },
    $unset: { 'settlement.queuedAt': 1, 'settlement.retryAt': 1 },
  });
  await page.goto(`${url}/desk/attention`);
  const parked = page.getByRole('region', { name: 'Parked settlements' });
  await parked.getByRole('link', { name: order.code }).waitFor();
  await parked.getByText(money(order)).waitFor();
  // In place, with the error that it shows.
  await parked.getByRole('button', { name: `Act here on order ${order.code}` }).click();
  await parked.getByRole('button', { name: 'Retry settlement', exact: true }).click();
  await page.getByRole('dialog').getByText('The last error was:').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
  // All of the kind, after its sum was read.
  await parked.getByRole('button', { name: 'Retry all settlements' }).click();
  await page
    .getByRole('dialog')
    .getByText(`1 order of ${money(order)}`)
    .waitFor();
  await check(page, 'asking to retry all');
  await page.getByRole('dialog').getByRole('button', { name: 'Retry all settlements' }).click();
  await parked.getByText('1 is tried again.').waitFor();
  await mailed(shopper, 'order_confirmed');
  await parked.getByText('No paid order is stuck.').waitFor();
  expect(problems).toEqual([]);
});

test('staff enter how much of a reversed charge went back, and what was paid in cash', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  const order = await placePaidOrder();
  await mailed(order.shopper, 'order_confirmed');
  // Skips the minutes after which Paystack's word is checked once more.
  await updateStoredOrder(order, {
    $set: { 'payments.0.review': { cause: 'reversed_unexplained', openedAt: new Date() } },
  });
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await page.getByRole('button', { name: /^Enter what went back/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Amount in/).fill('500');
  await check(page, 'asking how much went back');
  await dialog.getByRole('button', { name: 'Enter what went back' }).click();
  await page.getByText('Saved: what is left can be refunded or shipped as before.').waitFor();

  await page.getByRole('button', { name: /^Paid back another way/ }).click();
  await dialog.getByLabel(/^Amount in/).fill('100.50');
  await dialog.getByLabel(/^How it was paid/).fill('in cash');
  await dialog.getByRole('button', { name: 'Paid back another way' }).click();
  await page.getByText('Saved. The customer reads of it by email.').waitFor();
  await page.getByText('Gone back: ₦500.00 by refund, ₦100.50 another way').waitFor();
  await check(page, 'an order of which something went back');
  expect(problems).toEqual([]);
});

test('a search for text that is no code, email or reference shows no results instead of an error', async () => {
  const { page } = await shop.openAsUser({ role: 'owner' });
  for (const typed of ['hello there', 'someone@', 'x']) {
    await page.goto(`${url}/desk/orders?q=${encodeURIComponent(typed)}`);
    await page.getByText('Nothing found').waitFor();
  }
});
