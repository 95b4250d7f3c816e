import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { cancelChange } from './cancel-order.ts';

/** While Paystack has not decided an attempt, the order's expiry is postponed in such steps, for the grace at most. */
const EXPIRY_STEP_MS = 10 * 60_000;
const EXPIRY_GRACE_MS = 24 * 3600_000;

/**
 * Cancels a pending order past its expiry; call it after each of its attempts was verified. `attempts` is `open` when
 * Paystack has not decided one of them: the order is then postponed, for 24 h at most. An order that was paid meanwhile
 * is `kept`.
 */
export async function expireOrder(
  db: Database,
  orderId: Types.ObjectId,
  attempts: 'open' | 'closed',
  now: Date,
): Promise<'expired' | 'postponed' | 'kept'> {
  const { order, changed } = await changeOrder(
    db,
    orderId,
    (order) => {
      if (order.status !== 'pending' || order.paymentStatus !== 'unpaid' || order.expiresAt > now) return null;
      if (attempts === 'open' && now.getTime() < order.expiresAt.getTime() + EXPIRY_GRACE_MS) {
        return { set: { verifyDueAt: new Date(now.getTime() + EXPIRY_STEP_MS) }, actor: 'system' };
      }
      return cancelChange(order, { reason: 'expired', actor: 'system', refundId: '', now });
    },
    now,
  );
  if (!changed) return 'kept';
  return order.status === 'cancelled' ? 'expired' : 'postponed';
}
