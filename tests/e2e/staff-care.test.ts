/** What waits for a person, in the browser: each list, each order as it waits, and each way out of it. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import { eventually } from '../support/eventually.ts';
import { stockGoods } from '../support/shop-goods.ts';
import type { SignedIn } from '../support/test-app.ts';
import { check, PHONE } from './axe.ts';
import { placeOrder } from './order-of.ts';
import { openShopFloor, type ShopFloor } from './test-shop.ts';

jest.setTimeout(60_000);

let shop: ShopFloor;
let url: string;
beforeAll(async () => {
  shop = await openShopFloor();
  url = shop.world.url;
});
afterAll(() => shop.close());

const mailed = (shopper: SignedIn, kind: string) =>
  shop.world.mailbox.waitFor(({ to, key }) => to === shopper.email && key?.includes(`:${kind}:`) === true);

/** An order, and what Paystack captured for it. */
async function orderPaid(pay: PayOptions = {}) {
  const shopper = await shop.world.signUp();
  const order = await placeOrder(shopper, await stockGoods(shop.world.db));
  shop.world.sandbox.pay(order.txRef, pay);
  return { shopper, ...order };
}

/** Writes past the module: what takes hours to come about by itself. */
const inBooks = ({ code }: { code: string }, change: object) =>
  shop.world.db.orders.collection.updateOne({ code }, change);

/** From the list that it waits in to the order; both are checked as they stand. */
async function openFrom(page: Page, list: string, { code }: { code: string }): Promise<void> {
  await page.goto(`${url}/staff`);
  await page.getByRole('region', { name: list }).getByRole('link', { name: code }).waitFor();
  await check(page, list);
  await page.getByRole('region', { name: list }).getByRole('link', { name: code }).click();
  await page.getByRole('heading', { name: `Order ${code}` }).waitFor();
  await check(page, `an order of ${list}`);
}

/** Presses the button and, in the question that it opens, the button of the same name. */
async function carryOut(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
  await check(page, `asking: ${name.source}`);
  await page.getByRole('dialog').getByRole('button', { name }).click();
}

test('money in review is accepted, and the order goes on; or refunded, and the order ends', async () => {
  const { page, problems } = await shop.enter({ role: 'staff' }, PHONE);
  const accepted = await orderPaid({ capture: { amount: 1 } });
  await mailed(accepted.shopper, 'payment_review');
  await openFrom(page, 'Money in review', accepted);
  await page.getByText('Nothing can be done here before what is said above.').waitFor();
  await carryOut(page, /^Accept/);
  await page.getByText('Accepted: the order goes on as paid.').waitFor();
  await mailed(accepted.shopper, 'order_confirmed');

  const refunded = await orderPaid({ capture: { amount: 50_00, currency: 'USD' } });
  await mailed(refunded.shopper, 'payment_review');
  await openFrom(page, 'Money in review', refunded);
  // Money of another currency cannot pay this order.
  expect(await page.getByRole('button', { name: /^Accept/ }).count()).toBe(0);
  await carryOut(page, /^Refund/);
  await page.getByText('Refund requested.').waitFor();
  await page.getByText('$50.00').waitFor();
  await check(page, 'an order with a refund');
  await mailed(refunded.shopper, 'order_cancelled');
  expect(problems).toEqual([]);
});

test('a refund that Paystack did not accept is tried again from its order, and goes out', async () => {
  const { page, problems } = await shop.enter({ role: 'staff' }, PHONE);
  const order = await orderPaid();
  await mailed(order.shopper, 'order_confirmed');
  shop.world.sandbox.script({ route: 'refund.create', reference: order.txRef, fault: { kind: 'status', status: 400 } });
  const staff = await shop.world.signUp({ role: 'staff' });
  await staff.client.admin.refund.mutate({ id: order.orderId, reason: 'torn' });
  await eventually(
    'a refund that failed once',
    async () => ((await shop.world.db.orders.findOne({ code: order.code }))?.refunds[0]?.attempts ?? 0) > 0,
  );
  // The other seven tries take hours.
  await inBooks(order, {
    $set: { 'refunds.0.state': 'needs_attention', 'refunds.0.attempts': 8, refundAttentionSince: new Date() },
    $unset: { 'refunds.0.dueAt': 1, 'refunds.0.sentAt': 1, refundDueAt: 1 },
  });
  shop.world.sandbox.clearScript();
  await openFrom(page, 'Refunds needing attention', order);
  await carryOut(page, /^Try again/);
  await page.getByText('The refund is tried again.').waitFor();
  await eventually(
    'the refund to reach Paystack',
    () => shop.world.sandbox.transaction(order.txRef).refunds.length === 1,
  );
  expect(problems).toEqual([]);
});

test('a parked settlement is shown with its error, and retried once its cause is mended', async () => {
  const { page, problems } = await shop.enter({ role: 'staff' }, PHONE);
  const shopper = await shop.world.signUp();
  const order = await placeOrder(shopper, await stockGoods(shop.world.db));
  // It claims to hold what nobody reserved, so its transaction can never be right.
  await inBooks(order, { $set: { reservation: 'reserved' } });
  shop.world.sandbox.pay(order.txRef);
  await eventually(
    'a failed settlement',
    async () => ((await shop.world.db.orders.findOne({ code: order.code }))?.settlement.attempts ?? 0) > 0,
  );
  // The other seven tries take minutes.
  await inBooks(order, {
    $set: { 'settlement.parkedAt': new Date(), 'settlement.attempts': 8, reservation: 'none' },
    $unset: { 'settlement.queuedAt': 1, 'settlement.retryAt': 1 },
  });
  await openFrom(page, 'Parked settlements', order);
  await carryOut(page, /^Retry settlement/);
  await page.getByText('Back in the queue.').waitFor();
  await mailed(shopper, 'order_confirmed');
  await page.getByRole('button', { name: 'Ship' }).waitFor();
  expect(problems).toEqual([]);
});

test('a search for what is no code, email or reference finds nothing, and is no failure', async () => {
  const { page } = await shop.enter({ role: 'staff' });
  for (const typed of ['hello there', 'someone@', 'x']) {
    await page.goto(`${url}/staff?q=${encodeURIComponent(typed)}`);
    await page.getByText('Nothing found').waitFor();
  }
});
