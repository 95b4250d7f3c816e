/**
 * Paystack's word `reversed` is a hint. The refunds and disputes of the charge are read; only what neither explains is put
 * before staff, who enter how much went back.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import {
  alerts,
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  orderOf,
  paySilently,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  sweep,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.sandbox.clearScript());
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const refund = ({ orderId: id }: Checkout, amount?: number) =>
  admin().refund.mutate({ key: newActionKey(), id, note: 'asked for', ...(amount === undefined ? {} : { amount }) });

/** Paystack says the word by a signed webhook, and at every look from then on. */
async function sayReversed({ txRef }: Checkout, status = 'reversed'): Promise<void> {
  shop.sandbox.setStatus(txRef, status);
  await shop.sandbox.sendWebhook({ event: 'charge.success', reference: txRef });
}

const answer = ({ orderId: id, txRef: reference }: Checkout, returned: number) =>
  admin().resolveReview.mutate({ id, reference, resolution: 'returned', returned });

test.each(['reversed', 'reversal-pending', 'Reversal Pending'])(
  'a part refund, then "%s": the order stays confirmed, no alarm is raised, and the rest can be refunded',
  async (word) => {
    const checkout = await buy(shop);
    await refund(checkout, 50_000);
    await finishRefunds(shop);
    const alertsBefore = alerts(shop).length;
    await sayReversed(checkout, word);
    await sweepAfter(shop, 3 * MINUTE_MS);
    await sayReversed(checkout, word);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
    expect(alerts(shop)).toHaveLength(alertsBefore);
    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'refund_started', 'refund_done']);
    await refund(checkout);
    await finishRefunds(shop);
    expect((await orderOf(shop, checkout)).status).toBe('refunded');
    expect(refundsAtPaystack(shop, checkout.txRef).map(({ amount }) => amount)).toEqual([
      50_000,
      checkout.amount - 50_000,
    ]);
  },
);

test('what nothing explains is asked again after two minutes, then staff enter how much went back and everything is open again', async () => {
  const checkout = await buy(shop);
  await sayReversed(checkout);
  expect((await orderOf(shop, checkout)).paymentStatus).toBe('paid');
  await sweepAfter(shop, MINUTE_MS);
  expect((await orderOf(shop, checkout)).paymentStatus).toBe('paid');
  await sweepAfter(shop, 2 * MINUTE_MS);
  expect((await orderOf(shop, checkout)).payments[0]?.review?.cause).toBe('reversed_unexplained');
  const seen = await admin().order.query({ id: checkout.orderId });
  expect(seen.payments[0]?.review).toMatch(
    /Of ₦3,000\.00 captured, ₦0\.00 returned by refund, ₦0\.00 by dispute; ₦3,000\.00 is held/,
  );
  expect(seen.payments[0]?.asksReturned).toBe(true);

  expect(await errorCodeOf(answer(checkout, checkout.amount + 1))).toBe('REFUND_EXCEEDS_PAYMENT');
  const input = { id: checkout.orderId, reference: checkout.txRef };
  expect(await errorCodeOf(admin().resolveReview.mutate({ ...input, resolution: 'accept' }))).toBe(
    'ORDER_STATE_CONFLICT',
  );
  const preview = await admin().previewResolveReview.mutate({ ...input, resolution: 'returned', returned: 50_000 });
  expect(preview.money).toMatchObject([{ what: 'return_entered', amount: 50_000 }]);
  await answer(checkout, 50_000);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
  expect(theMail(shop, checkout.shopper, 'refund_done').text).toContain('₦500.00');
  await sayReversed(checkout);
  expect((await orderOf(shop, checkout)).paymentStatus).toBe('partially_refunded');
  await refund(checkout);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount - 50_000, status: 'processed' }]);
  expect((await orderOf(shop, checkout)).status).toBe('refunded');
});

