/** Inputs of staff's refunds and cancellations. */
import { z } from 'zod';
import { actionKey, currency, defaulted, objectId, optional, reference, text } from '../fields.ts';
import { MAX_CART_LINES, MAX_LENGTH, MAX_LINE_QUANTITY } from '../limits.ts';
import { STAFF_REFUND_CAUSES } from '../statuses.ts';
import { expectInput } from './action-preview.ts';

export const refundId = z.string().regex(/^[A-Za-z0-9._-]{1,80}$/, 'must be a refund id');

const expect = optional(expectInput);
const note = optional(text(MAX_LENGTH.note));
const restockRest = optional(z.boolean());

const upTo = (most: number) =>
  defaulted(z.int('must be a whole number').min(0, 'must be at least 0').max(most, `must be at most ${most}`), () => 0);

/**
 * The units of one line that leave the order: `unshipped` ones will not be sent, `shipped` ones came back. `restock` of them
 * go into stock.
 */
const refundLine = z
  .strictObject({
    lineId: z.int('must be the place of a line').min(1, 'must be at least 1').max(MAX_CART_LINES),
    unshipped: upTo(MAX_LINE_QUANTITY),
    shipped: upTo(MAX_LINE_QUANTITY),
    restock: upTo(MAX_LINE_QUANTITY),
  })
  .refine(({ unshipped, shipped }) => unshipped + shipped > 0, 'must take at least one unit')
  .refine(({ unshipped, shipped, restock }) => restock <= unshipped + shipped, {
    path: ['restock'],
    message: 'must be at most the units that leave the order',
  });

const refundLines = defaulted(
  z
    .array(refundLine)
    .max(MAX_CART_LINES)
    .refine((lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length, 'must name each line once'),
  () => [],
);

/**
 * - `amount`: in subunits; without it, the units' prices and the delivery fee if chosen; with nothing chosen, all that is left
 * - `reference`: the charge; without it, the one that pays for the order
 * - `replaces`: the failed refund that this one is sent in place of; of money alone
 * - `restockRest: false`: should the order end as refunded, units that were neither sent nor withdrawn stay out of stock
 */
export const previewRefundInput = z.strictObject({
  id: objectId,
  reference: optional(reference),
  lines: refundLines,
  delivery: defaulted(z.boolean(), () => false),
  amount: optional(z.int().min(1).max(Number.MAX_SAFE_INTEGER)),
  replaces: optional(refundId),
  restockRest,
  /** Decides the words of the customer's emails. */
  cause: optional(z.enum(STAFF_REFUND_CAUSES)),
  /** Staff's own words, which no customer reads. */
  note,
});

/** The same `key` again takes no effect: the answer is the order as it stands. It becomes the refund's id. */
export const refundInput = previewRefundInput.extend({ key: actionKey, expect });

export const previewCancelInput = z.strictObject({ id: objectId, restockRest, note });

export const staffCancelInput = previewCancelInput.extend({ expect });

export const retryRefundInput = z.strictObject({ id: objectId, refundId });

/** Sent to Paystack, and stored and logged nowhere. */
export const sendRefundAccountInput = z.strictObject({
  id: objectId,
  refundId,
  accountNumber: z
    .string()
    .trim()
    .regex(/^\d{6,20}$/, 'must be 6 to 20 digits'),
  bankId: z.string().regex(/^\d{1,20}$/, 'must be the id of a bank'),
});

export const refundBanksInput = z.strictObject({ currency });

/** By name. */
export const refundBanks = z.array(z.strictObject({ id: z.string(), name: z.string() }));
