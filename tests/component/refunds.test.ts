/**
 * Successful refunds by staff, full and partial, sent with an explicit amount and our id. Polling alone completes them;
 * never more is refunded than was paid, and one per charge is in flight (I16).
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
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
  refundsAnnounced,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.sandbox.clearWebhookRules());
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const refund = ({ orderId }: Checkout, amount?: number, restock?: boolean) =>
  shop.staff.client.admin.refund.mutate({
    id: orderId,
    reason: 'a scratch',
    ...(amount === undefined ? {} : { amount }),
    ...(restock === undefined ? {} : { restock }),
  });

test('a full refund ends the order as refunded, sends two emails, and restocks unshipped units', async () => {
  const checkout = await buy(shop);
  await refund(checkout);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'refunding' });
  await finishRefunds(shop);
  const order = await orderOf(shop, checkout);
  expect(order).toMatchObject({ status: 'refunded', paymentStatus: 'refunded' });
  expect(order.history.find(({ type }) => type === 'refund_requested')?.actor).toBe(`staff:${shop.staff.id}`);
  expect(order.refunds).toMatchObject([{ cause: 'staff', note: 'a scratch' }]);
  expect(refundsAnnounced(shop, checkout)).toEqual([{ kind: 'staff', amount: checkout.amount }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'refund_started', 'refund_done']);
  // The reason that staff enter is not public.
  expect(theMail(shop, checkout.shopper, 'refund_started').text).not.toContain('scratch');
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
});

test.each([
  ['confirmed', undefined, 10],
  ['confirmed', false, 9],
  ['shipped', undefined, 9],
  ['shipped', true, 10],
] as const)(
  'of a %s order, with restock %s, %s of ten units are on the shelf once all is refunded',
  async (status, restock, stock) => {
    const checkout = await buy(shop);
    if (status === 'shipped') await shop.staff.client.admin.ship.mutate(aParcelOf(checkout.orderId));
    await refund(checkout, 50_000, restock);
    await finishRefunds(shop);
    // A partial refund does not return the item to stock.
    expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
    await refund(checkout, undefined, restock);
    await finishRefunds(shop);
    expect(await stockOf(shop, checkout.item)).toEqual({ stock, reserved: 0 });
  },
);

test('Paystack is sent an explicit amount, the currency, and our refund id in the merchant note', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 1_000_00);
  await work(shop);
  const [ours] = (await orderOf(shop, checkout)).refunds;
  const [theirs, ...more] = shop.sandbox.transaction(checkout.txRef).refunds;
  expect(more).toEqual([]);
  expect(theirs).toMatchObject({ amount: 1_000_00, currency: 'NGN', merchantNote: `rf:${ours?.refundId}` });
  expect(theirs?.customerNote).toContain(checkout.code);
  await finishRefunds(shop);
});

test('partial refunds one after the other add up to the whole, and never to more', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 100_000);
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  expect(await errorCodeOf(refund(checkout, checkout.amount - 100_000 + 1))).toBe('REFUND_EXCEEDS_PAYMENT');
  await refund(checkout, 50_000);
  await finishRefunds(shop);
  // Without an amount, the whole rest is refunded.
  await refund(checkout);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef).map(({ amount }) => amount)).toEqual([
    100_000,
    50_000,
    checkout.amount - 150_000,
  ]);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded', paymentStatus: 'refunded' });
  expect(await errorCodeOf(refund(checkout, 1))).toBe('REFUND_EXCEEDS_PAYMENT');
});

test('two partial refunds pressed at once: one is in flight, the other is refused', async () => {
  const checkout = await buy(shop);
  const pressed = await Promise.allSettled([
    refund(checkout, 200_000),
    refund(checkout, 200_000),
    refund(checkout, 200_000),
  ]);
  expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await errorCodeOf(refund(checkout, 1))).toBe('ORDER_STATE_CONFLICT');
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: 200_000, status: 'processed' }]);
  await refund(checkout, 100_000);
  await finishRefunds(shop);
});

test('twenty workers at once send a refund once', async () => {
  const checkout = await buy(shop);
  await refund(checkout);
  const runs = await Promise.allSettled(Array.from({ length: 20 }, () => runRefundsOnce(shop.ctx)));
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(1);
  expect(refundsAtPaystack(shop, checkout.txRef)).toHaveLength(1);
  expect(runs.filter(({ status }) => status === 'rejected')).toEqual([]);
  await finishRefunds(shop);
});

test('a refund reaches its end by asking alone, every webhook and job lost', async () => {
  const checkout = await buy(shop);
  shop.sandbox.scriptWebhooks({ event: 'refund.*', mode: 'lose' });
  await refund(checkout);
  await sweepAfter(shop, MINUTE_MS);
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('pending');
  shop.sandbox.finishRefunds(checkout.txRef);
  await sweepAfter(shop, 10 * MINUTE_MS);
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('processed');
});

test('a refund webhook triggers an immediate check, and only Paystack’s reply counts', async () => {
  const checkout = await buy(shop);
  await refund(checkout);
  await work(shop);
  const data = { status: 'processed', transaction_reference: checkout.txRef, refund_reference: null, amount: '1' };
  const told = await shop.sandbox.sendWebhook({ event: 'refund.processed', data });
  expect(told.attempts.map(({ status }) => status)).toEqual([200]);
  await work(shop);
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('pending');
  shop.sandbox.finishRefunds(checkout.txRef);
  await shop.sandbox.webhooksIdle();
  await work(shop);
  expect((await orderOf(shop, checkout)).refunds[0]?.state).toBe('processed');
});

test('the owner sees the refunds of the order, their amounts and states, and nothing of staff', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 100_000);
  const seen = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  const shown = { id: expect.any(String), amount: 100_000, currency: 'NGN', state: 'requested', endedAt: null };
  expect(seen.refunds).toEqual([{ ...shown, requestedAt: expect.any(String) }]);
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`scratch|${shop.staff.id}`));
  await finishRefunds(shop);
  expect((await checkout.shopper.client.orders.get.query({ id: checkout.orderId })).refunds[0]?.state).toBe(
    'processed',
  );
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('an amount of %p is refused and changes nothing', async (amount) => {
  const checkout = await buy(shop);
  const before = await orderOf(shop, checkout);
  expect(await errorCodeOf(refund(checkout, amount))).toBe('INVALID_INPUT');
  expect(await orderOf(shop, checkout)).toEqual(before);
});

test('an unpaid order has nothing to refund', async () => {
  const checkout = await checkOut(shop);
  expect(await errorCodeOf(refund(checkout))).toBe('ORDER_STATE_CONFLICT');
});
