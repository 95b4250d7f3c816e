import type { Types } from 'mongoose';
import type { ActionKey } from '../action-key.ts';
import { assertPayable } from '../checkout/payable.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { assertHistoryHasRoom } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { keyed } from '../staff-actions/keyed.ts';

export interface PaymentLinkRequest {
  actor: Actor;
  now: Date;
}

/**
 * Emails the customer the link to the page on which the order can be paid. A repeat with the same key sends no second
 * email. Throws ORDER_STATE_CONFLICT when there is nothing to pay, ACTION_KEY_REUSED.
 */
export async function sendPaymentLink(
  db: Database,
  orderId: Types.ObjectId,
  { key, ...request }: PaymentLinkRequest & { key: ActionKey },
): Promise<Order> {
  const decide = keyed(key, (order) => decidePaymentLink(order, request));
  return (await changeOrder(db, orderId, decide, request.now)).order;
}

export function decidePaymentLink(order: Order, { actor, now }: PaymentLinkRequest): OrderChange {
  assertPayable(order, now);
  assertHistoryHasRoom(order);
  return { set: {}, actor, event: { type: 'payment_link_sent' } };
}
