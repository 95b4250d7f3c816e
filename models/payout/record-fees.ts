import type { Types } from 'mongoose';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import type { Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { findAttempt } from '../order/payment-status.ts';
import { replaceAttempt } from '../payment/replace-attempt.ts';

export interface ReportedFees {
  reference: string;
  /** Subunits of the charge's currency; null when Paystack does not say. */
  fees: number | null;
  now: Date;
}

/** Stores the fees of a charge that was recorded without them. True when it did. May be repeated and raced. */
export async function recordFees(db: Database, orderId: Types.ObjectId, reported: ReportedFees): Promise<boolean> {
  const { changed } = await changeOrder(db, orderId, (order) => decideFees(order, reported), reported.now);
  return changed;
}

/** The first fees that Paystack reports stay: they are not given back with a refund. */
export function decideFees(order: Order, { reference, fees }: Omit<ReportedFees, 'now'>): OrderChange | null {
  const attempt = findAttempt(order, reference);
  if (attempt?.amount === undefined || attempt.fees !== undefined || fees === null) return null;
  return { set: { payments: replaceAttempt(order, { ...attempt, fees }) }, actor: 'paystack' };
}
