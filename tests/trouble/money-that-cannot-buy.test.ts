/** A payment that cannot buy is refunded once, in full, and the shopper gets an email at each step (C4–C7). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  expectAllConsistent,
  finishRefunds,
  mailKinds,
  orderOf,
  pay,
  paySilently,
  refundsAnnounced,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweepAfter,
  theMail,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterEach(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

const naira = (subunits: number) => `₦${(subunits / 100).toLocaleString('en-NG', { minimumFractionDigits: 2 })}`;

async function expectGivenBackOnce({ orderId, txRef, amount }: Omit<Checkout, 'again'>): Promise<void> {
  await finishRefunds(shop);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, txRef)).toEqual([{ amount, status: 'processed' }]);
  // The log and the metrics count it too, whatever the reason of the refund.
  expect(refundsAnnounced(shop, { orderId })).toEqual([{ kind: expect.any(String), amount }]);
}

test('an order that finds too little stock is cancelled whole, and one email says why and how much comes back', async () => {
  const item = await stockVariant(shop.db, { stock: 3 });
  const checkout = await checkOut(shop, { item, quantity: 3 });
  await buy(shop, { item, quantity: 1 });
  await pay(shop, checkout.txRef);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', cancelReason: 'short_stock' });
  expect(await stockOf(shop, item)).toEqual({ stock: 2, reserved: 0 });
  await expectGivenBackOnce(checkout);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_done']);
  const told = theMail(shop, checkout.shopper, 'order_cancelled');
  expect(told.text).toMatch(/we no longer had everything that you ordered/);
  expect(told.text).toContain(naira(checkout.amount));
  expect(told.text).toContain(`/cart?from=${checkout.code}`);
  expect(theMail(shop, checkout.shopper, 'refund_done').text).toContain(naira(checkout.amount));
});

test('a payment after cancellation is refunded, with an email', async () => {
  const checkout = await checkOut(shop);
  await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  await work(shop);
  await pay(shop, checkout.txRef);
  await work(shop);
  expect((await orderOf(shop, checkout)).status).toBe('cancelled');
  await expectGivenBackOnce(checkout);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_started', 'refund_done']);
  expect(theMail(shop, checkout.shopper, 'refund_started').text).toMatch(/arrived after the order had ended/);
});

test('a payment after the order expired goes back, and the order stays expired', async () => {
  const checkout = await checkOut(shop);
  await sweepAfter(shop, DAY_MS);
  await pay(shop, checkout.txRef);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', cancelReason: 'expired' });
  await expectGivenBackOnce(checkout);
  const seen = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(seen.refunds).toEqual([expect.objectContaining({ amount: checkout.amount, state: 'processed' })]);
});

test('cancelling a paid order that is not settled yet gives the money back, and it never settles', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef);
  await checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId });
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', paymentStatus: 'refunding' });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
  await expectGivenBackOnce(checkout);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_done']);
  expect(theMail(shop, checkout.shopper, 'order_cancelled').text).toMatch(/You asked us to cancel your order/);
});

test('cancelling races settling: exactly one wins, and the money agrees with it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const checkout = await checkOut(shop);
    await pay(shop, checkout.txRef);
    await Promise.allSettled([
      runSettlementOnce(shop.ctx),
      checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId }),
      runSettlementOnce(shop.ctx),
    ]);
    await work(shop);
    const { status } = await orderOf(shop, checkout);
    if (status === 'cancelled') await expectGivenBackOnce(checkout);
    else
      expect({ status, refunds: refundsAtPaystack(shop, checkout.txRef) }).toEqual({
        status: 'confirmed',
        refunds: [],
      });
    expect((await stockOf(shop, checkout.item)).stock).toBe(status === 'cancelled' ? 10 : 9);
  }
});

test('a payment racing the cancellation is either refunded with it or given back after it, once', async () => {
  for (let round = 0; round < 10; round += 1) {
    const checkout = await checkOut(shop);
    await paySilently(shop, checkout.txRef);
    const [lost] = shop.sandbox.webhooks({ reference: checkout.txRef });
    await Promise.allSettled([
      shop.sandbox.resendWebhook(lost?.id ?? 0),
      checkout.shopper.client.orders.cancel.mutate({ id: checkout.orderId }),
    ]);
    await work(shop);
    expect((await orderOf(shop, checkout)).status).toBe('cancelled');
    await expectGivenBackOnce(checkout);
  }
});

test('a second payment of an order, found by reconciliation only, is refunded', async () => {
  const checkout = await checkOut(shop);
  await pay(shop, checkout.txRef, { card: 'declined' });
  await fetch(`${shop.url}/orders/verify-payment/${checkout.txRef}`);
  const second = await checkout.again();
  await pay(shop, second.txRef);
  await work(shop);
  await paySilently(shop, checkout.txRef);
  await runReconcileOnce(shop.ctx, { force: true });
  await work(shop);
  await expectGivenBackOnce(checkout);
  expect(refundsAtPaystack(shop, second.txRef)).toEqual([]);
  expect(theMail(shop, checkout.shopper, 'refund_started').text).toMatch(/paid more than once/);
});
