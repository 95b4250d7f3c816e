import type { Order, PaymentAttempt } from '../order/order-document.ts';

/** The order's payments, with `attempt` in place of the one with its reference. */
export function replaceAttempt(order: Pick<Order, 'payments'>, attempt: PaymentAttempt): PaymentAttempt[] {
  return order.payments.map((other) => (other.reference === attempt.reference ? attempt : other));
}