test('staff who find that nothing went back are not asked again, and all of it may end the order', async () => {
  for (const returned of [0, 300_000]) {
    const checkout = await buy(shop);
    await sayReversed(checkout);
    await sweepAfter(shop, 3 * MINUTE_MS);
    await answer(checkout, returned);
    await sayReversed(checkout);
    await sweepAfter(shop, 3 * MINUTE_MS);
    expect(await orderOf(shop, checkout)).toMatchObject(
      returned === 0
        ? { status: 'confirmed', paymentStatus: 'paid' }
        : { status: 'refunded', paymentStatus: 'refunded' },
    );
    shop.sandbox.setStatus(checkout.txRef, 'success');
  }
});

test('money that was paid elsewhere explains no reversal, and is told and counted once', async () => {
  const checkout = await buy(shop);
  const paid = { id: checkout.orderId, key: 'paid-in-cash-000001', amount: 100_000, note: 'in cash' };
  await admin().recordPaidElsewhere.mutate(paid);
  await admin().recordPaidElsewhere.mutate(paid);
  expect(await errorCodeOf(admin().recordPaidElsewhere.mutate({ ...paid, amount: 1 }))).toBe('ACTION_KEY_REUSED');
  const over = { ...paid, key: 'paid-in-cash-000002', amount: checkout.amount };
  expect(await errorCodeOf(admin().recordPaidElsewhere.mutate(over))).toBe('REFUND_EXCEEDS_PAYMENT');
  await work(shop);
  const { text } = theMail(shop, checkout.shopper, 'refund_done');
  expect(text).toContain('We have paid ₦1,000.00 back to you ourselves');
  expect(text).not.toContain('Banks take');

  await sayReversed(checkout);
  await sweepAfter(shop, 3 * MINUTE_MS);
  const seen = await admin().order.query({ id: checkout.orderId });
  expect(seen.payments[0]).toMatchObject({
    asksReturned: true,
    returned: { elsewhere: 100_000, held: checkout.amount },
  });
  const alertsBefore = alerts(shop).length;
  await answer(checkout, checkout.amount);
  expect(alerts(shop).slice(alertsBefore)).toEqual([
    expect.objectContaining({ event: 'returned_in_excess', amount: 100_000 }),
  ]);
  const { money } = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(money).toEqual({ currency: 'NGN', paid: checkout.amount, returned: checkout.amount, returning: 0 });
});

test.each([0, 1, 2])('a pending order whose charge is reversed is never settled meanwhile (%s)', async (kind) => {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  shop.sandbox.setStatus(checkout.txRef, 'reversed');
  expect((await returnFromPaystack(shop, checkout.txRef)).status).toBe('pending');
  await sweep(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'review' });
  expect(await errorCodeOf(checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId }))).toBe(
    'ORDER_STATE_CONFLICT',
  );
  await sweepAfter(shop, 3 * MINUTE_MS);
  const returned = [0, 100_000, checkout.amount][kind] ?? 0;
  await answer(checkout, returned);
  await sweep(shop);
  await finishRefunds(shop);
  const order = await orderOf(shop, checkout);
  expect(order.status).toBe(returned === 0 ? 'confirmed' : 'cancelled');
  const rest = returned === 0 ? 0 : checkout.amount - returned;
  expect(refundsAtPaystack(shop, checkout.txRef).map(({ amount }) => amount)).toEqual(rest === 0 ? [] : [rest]);
  if (returned > 0) expect(theMail(shop, checkout.shopper, 'order_cancelled').text).toContain('already been returned');
});

test('while Paystack cannot say what went back, the order remembers the question', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.list', fault: { kind: 'status', status: 500 } });
  await sayReversed(checkout);
  expect((await orderOf(shop, checkout)).disputeDueAt).toBeDefined();
  shop.sandbox.clearScript();
  shop.sandbox.setStatus(checkout.txRef, 'success');
  const { id } = shop.sandbox.openDispute(checkout.txRef);
  shop.sandbox.scriptWebhooks({ mode: 'lose' });
  shop.sandbox.resolveDispute(id, 'merchant-accepted', { amount: 70_000 });
  shop.sandbox.clearWebhookRules();
  await sweepAfter(shop, 3 * MINUTE_MS);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'partially_refunded' });
});
