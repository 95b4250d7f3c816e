/**
 * Paystack's settlements, which are payouts here, and the transactions that each one pays, reduced to reports. Amounts are
 * strict, as those of charges. Source: Paystack's published samples.
 */
import * as z from 'zod';
import { isSubunitAmount } from '../../models/contract/money.ts';
import type { PayoutChargeReport, PayoutReport } from '../../models/payout/payout-reports.ts';
import { gatewayIdSchema, instantSchema, isReference } from './reports.ts';

const amountSchema = z.custom<number>(isSubunitAmount, 'not an integer amount in subunits');
const wordSchema = z.string().min(1).max(200);

/** `effective_amount` is what reaches the bank; older samples have `total_amount` alone. */
export const payoutSchema = z
  .object({
    id: gatewayIdSchema,
    domain: wordSchema,
    status: wordSchema,
    currency: wordSchema,
    total_amount: amountSchema,
    effective_amount: amountSchema.nullish(),
    total_fees: amountSchema.nullish(),
    total_processed: amountSchema,
    deductions: amountSchema.nullish(),
    settlement_date: instantSchema,
    createdAt: instantSchema,
    created_at: instantSchema,
  })
  .transform(
    (payout): PayoutReport => ({
      payoutId: payout.id,
      domain: payout.domain,
      status: payout.status,
      currency: payout.currency,
      gross: payout.total_processed,
      fees: payout.total_fees ?? 0,
      deductions: payout.deductions ?? 0,
      net: payout.effective_amount ?? payout.total_amount,
      paidOn: payout.settlement_date,
      createdAt: payout.createdAt ?? payout.created_at,
    }),
  );

/** A transaction in a payout. The account's other systems choose their own references, so any text is one. */
export const payoutChargeSchema = z
  .object({
    id: gatewayIdSchema,
    reference: z.string().min(1).max(200),
    amount: amountSchema,
    fees: amountSchema.nullish(),
    currency: wordSchema,
  })
  .transform(
    (charge): PayoutChargeReport => ({
      gatewayId: charge.id,
      reference: charge.reference,
      amount: charge.amount,
      fees: charge.fees ?? null,
      currency: charge.currency,
    }),
  );

/** The names in a row whose other fields cannot be read. */
export const namedRowSchema = z.object({
  id: gatewayIdSchema.nullish().catch(null),
  reference: z
    .unknown()
    .optional()
    .transform((value) => (isReference(value) ? value : null)),
});
