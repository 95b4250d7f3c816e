import { z } from 'zod';
import type { Permission } from '../permissions.ts';

/**
 * The actions of staff on an order. `acceptReview`, `refundReview` and `returnedReview` are the resolutions of
 * resolveReview, `declineDispute` and `acceptDispute` those of answerDispute.
 */
export const ORDER_ACTIONS = [
  'ship',
  'deliver',
  'undoDeliver',
  'correctShipment',
  'voidShipment',
  'cancel',
  'refund',
  'acceptReview',
  'refundReview',
  'returnedReview',
  'retryRefund',
  'recordRefundPaidElsewhere',
  'recordPaidElsewhere',
  'sendRefundAccount',
  'declineDispute',
  'acceptDispute',
  'retrySettlement',
  'retryStuck',
  'resendEmail',
  'sendPaymentLink',
  'correctContact',
  'correctAddress',
  'emptyCorrections',
  'addNote',
  'removeNote',
  'setTags',
] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** The permission of each action that has none of its own name. */
const PERMISSION_OF: { [Action in Exclude<OrderAction, Permission>]: Permission } = {
  acceptReview: 'resolveReview',
  refundReview: 'resolveReview',
  returnedReview: 'resolveReview',
  recordRefundPaidElsewhere: 'recordPaidElsewhere',
  emptyCorrections: 'correctContact',
  removeNote: 'addNote',
  sendRefundAccount: 'retryRefund',
  declineDispute: 'answerDispute',
};

export function permissionOf(action: OrderAction): Permission {
  return isNamedOtherwise(action) ? PERMISSION_OF[action] : action;
}

function isNamedOtherwise(action: OrderAction): action is keyof typeof PERMISSION_OF {
  return action in PERMISSION_OF;
}

export const orderActionState = z.strictObject({
  action: z.enum(ORDER_ACTIONS),
  /** A charge's reference, or the id of a refund, a dispute, a shipment, an email or a note; null for the order as a whole. */
  target: z.string().nullable(),
  allowed: z.boolean(),
  /** Why it is refused; null when it is allowed. */
  why: z.string().nullable(),
});

export type OrderActionState = z.infer<typeof orderActionState>;
