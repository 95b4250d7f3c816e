import { Schema, type Types } from 'mongoose';
import { isSubunitAmount } from '../contract/money.ts';

/** A charge that was captured more than three business days ago and is in no payout. Deleted once it is in one. */
export interface UnpaidCharge {
  /** The charge's reference. */
  _id: string;
  orderId: Types.ObjectId;
  /** Captured, in subunits of `currency`. */
  amount: number;
  currency: string;
  paidAt: Date;
}

export const unpaidChargeSchema = new Schema<UnpaidCharge>(
  {
    _id: { type: String, required: true },
    orderId: { type: Schema.Types.ObjectId, required: true },
    amount: { type: Number, required: true, validate: isSubunitAmount },
    currency: { type: String, required: true },
    paidAt: { type: Date, required: true },
  },
  { collection: 'unpaidcharges', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
/** The list, oldest first. */
unpaidChargeSchema.index({ paidAt: 1, _id: 1 });
