/**
 * From a cart to a confirmed order over HTTP, with the real client, a worker, the sandbox and the mailbox. Two other
 * tests end in cancellation.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import {
  checkout,
  fillCart,
  mailsOf,
  makeVariants,
  order,
  PRICE,
  pay,
  readOrder,
  returnFromPaystack,
  SHIPPING_FEE,
  settled,
  stockOf,
} from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ worker: true });
});
afterAll(() => assertInvariants(app));
afterAll(() => app.stop());

test('a paid cart becomes a confirmed order: its stock is taken, its cart emptied, one email sent', async () => {
  const [item] = await makeVariants(app, { stock: 10 });
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 3]]);
  const placed = await checkout(shopper, { expectedTotal: 3 * PRICE + SHIPPING_FEE });
  expect(placed).toMatchObject({ amount: 3 * PRICE + SHIPPING_FEE, currency: 'NGN' });
  expect(await stockOf(app, item)).toBe(10);

  expect(await pay(app, placed.txRef)).toBe('paid');
  await settled(app, placed.orderId);

  const view = await shopper.client.orders.get.query({ id: placed.orderId });
  expect(view).toMatchObject({
    status: 'confirmed',
    paymentStatus: 'paid',
    total: 3 * PRICE + SHIPPING_FEE,
    payable: false,
    items: [{ variantId: item.variantId, quantity: 3, unitPrice: PRICE, lineTotal: 3 * PRICE }],
    timeline: [
      { status: 'pending', paymentStatus: 'unpaid' },
      { status: 'pending', paymentStatus: 'paid' },
      { status: 'confirmed', paymentStatus: 'paid' },
    ],
  });
  expect(await stockOf(app, item)).toBe(7);
  expect(await shopper.client.cart.get.query()).toMatchObject({ lines: [], itemCount: 0, subtotal: 0, total: 0 });
  const [mail, ...others] = await mailsOf(app, placed.orderId);
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ to: shopper.email });
  expect(mail?.text).toContain(placed.code);
  expect(app.sandbox.transaction(placed.txRef)).toMatchObject({ amount: placed.amount, currency: 'NGN' });
});

test('an order that stock no longer covers is cancelled whole, and its money requested back', async () => {
  const [plenty, scarce] = await makeVariants(app, { stock: 10 }, { stock: 2 });
  const first = await order(app, [[scarce, 1]]);
  const second = await order(app, [
    [plenty, 1],
    [scarce, 2],
  ]);
  await pay(app, first.txRef);
  await settled(app, first.orderId);
  await pay(app, second.txRef);
  const cancelled = await settled(app, second.orderId);

  expect(cancelled).toMatchObject({ status: 'cancelled', cancelReason: 'short_stock' });
  expect(await stockOf(app, plenty)).toBe(10);
  expect(await stockOf(app, scarce)).toBe(1);
  const [mail] = await mailsOf(app, second.orderId);
  expect(mail?.key).toContain(':order_cancelled:');
  const refund = await eventually('the refund at Paystack', () =>
    app.sandbox.ledger().refunds.find(({ reference }) => reference === second.txRef),
  );
  expect(refund.amount).toBe(second.amount);
  expect((await second.shopper.client.cart.get.query()).lines).toHaveLength(2);
});

test('after a declined card the same order is paid by a new reference', async () => {
  const [item] = await makeVariants(app, { stock: 5 });
  const checkoutKey = 'declined-then-paid-0001';
  const { shopper, ...declined } = await order(app, [[item, 1]], { checkoutKey });
  expect(await pay(app, declined.txRef, { card: 'declined' })).toBe('failed');
  expect(await shopper.client.orders.get.query({ id: declined.orderId })).toMatchObject({
    status: 'pending',
    payable: true,
    lastAttemptFailed: true,
  });

  const again = await checkout(shopper, { checkoutKey });
  expect(again.orderId).toBe(declined.orderId);
  expect(again.txRef).not.toBe(declined.txRef);
  expect(await pay(app, again.txRef)).toBe('paid');
  const confirmed = await settled(app, again.orderId);
  expect(confirmed).toMatchObject({ status: 'confirmed', paidReference: again.txRef });
  expect(confirmed.payments).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
  expect(await returnFromPaystack(app, declined.txRef)).toEqual({ txRef: declined.txRef, status: 'paid' });
  expect(await mailsOf(app, again.orderId)).toHaveLength(1);
});

test('lines of one variant are one take of stock, also where the document holds them apart', async () => {
  const [item] = await makeVariants(app, { stock: 5 });
  const shopper = await app.signUp();
  await fillCart(shopper, [
    [item, 2],
    [item, 1],
  ]);
  expect((await shopper.client.cart.get.query()).lines).toMatchObject([{ quantity: 3 }]);
  const merged = await checkout(shopper);
  // A cart from an older version, or from another program, may hold a variant twice.
  const twice = await app.signUp();
  await fillCart(twice, [[item, 1]]);
  const [line] = (await app.db.carts.findById(twice.id).lean())?.items ?? [];
  await app.db.carts.updateOne(
    { _id: twice.id },
    { $set: { items: [line, line], itemCount: 2, subtotal: 2 * PRICE }, $inc: { rev: 1 } },
  );
  const apart = await checkout(twice);
  expect((await readOrder(app, apart.orderId)).items).toHaveLength(2);

  await pay(app, merged.txRef);
  expect((await settled(app, merged.orderId)).status).toBe('confirmed');
  await pay(app, apart.txRef);
  expect((await settled(app, apart.orderId)).status).toBe('confirmed');
  expect(await stockOf(app, item)).toBe(0);
  expect(await app.db.stockMovements.countDocuments({ reason: 'sale', 'lines.variantId': item.variantId })).toBe(2);
});

test('of two orders that race for the last unit one is confirmed and the other refunded', async () => {
  const [item] = await makeVariants(app, { stock: 1 });
  const rivals = await Promise.all([order(app, [[item, 1]]), order(app, [[item, 1]])]);
  await Promise.all(rivals.map(({ txRef }) => pay(app, txRef)));
  const ended = await Promise.all(rivals.map(({ orderId }) => settled(app, orderId)));
  expect(ended.map(({ status }) => status).sort()).toEqual(['cancelled', 'confirmed']);
  expect(await stockOf(app, item)).toBe(0);
  const loser = ended.find(({ status }) => status === 'cancelled');
  expect(loser?.refunds).toMatchObject([{ amount: loser?.total, cause: 'short_stock' }]);
  await Promise.all(rivals.map(({ orderId }) => mailsOf(app, orderId)));
});
