/**
 * Paystack's transaction, refund and dispute objects, reduced to reports. Everything else in them (card,
 * customer, address, metadata) is dropped here. Paystack's documentation contradicts itself, so the schemas accept every
 * documented variant. They are strict about money: an amount is a JSON integer, or the charge cannot be read.
 */
import * as z from 'zod';
import { isSubunitAmount } from '../../models/contract/money.ts';
import type { ChargeReport, DisputeReport, RefundReport } from '../../models/payment/gateway-reports.ts';

/** Paystack's references: letters, digits, `.`, `=`, `-`. `.` and `..` are excluded, because they would change the path. */
const REFERENCE_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9.=-]{1,100}$/;

/** True for text that may be put into a path as a reference. */
export function isReference(value: unknown): value is string {
  return typeof value === 'string' && REFERENCE_PATTERN.test(value);
}

/** Ids are unsigned 64-bit; sent as a number or as its digits, kept as text. */
export const gatewayIdSchema = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d{1,20}$/)])
  .transform((id) => String(id));

const amountSchema = z.custom<number>(isSubunitAmount, 'not an integer amount in subunits');

/** No decision depends on fees, so an unreadable one is a missing one. */
const feesSchema = amountSchema
  .nullish()
  .catch(null)
  .transform((fees) => fees ?? null);

/** These texts are stored and shown to staff. Paystack's are far shorter than the limit. */
const wordSchema = z.string().min(1).max(200);
const optionalTextSchema = z
  .unknown()
  .optional()
  .transform((text) => (typeof text === 'string' && text !== '' ? text.slice(0, 200) : null));

/** Absent, null and unreadable times become null, because no decision depends on them alone. */
export const instantSchema = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value !== 'string') return null;
    const instant = new Date(value);
    return Number.isNaN(instant.getTime()) ? null : instant;
  });

/** A transaction as verify, list and charge.success contain it. `paid_at` and `paidAt` both occur. */
export const chargeSchema = z
  .object({
    id: gatewayIdSchema,
    reference: z.string().min(1).max(200),
    domain: wordSchema,
    status: wordSchema,
    amount: amountSchema,
    requested_amount: amountSchema.nullish(),
    currency: wordSchema,
    paid_at: instantSchema,
    paidAt: instantSchema,
    channel: optionalTextSchema,
    gateway_response: optionalTextSchema,
    fees: feesSchema,
  })
  .transform(
    (charge): ChargeReport => ({
      gatewayId: charge.id,
      reference: charge.reference,
      domain: charge.domain,
      status: charge.status,
      amount: charge.amount,
      requestedAmount: charge.requested_amount ?? null,
      currency: charge.currency,
      paidAt: charge.paid_at ?? charge.paidAt,
      channel: charge.channel,
      gatewayResponse: charge.gateway_response,
      fees: charge.fees,
    }),
  );

/** A refund's amount also occurs as a string of digits. Reading it is harmless, because no charge is credited from it. */
export const refundAmountSchema = z.union([
  amountSchema,
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/** The id of another object, sent as its id or as the object; null when it is missing or unreadable. */
const namedSchema = z
  .union([gatewayIdSchema, z.object({ id: gatewayIdSchema }).transform(({ id }) => id)])
  .nullish()
  .catch(null)
  .transform((id) => id ?? null);

/** A refund as create, get and list contain it. */
export const refundSchema = z
  .object({
    id: gatewayIdSchema,
    status: wordSchema,
    amount: refundAmountSchema,
    currency: wordSchema,
    merchant_note: optionalTextSchema,
    dispute: namedSchema,
  })
  .transform(
    (refund): RefundReport => ({
      gatewayRefundId: refund.id,
      status: refund.status,
      amount: refund.amount,
      currency: refund.currency,
      merchantNote: refund.merchant_note,
      disputeId: refund.dispute,
    }),
  );

/**
 * The id of the transaction that a refund in a list belongs to, null when the row lacks it. Lists contain it as a number,
 * the reply to create as an object.
 */
export const refundRowSchema = z
  .object({
    transaction: z
      .union([gatewayIdSchema, z.object({ id: gatewayIdSchema }).transform(({ id }) => id)])
      .nullish()
      .catch(null),
  })
  .transform(({ transaction }) => transaction ?? null);

/** The reference is missing where the transaction is sent as its id. */
const chargeReferenceSchema = z
  .object({ reference: z.string().nullish() })
  .nullish()
  .catch(null)
  .transform((transaction) => (isReference(transaction?.reference) ? transaction.reference : null));

/** The charge of a refund in a list, by its reference or its transaction id. */
export const refundedByRowSchema = z
  .object({ transaction: z.unknown().optional(), transaction_reference: z.unknown().optional() })
  .transform(({ transaction, transaction_reference }) => ({
    reference:
      chargeReferenceSchema.parse(transaction) ?? (isReference(transaction_reference) ? transaction_reference : null),
    gatewayId: namedSchema.parse(transaction),
  }));

/** The id of a dispute in a list, with the transaction that it belongs to; null when the row lacks it. */
export const disputeRowSchema = z.object({ id: gatewayIdSchema, transaction: namedSchema });

/** A dispute as GET /dispute/:id contains it. Times occur in both spellings. */
export const disputeSchema = z
  .object({
    id: gatewayIdSchema,
    status: wordSchema,
    resolution: optionalTextSchema,
    category: optionalTextSchema,
    refund_amount: refundAmountSchema.nullish(),
    currency: optionalTextSchema,
    transaction: z.unknown().optional(),
    transaction_reference: z.unknown().optional(),
    dueAt: instantSchema,
    due_at: instantSchema,
    evidence: z.unknown().optional(),
    createdAt: instantSchema,
    created_at: instantSchema,
    updatedAt: instantSchema,
    updated_at: instantSchema,
  })
  .transform(
    (dispute): DisputeReport => ({
      disputeId: dispute.id,
      reference:
        chargeReferenceSchema.parse(dispute.transaction) ??
        (isReference(dispute.transaction_reference) ? dispute.transaction_reference : null),
      gatewayId: namedSchema.parse(dispute.transaction),
      status: dispute.status,
      resolution: dispute.resolution,
      category: dispute.category,
      amount: dispute.refund_amount ?? null,
      currency: dispute.currency,
      answerBy: dispute.dueAt ?? dispute.due_at,
      hasEvidence: typeof dispute.evidence === 'object' && dispute.evidence !== null,
      evidenceId: namedSchema.parse(dispute.evidence),
      createdAt: dispute.createdAt ?? dispute.created_at,
      updatedAt: dispute.updatedAt ?? dispute.updated_at,
    }),
  );

/** The reference of a transaction in the reply to a call by its id. */
export const referenceOfTransactionSchema = z
  .object({ reference: z.string().refine(isReference) })
  .transform(({ reference }) => reference);

/** The reference of the refunded charge in the reply to create; null when the reply lacks it. */
export const refundedChargeSchema = z
  .object({ transaction: z.object({ reference: z.string() }).nullish().catch(null) })
  .transform(({ transaction }) => ({ reference: transaction?.reference ?? null }));
