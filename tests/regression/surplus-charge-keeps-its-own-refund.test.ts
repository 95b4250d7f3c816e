/**
 * A bug once: staff's refund went to whichever charge still had money. A small refund of the goods landed on a second
 * charge whose refund had failed, counted as its replacement, and the rest of that charge was owed by nobody.
 */
import { expect, test } from '@jest/globals';
import { findChargeState } from '../../models/audit/money.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { recordRefund } from '../../models/refund/record-refund.ts';
import { requestRefund } from '../../models/refund/request-refund.ts';
import { makeCatalogue, makePaidTwice, openOwnDatabase } from '../support/orders.ts';

const now = new Date();

test('a refund is of the charge that pays, or of the one that staff name, which is then refunded whole', async () => {
  const db = await openOwnDatabase();
  try {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const { order: paid, surplus } = await makePaidTwice(db, { lines: [{ variant, quantity: 1 }], refundId: 'r1' });
    const { _id, paidReference: paying, total } = paid;
    const failed = { gatewayRefundId: '1', status: 'failed', amount: total, currency: 'NGN', merchantNote: 'rf:r1' };
    await recordRefund(db, _id, 'r1', failed, now);

    const request = { reason: 'a stain', actor: 'staff', now };
    const { refunds } = await requestRefund(db, _id, { ...request, amount: 20_000, refundId: 'r2' });
    expect(refunds).toMatchObject([
      { refundId: 'r1', reference: surplus, state: 'failed' },
      { refundId: 'r2', reference: paying, amount: 20_000 },
    ]);
    expect(refunds[0]?.replacedBy).toBeUndefined();

    const again = { ...request, reference: surplus, refundId: 'r3' };
    const part = requestRefund(db, _id, { ...again, amount: total - 1 });
    await expect(part).rejects.toMatchObject({ code: 'ORDER_STATE_CONFLICT' });
    const unknown = requestRefund(db, _id, { ...again, reference: `${surplus}0` });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const order = await requestRefund(db, _id, again);
    expect(order.refunds).toMatchObject([
      { refundId: 'r1', replacedBy: 'r3' },
      { refundId: 'r2' },
      { refundId: 'r3', reference: surplus, amount: total },
    ]);
    const charge = findAttempt(order, surplus);
    expect(charge && findChargeState(order, charge)).toBe('owedBack');
  } finally {
    await db.connection.close();
  }
});
