/**
 * Staff could answer the failed refund of a cancelled order by a smaller one: the failed one counted as replaced, and the
 * rest of the customer's money was owed by nobody.
 */
import { expect, test } from '@jest/globals';
import { cancelOrder } from '../../models/fulfilment/cancel-order.ts';
import { getOrder } from '../../models/order/find-order.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { requestRefund } from '../../models/refund/request-refund.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';

test('after its refund failed, a cancelled order takes only a refund of all that is left', async () => {
  const db = await openOwnDatabase();
  const now = new Date();
  try {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const paid = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
    await cancelOrder(db, paid._id, { reason: 'by_customer', actor: 'customer', refundId: 'r1', now });
    const report = {
      gatewayRefundId: '1',
      status: 'failed',
      amount: paid.total,
      currency: 'NGN',
      merchantNote: 'rf:r1',
    };
    await recordRefund(db, paid._id, 'r1', report, now);

    const request = { reason: 'again', actor: 'staff', refundId: 'r2', now };
    await expect(requestRefund(db, paid._id, { ...request, amount: paid.total - 1 })).rejects.toMatchObject({
      code: 'ORDER_STATE_CONFLICT',
    });
    expect((await getOrder(db, paid._id)).refunds).toHaveLength(1);

    const { refunds } = await requestRefund(db, paid._id, request);
    expect(refunds).toMatchObject([
      { refundId: 'r1', state: 'failed', replacedBy: 'r2' },
      { refundId: 'r2', state: 'requested', amount: paid.total },
    ]);
  } finally {
    await db.connection.close();
  }
});
