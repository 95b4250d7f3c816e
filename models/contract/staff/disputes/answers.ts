/** Inputs and outputs of answering disputes. */
import { z } from 'zod';
import { actionKey, amount, currency, email, instant, longText, objectId, optional, text } from '../../fields.ts';
import { MAX_LENGTH } from '../../limits.ts';
import { DISPUTE_ANSWER_STATES, DISPUTE_FILE_TYPES, DISPUTE_RESOLUTIONS } from '../../statuses.ts';
import { expectInput } from '../action-preview.ts';
import { actorView } from '../actor.ts';

const disputeId = z.string().regex(/^\d{1,20}$/, 'must be the id of a dispute');

/** Of a file that was attached to the order's dispute. */
const fileId = z.string().regex(/^[0-9a-f]{64}$/, 'must be the id of an attached file');

const evidenceInput = z.strictObject({
  customerEmail: email,
  customerName: text(MAX_LENGTH.name),
  customerPhone: text(MAX_LENGTH.phone),
  serviceDetails: longText(MAX_LENGTH.serviceDetails),
  deliveryAddress: optional(text(MAX_LENGTH.deliveryAddress)),
  /** A day, `2026-03-01`. */
  deliveryDate: optional(z.iso.date('must be a day like 2026-03-01')),
});

export const disputeInput = z.strictObject({ id: objectId, disputeId });

/**
 * - `refundAmount`: with `accept`, in subunits; without it, all that can be given back for the dispute
 * - `evidence`: with `decline`; without it, as drafted from the order
 * - `fileId`: without it, Paystack gets a receipt
 */
export const previewAnswerDisputeInput = disputeInput.extend({
  resolution: z.enum(DISPUTE_RESOLUTIONS),
  /** Staff's words to the bank. */
  message: longText(MAX_LENGTH.disputeMessage),
  refundAmount: optional(z.int().min(1).max(Number.MAX_SAFE_INTEGER)),
  evidence: optional(evidenceInput),
  fileId: optional(fileId),
});

/** The same `key` again takes no effect: the answer is the order as it stands. */
export const answerDisputeInput = previewAnswerDisputeInput.extend({ key: actionKey, expect: optional(expectInput) });

const evidence = z.strictObject({
  customerEmail: z.string(),
  customerName: z.string(),
  customerPhone: z.string(),
  serviceDetails: z.string(),
  deliveryAddress: z.string().optional(),
  deliveryDate: z.string().optional(),
});

/** The beginning of an answer, for staff to correct. */
export const disputeDraft = z.strictObject({
  evidence,
  /** The most that an answer can give back, in subunits of `currency`; 0 when nothing is left. */
  mostToAccept: amount,
  currency,
});

/** The receipt that Paystack gets without a file of staff's. */
export const disputeReceipt = z.strictObject({ contentType: z.literal('application/pdf'), base64: z.base64() });

export const attachedFile = z.strictObject({ fileId, contentType: z.enum(DISPUTE_FILE_TYPES) });

export const disputeAnswerView = z.strictObject({
  state: z.enum(DISPUTE_ANSWER_STATES),
  resolution: z.enum(DISPUTE_RESOLUTIONS),
  message: z.string(),
  /** With `accept`. */
  refundAmount: amount.nullable(),
  evidence: evidence.nullable(),
  file: z.enum(['receipt', 'attached']),
  by: actorView,
  at: instant,
  sentAt: instant.nullable(),
  /** Why the last step failed, or why Paystack refused it. */
  lastError: z.string().nullable(),
});
