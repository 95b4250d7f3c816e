/**
 * A charge that does not agree with its order never confirms it. It is put in review with an alert, and staff accept or
 * refund it (G8).
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FaultRule, PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import {
  alerts,
  type Checkout,
  checkOut,
  DAY_MS,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  orderOf,
  pay,
  paySilently,
  refundsAnnounced,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweep,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => {
  shop.sandbox.clearScript();
  shop.sandbox.setSwitches({ requestedAmount: 'present' });
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const verifySays = (reference: string, data: NonNullable<Extract<FaultRule['fault'], { kind: 'override' }>['data']>) =>
  shop.sandbox.script({ route: 'verify', reference, fault: { kind: 'override', data } });

/** Pays a different amount or currency. Resolves with the checkout once the charge is recorded. */
async function payWrongly(capture: PayOptions['capture'], options: PayOptions = {}): Promise<Checkout> {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef, { ...options, capture });
  await returnFromPaystack(shop, checkout.txRef);
  await work(shop);
  return checkout;
}

const resolve = ({ orderId, txRef }: Checkout, resolution: 'accept' | 'refund') =>
  shop.staff.client.admin.resolveReview.mutate({ id: orderId, reference: txRef, resolution });

const disagreeing: [string, (checkout: Checkout) => void][] = [
  ['one kobo less than the total was captured', ({ txRef, amount }) => payNow(txRef, { amount: amount - 1 })],
  ['another currency was captured', ({ txRef, amount }) => payNow(txRef, { amount, currency: 'USD' })],
  [
    'one kobo more was captured and Paystack does not say what was asked for',
    ({ txRef, amount }) => {
      shop.sandbox.setSwitches({ requestedAmount: 'absent' });
      payNow(txRef, { amount: amount + 1 });
    },
  ],
  ['less was asked for', ({ txRef, amount }) => payAndSay(txRef, { requested_amount: amount - 1 })],
  ['more was asked for', ({ txRef, amount }) => payAndSay(txRef, { requested_amount: amount + 1 })],
  ['the charge is of the other domain', ({ txRef }) => payAndSay(txRef, { domain: 'live' })],
];

function payNow(txRef: string, capture: PayOptions['capture']): void {
  shop.sandbox.pay(txRef, { capture });
}

function payAndSay(txRef: string, data: Parameters<typeof verifySays>[1]): void {
  shop.sandbox.pay(txRef, { webhook: 'lose' });
  verifySays(txRef, data);
}

test.each(disagreeing)(
  'when %s the order waits for a person, with an alert, and is neither sold nor expired',
  async (_, act) => {
    const checkout = await checkOut(shop);
    const alertsBefore = alerts(shop).length;
    act(checkout);
    await shop.sandbox.webhooksIdle();
    await returnFromPaystack(shop, checkout.txRef);
    await sweepAfter(shop, 2 * MINUTE_MS);
    await sweepAfter(shop, 2 * DAY_MS);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'review' });
    expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
    expect(mailKinds(shop, checkout.shopper)).toEqual(['payment_review']);
    const raised = alerts(shop).slice(alertsBefore);
    expect(raised).toEqual([expect.objectContaining({ event: 'review_opened', orderId: checkout.orderId })]);
    const { items } = await shop.staff.client.admin.orders.query({ attention: 'review' });
    expect(items.map(({ id }) => id)).toContain(checkout.orderId);
    const shown = await shop.staff.client.admin.order.query({ id: checkout.orderId });
    expect(shown.attention).toEqual([expect.stringContaining('is in review')]);
    expect(await errorCodeOf(checkout.again())).toBe('ORDER_STATE_CONFLICT');
    expect(await errorCodeOf(checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId }))).toBe(
      'ORDER_STATE_CONFLICT',
    );
  },
);

const senseless: [string, Parameters<typeof verifySays>[1]][] = [
  ['text', { amount: '300000' }],
  ['1e21', { amount: 1e21 }],
  ['a fraction', { amount: 300000.5 }],
  ['negative', { amount: -300000 }],
  ['null', { amount: null }],
];

test.each(senseless)(
  'an amount that is %s is no amount: the order stays pending until Paystack talks sense',
  async (_, data) => {
    const checkout = await checkOut(shop);
    await paySilently(shop, checkout.txRef);
    verifySays(checkout.txRef, data);
    expect(await returnFromPaystack(shop, checkout.txRef)).toEqual({ httpStatus: 200, status: 'pending' });
    await sweepAfter(shop, 2 * MINUTE_MS);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'unpaid' });
    shop.sandbox.clearScript();
    await returnFromPaystack(shop, checkout.txRef);
    await work(shop);
    expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  },
);

test.each(['pending', 'ongoing', 'processing', 'queued', 'abandoned', 'successful', 'SUCCESS', ''])(
  'the word %p is no success',
  async (status) => {
    const checkout = await checkOut(shop);
    verifySays(checkout.txRef, { status });
    expect((await returnFromPaystack(shop, checkout.txRef)).status).toBe('pending');
    await sweep(shop);
    expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'unpaid' });
  },
);

test('fees that the customer bears are no disagreement', async () => {
  shop.sandbox.setSwitches({ feesBearer: 'customer' });
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  shop.sandbox.setSwitches({ feesBearer: 'merchant' });
  await work(shop);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  // A refund returns the captured amount, fees included.
  await shop.staff.client.admin.cancel.mutate({ id: checkout.orderId });
  await finishRefunds(shop);
  const { amount } = shop.sandbox.transaction(checkout.txRef);
  expect(amount).toBeGreaterThan(checkout.amount);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount, status: 'processed' }]);
});

test('accepted by staff, the money buys: only the shop loses', async () => {
  const checkout = await payWrongly({ amount: 1 });
  await resolve(checkout, 'accept');
  await resolve(checkout, 'accept');
  await work(shop);
  const order = await orderOf(shop, checkout);
  expect(order).toMatchObject({ status: 'confirmed', paidReference: checkout.txRef });
  expect(order.history.find(({ type }) => type === 'review_accepted')?.actor).toBe(`staff:${shop.staff.id}`);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['payment_review', 'order_confirmed']);
});

test('refunded by staff, what was captured goes back, the order ends, and the email says how much', async () => {
  const checkout = await payWrongly({ amount: 1_234_56 });
  await resolve(checkout, 'refund');
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: 1_234_56, status: 'processed' }]);
  expect(refundsAnnounced(shop, checkout)).toEqual([{ kind: 'review', amount: 1_234_56 }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['payment_review', 'order_cancelled', 'refund_done']);
  expect(theMail(shop, checkout.shopper, 'order_cancelled').text).toContain('₦1,234.56');
  expect(theMail(shop, checkout.shopper, 'order_cancelled').text).not.toMatch(/have not been charged/);
});

test('a customer cannot resolve a review, and an order without one has none to resolve', async () => {
  const checkout = await payWrongly({ amount: 1 });
  const input = { id: checkout.orderId, reference: checkout.txRef, resolution: 'accept' } as const;
  expect(await errorCodeOf(checkout.shopper.client.admin.resolveReview.mutate(input))).toBe('FORBIDDEN');
  const other = await checkOut(shop);
  expect(await errorCodeOf(resolve(other, 'accept'))).toBe('NOT_FOUND');
});
