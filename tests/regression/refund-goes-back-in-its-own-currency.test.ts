/** A bug once: money captured in another currency was to be refunded in the order's, which Paystack refuses for ever. */
import { expect, test } from '@jest/globals';
import {
  checkOut,
  errorCodeOf,
  expectBooksInOrder,
  finishRefunds,
  pay,
  refundsAtPaystack,
  returnFromPaystack,
  startTestShop,
  theMail,
} from '../support/shopping.ts';

test('money of another currency is refused as payment, and goes back, is shown and is worded in its own currency', async () => {
  const shop = await startTestShop();
  try {
    const { orderId, txRef, shopper } = await checkOut(shop);
    await pay(shop, txRef, { capture: { amount: 50_00, currency: 'USD' } });
    await returnFromPaystack(shop, txRef);
    const resolve = (resolution: 'accept' | 'refund') =>
      shop.staff.client.admin.resolveReview.mutate({ id: orderId, reference: txRef, resolution });
    expect(await errorCodeOf(resolve('accept'))).toBe('ORDER_STATE_CONFLICT');
    await resolve('refund');
    await finishRefunds(shop);
    expect(refundsAtPaystack(shop, txRef)).toEqual([{ amount: 50_00, status: 'processed' }]);
    const refund = expect.objectContaining({ amount: 50_00, currency: 'USD', state: 'processed' });
    expect((await shopper.client.orders.get.query({ id: orderId })).refunds).toEqual([refund]);
    expect((await shop.staff.client.admin.order.query({ id: orderId })).refunds).toEqual([refund]);
    for (const kind of ['order_cancelled', 'refund_done']) {
      expect(theMail(shop, shopper, kind).text).toContain('$50.00');
      expect(theMail(shop, shopper, kind).text).not.toContain('₦50.00');
    }
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
