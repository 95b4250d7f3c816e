/** Rules that refuse a change of an order: each function throws ORDER_STATE_CONFLICT with its sentence. */

import { hasOpenDispute } from '../dispute/open-disputes.ts';
import { AppError } from '../errors.ts';
import { returnedMoney } from '../payment/returned-money.ts';
import { MAX_REPEATED_HISTORY } from './history.ts';
import type { Order, PaymentAttempt } from './order-document.ts';
import { findPayingCharge, hasRefundInFlight, isHeldUp, isInReview } from './payment-status.ts';

/** The refusal of a change that the order's state does not allow. `why` completes the sentence "Order X: …". */
export class OrderConflict extends AppError<'ORDER_STATE_CONFLICT'> {
  readonly why: string;

  constructor({ code, status, paymentStatus }: Order, why: string) {
    super('ORDER_STATE_CONFLICT', `Order ${code}: ${why}.`, { details: { status, paymentStatus } });
    this.why = why;
  }
}

export function conflict(order: Order, why: string): OrderConflict {
  return new OrderConflict(order, why);
}

/** `attempts`: those that the change concerns. */
export function assertNotInReview(order: Order, attempts: readonly PaymentAttempt[] = order.payments): void {
  if (attempts.some(isInReview)) throw conflict(order, 'its money is in review; resolve the review first');
  if (attempts.some((attempt) => isHeldUp(order, attempt)))
    throw conflict(order, 'Paystack calls its payment reversed, which is being looked into; try again in some minutes');
}

/** `remedy` completes the sentence "a dispute stands; …". */
export function assertNoOpenDispute(order: Order, remedy: string): void {
  if (hasOpenDispute(order)) throw conflict(order, `a dispute stands; ${remedy}`);
}

/** `charge` names the charge within the sentence. */
export function assertNoRefundInFlight(order: Order, reference: string, charge: 'its charge' | 'this charge'): void {
  if (hasRefundInFlight(order, reference))
    throw conflict(order, `a refund of ${charge} is under way; wait for its end`);
}

/** Together with earlier refunds, the refund under way may be the one that leaves nothing paid. */
export function assertNotFullyRefunding(order: Order): void {
  const charge = findPayingCharge(order);
  if (charge !== null && hasRefundInFlight(order, charge.reference) && returnedMoney(order, charge).left <= 0)
    throw conflict(order, 'its full refund is under way');
}

/** For actions of staff that may be repeated without an end. */
export function assertHistoryHasRoom(order: Order): void {
  if (order.history.length >= MAX_REPEATED_HISTORY) throw conflict(order, 'its history is full');
}
