/** Inputs and outputs of staff's lists besides the list of orders. */
import { z } from 'zod';
import { cursor, instant, objectId, optional, pageLimit, pageOf } from '../fields.ts';
import { EMAIL_KINDS } from '../statuses.ts';

export const failedEmailsInput = z.strictObject({ cursor: optional(cursor), limit: pageLimit });

export const failedEmail = z.strictObject({
  id: z.string(),
  orderId: objectId,
  code: z.string(),
  kind: z.enum(EMAIL_KINDS),
  /** The provider's words, or those of our own failure. */
  error: z.string(),
  failedAt: instant,
  name: z.string(),
  email: z.string(),
});

export const failedEmailPage = pageOf(failedEmail);
