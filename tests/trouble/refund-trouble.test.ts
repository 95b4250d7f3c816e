/**
 * Refunds that fail: Paystack accepts without a reply, refuses, fails, needs attention, or gets the request twice. Each
 * ends once, or waits for staff with an alert and advice (G11, G12).
 */

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import {
  alerts,
  buy,
  type Checkout,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  mailKinds,
  orderOf,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(async () => {
  shop.sandbox.clearScript();
  shop.sandbox.clearWebhookRules();
  await expectAllConsistent(shop);
});
afterAll(() => shop.stop());

const refund = ({ orderId }: Checkout, amount?: number) =>
  shop.staff.client.admin.refund.mutate({
    key: newActionKey(),
    id: orderId,
    note: 'broken',
    ...(amount === undefined ? {} : { amount }),
  });

async function refundOf(checkout: Checkout, index = -1) {
  const found = (await orderOf(shop, checkout)).refunds.at(index);
  if (!found) throw new Error('no refund was requested');
  return found;
}

const shown = ({ orderId }: Checkout) => shop.staff.client.admin.order.query({ id: orderId });

test('a refund that was made and not answered is found in the list and not sent again', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.create', times: 1, carriedOut: true, fault: { kind: 'drop' } });
  await refund(checkout);
  await work(shop);
  expect(await refundOf(checkout)).toMatchObject({ state: 'requested', sentAt: expect.any(Date) });
  // Paystack's list may lag, so a refund counts as absent only after two minutes.
  await sweepAfter(shop, MINUTE_MS);
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(1);
  await sweepAfter(shop, 2 * MINUTE_MS);
  expect((await refundOf(checkout)).gatewayRefundId).toBeDefined();
  await finishRefunds(shop);
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(1);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
});

test('a refund that was not made and not answered is sent again, once the list shows that it is absent', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.create', times: 1, fault: { kind: 'status', status: 500 } });
  await refund(checkout);
  await work(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
  await sweepAfter(shop, 3 * MINUTE_MS);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
});

test('while the list cannot be read nothing is sent', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.list', fault: { kind: 'malformed' } });
  await refund(checkout);
  await work(shop);
  await sweepAfter(shop, HOUR_MS);
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toEqual([]);
  shop.sandbox.clearScript();
  shop.clock.advance(HOUR_MS);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
});

test('a 429 ends the round and counts against no refund', async () => {
  const checkouts = [await buy(shop), await buy(shop)];
  shop.sandbox.script({
    route: 'refund.create',
    times: 20,
    fault: { kind: 'status', status: 429, retryAfterSeconds: 60 },
  });
  for (const checkout of checkouts) await refund(checkout);
  expect((await runRefundsOnce(shop.ctx)).rateLimited).toBe(true);
  for (const checkout of checkouts) expect((await refundOf(checkout)).attempts).toBe(0);
  shop.sandbox.clearScript();
  shop.clock.advance(5 * MINUTE_MS);
  await finishRefunds(shop);
  for (const checkout of checkouts) expect((await refundOf(checkout)).state).toBe('processed');
});

/** The charge is refunded at Paystack's dashboard, and no webhook arrives. */
async function giveBackByHand({ txRef, amount }: Checkout): Promise<void> {
  shop.sandbox.scriptWebhooks({ event: 'refund.*', mode: 'lose' });
  await fetch(`${shop.sandbox.url}/refund`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.ctx.config.paystackSecretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ transaction: txRef, amount, merchant_note: 'by hand' }),
  });
}

test('a charge that was given back at the dashboard is not sent again: the end of that refund is the end of ours', async () => {
  const checkout = await buy(shop);
  await giveBackByHand(checkout);
  await refund(checkout);
  await work(shop);
  expect(await refundOf(checkout)).toMatchObject({ state: 'pending', gatewayRefundId: expect.any(String) });
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded', paymentStatus: 'refunded' });
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(1);
  expect(mailKinds(shop, checkout.shopper).at(-1)).toBe('refund_done');
});

