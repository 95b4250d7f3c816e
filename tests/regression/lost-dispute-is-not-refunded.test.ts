/**
 * A bug once: after staff had accepted a lost dispute, a refund or a cancellation promised the customer money that the
 * bank had already given back, and that Paystack refuses to return again.
 */
import { expect, test } from '@jest/globals';
import {
  buy,
  errorCodeOf,
  expectBooksInOrder,
  finishRefunds,
  mailKinds,
  orderOf,
  refundsAtPaystack,
  startTestShop,
  theMail,
} from '../support/shopping.ts';

test('a charge lost in a dispute is refunded neither by itself nor with the cancellation', async () => {
  const shop = await startTestShop();
  try {
    const { orderId, txRef, shopper } = await buy(shop);
    const { id } = shop.sandbox.openDispute(txRef);
    shop.sandbox.resolveDispute(id, 'merchant-accepted');
    await shop.sandbox.webhooksIdle();
    const { admin } = shop.staff.client;
    await admin.resolveReview.mutate({ id: orderId, reference: txRef, resolution: 'accept' });

    expect(await errorCodeOf(admin.refund.mutate({ id: orderId, reason: 'asked for' }))).toBe('ORDER_STATE_CONFLICT');
    await admin.cancel.mutate({ id: orderId });
    await finishRefunds(shop);
    expect(await orderOf(shop, { orderId })).toMatchObject({ status: 'cancelled', refunds: [] });
    expect(refundsAtPaystack(shop, txRef)).toEqual([]);
    expect(mailKinds(shop, shopper)).toEqual(['order_confirmed', 'order_cancelled']);
    expect(theMail(shop, shopper, 'order_cancelled').text).not.toMatch(/We are returning/);
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
