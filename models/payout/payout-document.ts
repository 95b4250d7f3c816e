import { Schema } from 'mongoose';
import { isSubunitAmount } from '../contract/money.ts';
import {
  PAYOUT_DIFFERENCES,
  PAYOUT_STATES,
  type PayoutDifferenceKind,
  type PayoutState,
} from '../contract/staff/payouts.ts';

/** One thing that does not add up. Amounts are in subunits of the payout's currency; of `rows` they are counts. */
export interface PayoutDifference {
  kind: PayoutDifferenceKind;
  expected: number;
  found: number;
  /** Of the charge that it is about. */
  reference?: string;
  /** The other payout that the charge is in. */
  payoutId?: string;
}

/** A payout of Paystack's (its settlement), as it last reported it, and whether its charges account for it. */
export interface Payout {
  /** Paystack's id. */
  _id: string;
  domain: string;
  /** Paystack's word: success, processing, pending, failed, or an unknown one. */
  status: string;
  currency: string;
  /** The sum of its charges, in subunits as all amounts here. */
  gross: number;
  fees: number;
  /** For refunds and disputes, as one sum. */
  deductions: number;
  /** The sum that reaches the bank. */
  net: number;
  paidOn?: Date;
  createdAt: Date;
  /** `reading` until all its charges were read; so also while it has not reached the bank. */
  state: PayoutState;
  /** Absent when there are none. */
  differences?: PayoutDifference[];
  /** The reading that may store charges. A later one replaces it, so that a paused reader stores nothing more. */
  readingBy?: string;
  /** Pages of charges that this reading has stored. */
  pages?: number;
  /** How many charges Paystack said that it holds, when they were last compared; unset when it did not say. */
  rows?: number;
  /** When its charges were last compared. */
  comparedAt?: Date;
}

const text = { type: String, required: true };
const amount = { type: Number, required: true, validate: isSubunitAmount };
const part = <T>(definition: ConstructorParameters<typeof Schema<T>>[0]) =>
  new Schema<T>(definition, { _id: false, strict: 'throw' });

const differenceSchema = part<PayoutDifference>({
  kind: { ...text, enum: PAYOUT_DIFFERENCES },
  expected: { type: Number, required: true },
  found: { type: Number, required: true },
  reference: String,
  payoutId: String,
});

export const payoutSchema = new Schema<Payout>(
  {
    _id: text,
    domain: text,
    status: text,
    currency: text,
    gross: amount,
    fees: amount,
    deductions: amount,
    net: amount,
    paidOn: Date,
    createdAt: { type: Date, required: true },
    state: { ...text, enum: PAYOUT_STATES },
    differences: { type: [differenceSchema], default: undefined },
    readingBy: String,
    pages: Number,
    rows: Number,
    comparedAt: Date,
  },
  { collection: 'payouts', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);
/** The list, newest first. */
payoutSchema.index({ createdAt: -1, _id: -1 });
