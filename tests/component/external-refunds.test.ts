/**
 * Refunds made at Paystack's dashboard: the webhook alone records and completes them. A sold order goes on, and no money is
 * refunded twice.
 */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { aParcelOf } from '../support/action-keys.ts';
import {
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
  shop.sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
});
afterEach(() => {
  shop.sandbox.clearScript();
  shop.sandbox.clearWebhookRules();
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const ship = ({ orderId: id }: Checkout) => admin().ship.mutate(aParcelOf(id));
const refundsOf = async (checkout: Checkout) =>
  (await orderOf(shop, checkout)).refunds.map(({ amount, state, requestedBy }) => [amount, state, requestedBy]);

/** Refunds at the dashboard, which sends a webhook. */
async function giveBackByHand({ txRef }: Checkout, amount: number): Promise<void> {
  await fetch(`${shop.sandbox.url}/refund`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ transaction: txRef, amount, merchant_note: null }),
  });
  await shop.sandbox.webhooksIdle();
}

test('a charge that is given back at the dashboard ends its order as refunded, and nothing ships meanwhile', async () => {
  const checkout = await buy(shop);
  await giveBackByHand(checkout, checkout.amount);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'refunding' });
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded', paymentStatus: 'refunded' });
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'refund_started', 'refund_done']);
});

test('a part that was given back at the dashboard is told, leaves the order as it stands, and is not given back again', async () => {
  const checkout = await buy(shop);
  await giveBackByHand(checkout, 100_000);
  await finishRefunds(shop);
  expect(await refundsOf(checkout)).toEqual([[100_000, 'processed', 'paystack']]);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  const seen = await admin().order.query({ id: checkout.orderId });
  expect(seen.notices).toEqual([expect.stringContaining('₦1,000.00')]);
  expect(seen.attention).toEqual([]);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, note: 'the rest' });
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef).map(({ amount }) => amount)).toEqual([
    100_000,
    checkout.amount - 100_000,
  ]);
  expect((await orderOf(shop, checkout)).status).toBe('refunded');
});

test('a part that goes back before the order is settled keeps it from being settled; staff cancel it or, when the part fails, accept it', async () => {
  for (const end of ['processed', 'failed'] as const) {
    const checkout = await checkOut(shop);
    shop.ctx.jobs = { ...shop.ctx.jobs, enqueueSettlement: async () => undefined };
    await pay(shop, checkout.txRef);
    await giveBackByHand(checkout, 100_000);
    await work(shop);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'review' });
    const resolve = (resolution: 'accept' | 'refund') =>
      admin().resolveReview.mutate({ id: checkout.orderId, reference: checkout.txRef, resolution });
    expect(await errorCodeOf(resolve('accept'))).toBe('ORDER_STATE_CONFLICT');
    const [refund] = shop.sandbox.transaction(checkout.txRef).refunds;
    shop.sandbox.advanceRefund(refund?.id ?? 0, end);
    await sweepAfter(shop, 11 * MINUTE_MS);
    await resolve(end === 'failed' ? 'accept' : 'refund');
    await finishRefunds(shop);
    expect((await orderOf(shop, checkout)).status).toBe(end === 'failed' ? 'confirmed' : 'cancelled');
  }
});

test('two refunds that are found at once are entered together, with one email that names their sum', async () => {
  const checkout = await buy(shop);
  shop.sandbox.scriptWebhooks({ event: 'refund.*', mode: 'lose' });
  await giveBackByHand(checkout, 60_000);
  shop.sandbox.clearWebhookRules();
  await giveBackByHand(checkout, 40_000);
  await work(shop);
  expect((await refundsOf(checkout)).map(([amount]) => amount).sort()).toEqual([40_000, 60_000]);
  const { history } = await orderOf(shop, checkout);
  expect(history.filter(({ type }) => type === 'external_refunds_entered')).toMatchObject([
    { actor: 'paystack', data: { amount: 100_000 } },
  ]);
  expect(theMail(shop, checkout.shopper, 'refund_started').subject).toContain('₦1,000.00');
});

test('while Paystack cannot verify a webhook, the webhook is kept', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.list', fault: { kind: 'status', status: 500 } });
  await giveBackByHand(checkout, 100_000);
  await sweepAfter(shop, MINUTE_MS);
  expect(await refundsOf(checkout)).toEqual([]);
  shop.sandbox.clearScript();
  await sweepAfter(shop, MINUTE_MS);
  expect(await refundsOf(checkout)).toHaveLength(1);
});

test('what is given back at the dashboard while a refund of ours is at Paystack is entered, each once', async () => {
  const checkout = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, amount: 50_000, note: 'a stain' });
  await work(shop);
  await giveBackByHand(checkout, 100_000);
  await finishRefunds(shop);
  await work(shop);
  expect(await refundsOf(checkout)).toEqual([
    [50_000, 'processed', `staff:${shop.staff.id}`],
    [100_000, 'processed', 'paystack'],
  ]);
  expect((await orderOf(shop, checkout)).paymentStatus).toBe('partially_refunded');
});

test('a webhook about a refund of ours that has ended changes nothing', async () => {
  const checkout = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, amount: 50_000, note: 'a stain' });
  await finishRefunds(shop);
  const before = await orderOf(shop, checkout);
  for (const { id } of shop.sandbox.webhooks({ reference: checkout.txRef })) await shop.sandbox.resendWebhook(id);
  expect(await orderOf(shop, checkout)).toEqual(before);
});
