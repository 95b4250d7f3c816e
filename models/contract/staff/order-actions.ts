import { z } from 'zod';

/** The actions of staff on an order. `acceptReview` and `refundReview` are the two resolutions of resolveReview. */
export const ORDER_ACTIONS = [
  'ship',
  'deliver',
  'cancel',
  'refund',
  'acceptReview',
  'refundReview',
  'retryRefund',
  'recordRefundPaidElsewhere',
  'retrySettlement',
  'retryStuck',
  'resendEmail',
] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

export const orderActionState = z.strictObject({
  action: z.enum(ORDER_ACTIONS),
  /** The reference of a charge, the id of a refund or the key of an email; null for the order as a whole. */
  target: z.string().nullable(),
  allowed: z.boolean(),
  /** Why it is refused; null when it is allowed. */
  why: z.string().nullable(),
});

export type OrderActionState = z.infer<typeof orderActionState>;
