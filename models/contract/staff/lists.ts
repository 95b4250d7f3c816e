/** Inputs and outputs of staff's lists besides the list of orders. */
import { z } from 'zod';
import { cursor, instant, objectId, optional, pageLimit, pageOf } from '../fields.ts';
import { EMAIL_ADDRESSEES, OUTBOX_KINDS } from '../statuses.ts';

export const failedEmailsInput = z.strictObject({ cursor: optional(cursor), limit: pageLimit });

export const failedEmail = z.strictObject({
  id: z.string(),
  to: z.enum(EMAIL_ADDRESSEES),
  /** null unless the email is for the customer of an order. */
  orderId: objectId.nullable(),
  code: z.string().nullable(),
  kind: z.enum(OUTBOX_KINDS),
  /** The provider's words, or those of our own failure. */
  error: z.string(),
  failedAt: instant,
  /** Of the customer or the account; null for an email to staff, which has many addresses. */
  name: z.string().nullable(),
  email: z.string().nullable(),
});

export const failedEmailPage = pageOf(failedEmail);
