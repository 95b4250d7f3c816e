import { MAX_PAYMENT_ATTEMPTS } from '../contract/limits.ts';
import { conflict } from '../order/guards.ts';
import type { Order, PaymentAttempt } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';

/** Throws ORDER_STATE_CONFLICT if the order takes no payment now. */
export function assertPayable(order: Order, now: Date): void {
  const why = whyNotPayable(order, now);
  if (why !== null) throw conflict(order, why);
}

export function isPayable(order: Order, now: Date): boolean {
  return whyNotPayable(order, now) === null;
}

function whyNotPayable(order: Order, now: Date): string | null {
  if (order.status !== 'pending') return `it is ${order.status} and takes no payment`;
  if (order.paymentStatus !== 'unpaid') return 'there is nothing to pay: a payment has come in';
  if (order.expiresAt <= now) return 'the time to pay it has run out; a new checkout is needed';
  const attempt = currentAttempt(order);
  const isOver = attempt.status === 'failed' || attempt.status === 'abandoned';
  if (isOver && order.payments.length >= MAX_PAYMENT_ATTEMPTS)
    return `it had ${MAX_PAYMENT_ATTEMPTS} payment attempts; a new checkout is needed`;
  return null;
}

/** The attempt that the order's txRef names. */
export function currentAttempt(order: Order): PaymentAttempt {
  const attempt = findAttempt(order, order.txRef);
  if (!attempt) throw new Error(`Order ${order._id}: its txRef ${order.txRef} is none of its payments.`);
  return attempt;
}
