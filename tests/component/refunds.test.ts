/**
 * Successful refunds by staff, full and partial, sent with an explicit amount and our id. Polling alone completes them;
 * never more is refunded than was paid, and one per charge is in flight (I16).
 */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
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

const refund = ({ orderId }: Checkout, amount?: number, restockRest?: boolean) =>
  shop.staff.client.admin.refund.mutate({
    id: orderId,
    key: newActionKey(),
    note: 'a scratch',
    ...(amount === undefined ? {} : { amount }),
    ...(restockRest === undefined ? {} : { restockRest }),
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
  [undefined, 10],
  [false, 9],
] as const)(
  'with restockRest %s, %s of ten units are on the shelf once all is refunded',
  async (restockRest, stock) => {
    const checkout = await buy(shop);
    await refund(checkout, 50_000);
    await finishRefunds(shop);
    // An amount alone takes no unit out of the order.
    expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
    await refund(checkout, undefined, restockRest);
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
  const listed = async () => (await checkout.shopper.client.orders.list.query({})).items[0]?.money;
  const money = { paid: checkout.amount, currency: 'NGN' };
  expect(await listed()).toEqual({ ...money, returned: 100_000, returning: 50_000 });
  await finishRefunds(shop);
  expect(await listed()).toEqual({ ...money, returned: 150_000, returning: 0 });
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

test('a refund pressed three times at once with one key is one refund, and so is a later repeat', async () => {
  const checkout = await buy(shop);
  const input = { id: checkout.orderId, key: newActionKey(), amount: 200_000, note: 'a scratch' };
  const press = () => shop.staff.client.admin.refund.mutate(input);
  await Promise.allSettled([press(), press(), press()]);
  expect((await orderOf(shop, checkout)).refunds).toHaveLength(1);
  await finishRefunds(shop);
  // The state has moved on: the repeat is answered with what stands.
  const repeat = await press().catch(() => null);
  expect(repeat?.refunds).toMatchObject([{ id: input.key, amount: 200_000, state: 'processed' }]);
  const other = shop.staff.client.admin.refund.mutate({ ...input, amount: 100_000 });
  expect(await errorCodeOf(other)).toBe('ACTION_KEY_REUSED');
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: 200_000, status: 'processed' }]);
});

test('several refunds may be open; they are sent one after the other, and their sum never exceeds the payment', async () => {
  const checkout = await buy(shop);
  shop.sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
  const third = Math.floor(checkout.amount / 3);
  const pressed = await Promise.allSettled(Array.from({ length: 4 }, () => refund(checkout, third)));
  expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  await runRefundsOnce(shop.ctx);
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(1);
  for (let run = 0; run < 6; run += 1) await runRefundsOnce(shop.ctx);
  expect(refundsAtPaystack(shop, checkout.txRef).map(({ amount }) => amount)).toEqual([third, third, third]);
  const left = checkout.amount - 3 * third;
  const excess = await refund(checkout, left + 1).catch((error: unknown) => error);
  // In the charge's currency, as people write it.
  expect(String(excess)).toMatch(
    left > 0 ? /Only ₦[\d,.]+ of this payment is left/ : /Nothing of this payment is left/,
  );
  await finishRefunds(shop);
  shop.sandbox.setSwitches({ secondRefundWhilePending: 'refused' });
});

test('a second refund that Paystack refuses while the first is pending waits, without counting an attempt', async () => {
  const checkout = await buy(shop);
  await refund(checkout, 100_000);
  await refund(checkout, 200_000);
  for (let run = 0; run < 3; run += 1) await runRefundsOnce(shop.ctx);
  for (let hour = 0; hour < 18; hour += 1) await sweepAfter(shop, HOUR_MS);
  const [, second] = (await orderOf(shop, checkout)).refunds;
  expect(second).toMatchObject({ state: 'requested', attempts: 0 });
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef }).length).toBeGreaterThan(8);
  await finishRefunds(shop);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([
    { amount: 100_000, status: 'processed' },
    { amount: 200_000, status: 'processed' },
  ]);
});

test('a refund beyond the balance at Paystack waits six hours and longer, tells staff once, and counts no attempt', async () => {
  const checkout = await buy(shop);
  const before = alerts(shop).length;
  shop.sandbox.setSwitches({ refundBalance: 'pending-payout-only' });
  shop.sandbox.settle();
  await refund(checkout, 100_000);
  for (let run = 0; run < 10; run += 1) await sweepAfter(shop, 6 * HOUR_MS);
  const [waiting] = (await orderOf(shop, checkout)).refunds;
  expect(waiting).toMatchObject({ state: 'requested', attempts: 0, balanceLowSince: expect.any(Date) });
  const told = alerts(shop).slice(before);
  expect(told).toEqual([expect.objectContaining({ event: 'refund_balance_low', refundId: waiting?.refundId })]);
  const { refunds, attention } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
  expect(refunds[0]?.advice).toMatch(/balance at Paystack is too low/);
  expect(attention).toEqual([refunds[0]?.advice]);
  // The payments of the day make it possible.
  await buy(shop, { quantity: 1 });
  await sweepAfter(shop, 6 * HOUR_MS);
  shop.sandbox.setSwitches({ refundBalance: 'enough' });
  await finishRefunds(shop);
  expect((await orderOf(shop, checkout)).refunds[0]).not.toHaveProperty('balanceLowSince');
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: 100_000, status: 'processed' }]);
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
  const shown = {
    ...{ id: expect.any(String), amount: 100_000, currency: 'NGN', state: 'requested', endedAt: null },
    ...{ lines: [], delivery: false },
  };
  expect(seen.refunds).toEqual([{ ...shown, requestedAt: expect.any(String) }]);
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`scratch|${shop.staff.id}`));
  const { amount: paid } = checkout;
  expect(seen.money).toEqual({ paid, returned: 0, returning: 100_000, currency: 'NGN' });
  await finishRefunds(shop);
  const later = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(later.refunds[0]?.state).toBe('processed');
  expect(later.money).toEqual({ paid, returned: 100_000, returning: 0, currency: 'NGN' });
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
