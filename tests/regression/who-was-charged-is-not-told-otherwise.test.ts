/**
 * An order whose money Paystack or a bank had given back before it was cancelled: its shopper, charged and paid back, was
 * told not to have been charged.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  buy,
  checkOut,
  expectBooksInOrder,
  pay,
  returnFromPaystack,
  type Shop,
  startTestShop,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;

test('a cancellation after the charge was reversed says that the money has been returned', async () => {
  const { orderId, txRef, shopper } = await checkOut(shop);
  shop.sandbox.scriptWebhooks({ mode: 'lose' });
  await pay(shop, txRef);
  shop.sandbox.clearWebhookRules();
  shop.sandbox.setStatus(txRef, 'reversed');
  await returnFromPaystack(shop, txRef);
  await admin().resolveReview.mutate({ id: orderId, reference: txRef, resolution: 'refund' });
  await work(shop);
  const { text } = theMail(shop, shopper, 'order_cancelled');
  expect(text).toContain('already been returned');
  expect(text).not.toContain('not been charged');
  await expectBooksInOrder(shop);
});

test('so does one after a dispute was lost, and one of an order that nobody paid does not', async () => {
  const bought = await buy(shop);
  const { id } = shop.sandbox.openDispute(bought.txRef);
  shop.sandbox.resolveDispute(id, 'merchant-accepted');
  await shop.sandbox.webhooksIdle();
  await admin().resolveReview.mutate({ id: bought.orderId, reference: bought.txRef, resolution: 'accept' });
  await admin().cancel.mutate({ id: bought.orderId });
  const unpaid = await checkOut(shop);
  await admin().cancel.mutate({ id: unpaid.orderId });
  await work(shop);
  expect(theMail(shop, bought.shopper, 'order_cancelled').text).toContain('already been returned');
  expect(theMail(shop, unpaid.shopper, 'order_cancelled').text).toContain('not been charged');
  await expectBooksInOrder(shop);
});
