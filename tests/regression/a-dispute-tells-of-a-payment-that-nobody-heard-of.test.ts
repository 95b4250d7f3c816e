/**
 * A bug once: the webhook of a payment was lost, the shopper cancelled the order that seemed unpaid and had the bank take
 * the money back. The dispute was noted, but not the payment that it was about, which Paystack's list names no more.
 */
import { expect, test } from '@jest/globals';
import {
  checkOut,
  expectBooksInOrder,
  finishRefunds,
  orderOf,
  paySilently,
  startTestShop,
} from '../support/shopping.ts';

test.each(['merchant-accepted', 'declined'] as const)('a dispute that ends as %s names its charge', async (end) => {
  const shop = await startTestShop();
  try {
    const { orderId, txRef, shopper } = await checkOut(shop);
    await paySilently(shop, txRef);
    await shopper.client.orders.cancel.mutate({ id: orderId });
    const { id } = shop.sandbox.openDispute(txRef);
    shop.sandbox.resolveDispute(id, end);
    await shop.sandbox.webhooksIdle();
    await finishRefunds(shop);
    const { payments } = await orderOf(shop, { orderId });
    expect(payments).toMatchObject([{ reference: txRef, status: end === 'declined' ? 'succeeded' : 'reversed' }]);
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
