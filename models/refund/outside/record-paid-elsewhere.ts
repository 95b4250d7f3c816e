import type { Types } from 'mongoose';
import { type ActionKey, findRepeat } from '../../action-key.ts';
import { formatMoney } from '../../contract/money.ts';
import type { Database } from '../../db/database.ts';
import { AppError, notFound } from '../../errors.ts';
import { changeOrder } from '../../order/change-order.ts';
import { conflict } from '../../order/guards.ts';
import type { Actor } from '../../order/history.ts';
import type { Order, PaymentAttempt, Refund } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import { findAttempt, findPayingCharge } from '../../order/payment-status.ts';
import { returnedMoney } from '../../payment/returned-money.ts';
import { endRefund } from '../change-refund.ts';
import { newRefund } from '../new-refund.ts';

export interface PaidElsewhere {
  /** Its id names the entry. */
  key: ActionKey;
  /** The charge; when not given, the one that pays the order. */
  reference?: string;
  /** Subunits of the charge's currency. */
  amount: number;
  /** How the customer was paid, in staff's words. */
  note: string;
  actor: Actor;
  now: Date;
}

/**
 * Records that staff paid the customer outside Paystack, for example in cash. It counts as returned and owes an email;
 * nothing goes to Paystack, and it explains nothing that Paystack reports. A repeat with the same key changes nothing. Throws
 * NOT_FOUND, ORDER_STATE_CONFLICT, REFUND_EXCEEDS_PAYMENT, ACTION_KEY_REUSED.
 */
export async function recordPaidElsewhere(
  db: Database,
  orderId: Types.ObjectId,
  request: PaidElsewhere,
): Promise<Order> {
  const { order } = await changeOrder(db, orderId, (order) => decideElsewhere(order, request), request.now);
  return order;
}

export function decideElsewhere(order: Order, request: PaidElsewhere): OrderChange | null {
  const { key, amount, note, actor, now } = request;
  if (findRepeat(order.history, key) !== null) return null;
  const charge = findCharge(order, request.reference);
  const { left, currency } = returnedMoney(order, charge);
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > left) {
    const most = left > 0 ? `only ${formatMoney({ amount: left, currency })}` : 'nothing';
    throw new AppError('REFUND_EXCEEDS_PAYMENT', `Of the charge ${charge.reference}, ${most} is left to return.`, {
      details: { refundable: left, currency },
    });
  }
  const { reference } = charge;
  const paid = newRefund(charge, amount, 'staff', actor, { refundId: key.id, now });
  const entered: Refund = { ...paid, state: 'processed', paidElsewhereBy: actor, paidElsewhereNote: note };
  const event = { type: 'paid_elsewhere', data: { reference, refundId: key.id, amount } } as const;
  return { ...endRefund({ ...order, refunds: [...order.refunds, entered] }, entered, { now, actor, event }), key };
}

function findCharge(order: Order, reference: string | undefined): PaymentAttempt {
  const charge = reference === undefined ? findPayingCharge(order) : findAttempt(order, reference);
  if (charge === null && reference !== undefined) throw notFound('Charge');
  if (charge === null || charge.status !== 'succeeded') throw conflict(order, 'nothing was paid with it');
  if (order.status === 'pending') throw conflict(order, 'the order is not settled yet; cancel it instead');
  return charge;
}