test('a charge that Paystack reports as reversed without a listed refund waits for staff until the list has it', async () => {
  const checkout = await buy(shop);
  const alertsBefore = alerts(shop).length;
  await giveBackByHand(checkout);
  shop.sandbox.script({ route: 'refund.list', times: 1, fault: { kind: 'override', body: { data: [] } } });
  await refund(checkout);
  await work(shop);
  expect(await refundOf(checkout)).toMatchObject({
    state: 'needs_attention',
    lastError: expect.stringMatching(/already_refunded/),
  });
  expect(alerts(shop).slice(alertsBefore)).toEqual([
    expect.objectContaining({ event: 'refund_recorded', state: 'needs_attention' }),
  ]);
  expect((await shown(checkout)).refunds[0]?.advice).toMatch(/did not accept/);
  const { items } = await shop.staff.client.admin.orders.query({ attention: 'refund' });
  expect(items.map(({ id }) => id)).toContain(checkout.orderId);
  shop.sandbox.finishRefunds(checkout.txRef);
  await sweepAfter(shop, 2 * HOUR_MS);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded' });
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(2);
});

const returned = ({ orderId }: Checkout, refundId: string) =>
  shop.staff.client.admin.recordRefundPaidElsewhere.mutate({ id: orderId, refundId, note: 'by bank transfer' });

test('a refund that Paystack keeps refusing ends when staff record that it was paid elsewhere', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.create', fault: { kind: 'status', status: 400 } });
  await refund(checkout);
  const { refundId } = await refundOf(checkout);
  await work(shop);
  // Paystack may still accept it.
  expect(await errorCodeOf(returned(checkout, refundId))).toBe('ORDER_STATE_CONFLICT');
  for (let hour = 0; hour < 9; hour += 1) await sweepAfter(shop, HOUR_MS);
  await returned(checkout, refundId);
  const view = await returned(checkout, refundId);
  expect(view).toMatchObject({ status: 'refunded', paymentStatus: 'refunded', attention: [] });
  shop.sandbox.clearScript();
  await sweepAfter(shop, 2 * HOUR_MS);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
  const { history, refunds } = await orderOf(shop, checkout);
  const actor = `staff:${shop.staff.id}`;
  expect(history.filter(({ type }) => type === 'refund_paid_elsewhere')).toMatchObject([{ actor }]);
  expect(refunds.at(-1)).toMatchObject({
    paidElsewhereBy: actor,
    paidElsewhereNote: expect.stringContaining('by bank transfer'),
  });
  expect(mailKinds(shop, checkout.shopper).filter((kind) => kind === 'refund_done')).toHaveLength(1);
});

test('a refund that failed at the bank ends when staff record that it was paid elsewhere, and cannot be requested again', async () => {
  const checkout = await buy(shop, {}, { card: 'refund-failed' });
  await shop.staff.client.admin.cancel.mutate({ id: checkout.orderId });
  await finishRefunds(shop);
  const { refundId } = await refundOf(checkout);
  await returned(checkout, refundId);
  const view = await returned(checkout, refundId);
  expect(view).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded', attention: [] });
  expect(view.refunds.map(({ state, amount }) => [state, amount])).toEqual([
    ['failed', checkout.amount],
    ['processed', checkout.amount],
  ]);
  expect(await errorCodeOf(refund(checkout))).toBe('REFUND_EXCEEDS_PAYMENT');
  await sweepAfter(shop, 2 * HOUR_MS);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'failed' }]);
});

