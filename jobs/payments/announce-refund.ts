/** Tells the log and the metrics that a refund was requested, whoever owed it. Call it after the commit. */
import type { Order, Refund } from '../../models/order/order-document.ts';
import { currencyOfCharge } from '../../models/order/payment-status.ts';
import type { JobContext } from '../context.ts';

type Announcer = Pick<JobContext, 'events'>;

/** `kind` is the refund's reason unless given: staff's own words belong into no log. */
export function announceRefund(
  { events }: Announcer,
  order: Pick<Order, '_id' | 'payments' | 'currency'>,
  { refundId, reference, amount, reason }: Refund,
  kind: string = reason,
): void {
  const currency = currencyOfCharge(order, reference);
  events.refundRequested({ orderId: String(order._id), refundId, kind, amount, currency });
}

/** The same for the refund of this id, if the order's change came to owe one. */
export function announceRefundOf(ctx: Announcer, order: Order, refundId: string, kind?: string): void {
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  if (refund) announceRefund(ctx, order, refund, kind);
}
