/** Payouts of Paystack to the shop's bank account, which Paystack calls settlements. */
import { z } from 'zod';
import { amount, count, cursor, instant, objectId, optional, pageLimit, pageOf } from '../fields.ts';

/**
 * - reading: its charges have not all been read; so also while it has not reached the bank
 * - proved: the number of its charges, their amounts and their fees are what Paystack says, and leave what reached the bank
 * - differs: something of that does not add up
 */
export const PAYOUT_STATES = ['reading', 'proved', 'differs'] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];

/** The kinds of differences. */
export const PAYOUT_DIFFERENCES = [
  'rows',
  'rows_unknown',
  'gross',
  'fees',
  'net',
  'currency',
  'captured',
  'paid_twice',
] as const;
export type PayoutDifferenceKind = (typeof PAYOUT_DIFFERENCES)[number];

const payoutId = z.string().regex(/^\d{1,20}$/, 'must be the id of a payout');

export const byPayoutId = z.strictObject({ id: payoutId });

export const payoutsInput = z.strictObject({
  cursor: optional(cursor),
  limit: pageLimit,
  state: optional(z.enum(PAYOUT_STATES)),
});

export const payoutChargesInput = z.strictObject({ id: payoutId, cursor: optional(cursor), limit: pageLimit });

export const payoutSummary = z.strictObject({
  id: z.string(),
  /** As Paystack calls it: `success` once it has reached the bank. */
  status: z.string(),
  state: z.enum(PAYOUT_STATES),
  currency: z.string(),
  /** The sum of its charges. */
  gross: amount,
  fees: amount,
  /** For refunds and disputes, as one sum. */
  deductions: amount,
  /** The sum that reaches the bank. */
  net: amount,
  paidOn: instant.nullable(),
  createdAt: instant,
  /** The differences, as text; empty unless it differs. */
  differences: z.array(z.string()),
});

export const payoutPage = pageOf(payoutSummary);

export const payoutCharge = z.strictObject({
  /** Paystack's id of the transaction. */
  transactionId: z.string(),
  reference: z.string(),
  amount,
  fees: amount,
  currency: z.string(),
  /** Null for a charge that another system made through the same account, as is `code`. */
  orderId: objectId.nullable(),
  code: z.string().nullable(),
});

export const payoutChargePage = pageOf(payoutCharge);

export const unpaidChargesInput = z.strictObject({ cursor: optional(cursor), limit: pageLimit });

/** A charge that was captured more than three business days ago and is in no payout. */
export const unpaidCharge = z.strictObject({
  reference: z.string(),
  orderId: objectId,
  code: z.string().nullable(),
  amount,
  currency: z.string(),
  paidAt: instant,
});

export const unpaidChargePage = pageOf(unpaidCharge).extend({
  /** All of them. */
  count,
});

/** The money that is captured and in no payout yet. */
export const awaitedPayout = z.strictObject({
  /** By the last pass over the payouts, each hour; null before the first. */
  countedAt: instant.nullable(),
  /** The sums that Paystack holds, before its fees, by currency. */
  sums: z.array(z.strictObject({ currency: z.string(), amount, charges: count })),
});

export type AwaitedPayoutView = z.infer<typeof awaitedPayout>;
export type PayoutSummary = z.infer<typeof payoutSummary>;
export type PayoutCharge = z.infer<typeof payoutCharge>;
export type UnpaidChargeView = z.infer<typeof unpaidCharge>;