test('a refund that Paystack keeps refusing waits for staff after eight tries, and their retry sends it', async () => {
  const checkout = await buy(shop);
  shop.sandbox.script({ route: 'refund.create', fault: { kind: 'status', status: 400 } });
  await refund(checkout);
  for (let hour = 0; hour < 9; hour += 1) await sweepAfter(shop, HOUR_MS);
  expect(await refundOf(checkout)).toMatchObject({ state: 'needs_attention', attempts: 8 });
  expect(shop.sandbox.requests({ route: 'refund.create', reference: checkout.txRef })).toHaveLength(8);
  shop.sandbox.clearScript();
  await sweepAfter(shop, HOUR_MS);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);

  const { refundId } = await refundOf(checkout);
  await shop.staff.client.admin.retryRefund.mutate({ id: checkout.orderId, refundId });
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  const { history } = await orderOf(shop, checkout);
  expect(history.find(({ type }) => type === 'refund_retried')?.actor).toBe(`staff:${shop.staff.id}`);
});

test.each([{ amount: 1 }, { currency: 'USD' }])(
  'a refund that Paystack lists under our note with %j is not believed: it waits for staff, is alerted once, not sent again',
  async (data) => {
    const checkout = await buy(shop);
    const alertsBefore = alerts(shop).length;
    await refund(checkout);
    shop.sandbox.script({ route: 'refund.create', times: 1, fault: { kind: 'override', data } });
    shop.sandbox.script({ route: 'refund.list', fault: { kind: 'override', data } });
    await work(shop);
    await sweepAfter(shop, 2 * HOUR_MS);
    expect(await refundOf(checkout)).toMatchObject({
      state: 'needs_attention',
      lastError: expect.stringMatching(/instead of/),
    });
    expect(alerts(shop).slice(alertsBefore)).toEqual([
      expect.objectContaining({ event: 'refund_recorded', state: 'needs_attention' }),
    ]);
    shop.sandbox.clearScript();
    shop.clock.advance(HOUR_MS);
    await finishRefunds(shop);
    expect((await refundOf(checkout)).state).toBe('processed');
    expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  },
);

test('a refund that fails at the bank alerts, is shown with advice, and staff refund once more', async () => {
  const checkout = await buy(shop, {}, { card: 'refund-failed' });
  const alertsBefore = alerts(shop).length;
  await refund(checkout);
  await finishRefunds(shop);
  expect((await refundOf(checkout)).state).toBe('failed');
  expect(alerts(shop).slice(alertsBefore)).toEqual([expect.objectContaining({ state: 'failed' })]);
  const view = await shown(checkout);
  expect(view).toMatchObject({
    status: 'confirmed',
    paymentStatus: 'paid',
    attention: [expect.stringMatching(/refund once more/)],
  });
  await refund(checkout);
  expect((await shown(checkout)).attention).toEqual([]);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([
    { amount: checkout.amount, status: 'failed' },
    { amount: checkout.amount, status: 'failed' },
  ]);
  // The owner sees only the refund that replaces the other.
  const seen = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(seen.refunds).toHaveLength(1);
  expect(mailKinds(shop, checkout.shopper).filter((kind) => kind === 'refund_done')).toEqual([]);
});

test('a refund for which Paystack needs bank details waits for staff with advice, and its end is recorded', async () => {
  const checkout = await buy(shop, {}, { card: 'refund-needs-attention' });
  await refund(checkout);
  await finishRefunds(shop);
  const { state, refundId, gatewayRefundId } = await refundOf(checkout);
  expect(state).toBe('needs_attention');
  expect((await shown(checkout)).refunds[0]?.advice).toMatch(/bank details/);
  expect(await errorCodeOf(shop.staff.client.admin.retryRefund.mutate({ id: checkout.orderId, refundId }))).toBe(
    'ORDER_STATE_CONFLICT',
  );
  expect(await errorCodeOf(refund(checkout))).toBe('REFUND_EXCEEDS_PAYMENT');

  shop.sandbox.advanceRefund(Number(gatewayRefundId), 'processed');
  await shop.sandbox.webhooksIdle();
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded' });
  expect(mailKinds(shop, checkout.shopper).at(-1)).toBe('refund_done');
});
