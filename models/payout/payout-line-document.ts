import { Schema, type Types } from 'mongoose';
import { isSubunitAmount } from '../contract/money.ts';

/** One charge in a payout, as Paystack reports it. */
export interface PayoutLine {
  /** `<payoutId>:<transactionId>`. */
  _id: string;
  reference: string;
  /** Subunits of `currency`. */
  amount: number;
  fees: number;
  currency: string;
  /** Absent for a charge that another system made through the same account. */
  orderId?: Types.ObjectId;
  /** Captured by our order with it, where that is another amount; 0 when it captured nothing. */
  captured?: number;
}

const text = { type: String, required: true };
const amount = { type: Number, required: true, validate: isSubunitAmount };

export const payoutLineSchema = new Schema<PayoutLine>(
  {
    _id: text,
    reference: text,
    amount,
    fees: amount,
    currency: text,
    orderId: Schema.Types.ObjectId,
    captured: Number,
  },
  { collection: 'payoutlines', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
/** The payouts that a charge is in. */
payoutLineSchema.index({ reference: 1 });

export function payoutLineId(payoutId: string, gatewayId: string): string {
  return `${payoutId}:${gatewayId}`;
}

/** Inverse of payoutLineId, for the payout alone. */
export function payoutOfLine({ _id }: Pick<PayoutLine, '_id'>): string {
  return _id.slice(0, _id.indexOf(':'));
}

/** The lines of one payout: their ids begin with it. `;` follows `:`. */
export function linesOf(payoutId: string): { _id: { $gt: string; $lt: string } } {
  return { _id: { $gt: `${payoutId}:`, $lt: `${payoutId};` } };
}
