/**
 * A paid order that settled late and short of stock was given its money back although a dispute of it stood; a dispute
 * that was then lost took the same money a second time.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  alerts,
  type Checkout,
  checkOut,
  expectBooksInOrder,
  finishRefunds,
  mailKinds,
  orderOf,
  pay,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweep,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const adjustStock = ({ goods: { variantId } }: Checkout, delta: number) =>
  admin().adjustStock.mutate({ variantId, delta, reason: 'counted' });

/** Paid, parked, sold to somebody else meanwhile, disputed, and put back into the queue by staff. */
async function retriedInDispute(): Promise<{ checkout: Checkout; disputeId: number }> {
  const checkout = await checkOut(shop, { stock: 1 });
  await pay(shop, checkout.txRef);
  const settlement = { attempts: 8, lastError: 'Error: planted', parkedAt: shop.clock.now() };
  await shop.db.orders.updateOne({ code: checkout.code }, { $set: { settlement } });
  await adjustStock(checkout, -1);
  const { id: disputeId } = shop.sandbox.openDispute(checkout.txRef);
  await shop.sandbox.webhooksIdle();
  await admin().retrySettlement.mutate({ id: checkout.orderId });
  await sweep(shop);
  return { checkout, disputeId };
}

async function resolve(disputeId: number, resolution: 'merchant-accepted' | 'declined'): Promise<void> {
  shop.sandbox.resolveDispute(disputeId, resolution);
  await shop.sandbox.webhooksIdle();
}

test('while the dispute stands the order is parked, and after a lost one nothing is given back a second time', async () => {
  const alertsBefore = alerts(shop).length;
  const { checkout, disputeId } = await retriedInDispute();
  const parked = await orderOf(shop, checkout);
  expect(parked).toMatchObject({ status: 'pending', refunds: [], settlement: { lastError: expect.any(String) } });
  expect(parked.settlement.parkedAt).toBeDefined();
  expect(alerts(shop).slice(alertsBefore)).toContainEqual(expect.objectContaining({ event: 'settlement_parked' }));
  await expectBooksInOrder(shop);

  await resolve(disputeId, 'merchant-accepted');
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'review' });
  await admin().resolveReview.mutate({ id: checkout.orderId, reference: checkout.txRef, resolution: 'refund' });
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', refunds: [] });
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([]);
  await expectBooksInOrder(shop);
});

test('once the dispute is won the order goes on by itself, and its money goes back once', async () => {
  const { checkout, disputeId } = await retriedInDispute();
  await resolve(disputeId, 'declined');
  await sweep(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', cancelReason: 'short_stock' });
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled', 'refund_done']);
  await expectBooksInOrder(shop);
});

test('once the dispute is won and there is stock again the order is confirmed', async () => {
  const { checkout, disputeId } = await retriedInDispute();
  await adjustStock(checkout, 1);
  await resolve(disputeId, 'declined');
  await sweep(shop);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  expect(await stockOf(shop, checkout.goods)).toMatchObject({ stock: 0 });
  await expectBooksInOrder(shop);
});
