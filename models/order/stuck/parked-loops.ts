/** Work that a loop has parked, because it failed on this order eight times and on no other. Pure. */
import { STUCK_LOOPS, type StuckLoop } from '../../contract/statuses.ts';
import { hasOpenDispute } from '../../dispute/open-disputes.ts';
import type { Order } from '../order-document.ts';
import { isRefundOpen } from '../status.ts';

type Stuck = Pick<Order, 'stuck' | 'status' | 'paymentStatus' | 'payments' | 'refunds' | 'disputes'>;

/** The loops that have parked work which is still to be done. */
export function parkedLoops(order: Stuck): StuckLoop[] {
  return STUCK_LOOPS.filter((loop) => order.stuck?.[loop]?.parkedAt !== undefined && isStillDue(order, loop));
}

/** Since when the first of them is parked; undefined when none is. */
export function deriveStuckSince(order: Stuck): Date | undefined {
  return parkedLoops(order)
    .map((loop) => order.stuck?.[loop]?.parkedAt)
    .sort((a, b) => Number(a) - Number(b))[0];
}

/** An order that was paid or cancelled meanwhile needs no verification, and one without an open refund sends none. */
function isStillDue({ status, paymentStatus, payments, refunds, disputes }: Stuck, loop: StuckLoop): boolean {
  if (loop === 'refunds') return refunds.some(({ state }) => isRefundOpen(state));
  if (loop === 'returns')
    return hasOpenDispute({ disputes }) || payments.some(({ reversal }) => reversal !== undefined);
  return loop === 'webhooks' || (status === 'pending' && paymentStatus === 'unpaid');
}

/** The failures of the other loops; undefined when there are none. */
export function withoutLoop({ stuck }: Pick<Order, 'stuck'>, loop: StuckLoop): Order['stuck'] | undefined {
  const { [loop]: _, ...others } = stuck ?? {};
  return Object.keys(others).length === 0 ? undefined : others;
}
