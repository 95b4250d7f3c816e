/** The words of codes, for staff: in their app and in texts of the server. A code without words does not compile. */
import type { PaymentStatus, RefundCause, RefundState } from '../statuses.ts';

export const PAYMENT_STATUS_WORDS: Readonly<Record<PaymentStatus, string>> = {
  unpaid: 'not paid',
  paid: 'paid',
  refunding: 'refund under way',
  partially_refunded: 'partly refunded',
  refunded: 'refunded',
  review: 'in review',
};

export const REFUND_STATE_WORDS: Readonly<Record<RefundState, string>> = {
  requested: 'requested',
  pending: 'pending at Paystack',
  processed: 'processed',
  failed: 'failed',
  needs_attention: 'needs attention',
};

export const REFUND_CAUSE_WORDS: Readonly<Record<RefundCause, string>> = {
  short_stock: 'stock was short',
  expired: 'the order had expired',
  by_customer: 'the customer cancelled the order',
  by_staff: 'staff cancelled the order',
  payment_returned: 'the payment went back before the order was confirmed',
  duplicate_payment: 'the order was paid twice',
  late_payment: 'paid after the order was cancelled',
  review: 'staff refunded money in review',
  staff: 'staff agreed a refund',
  unavailable: 'something of it cannot be sent',
  returned: 'the customer sent something back',
  damaged: 'something was broken or not as described',
  not_arrived: 'something did not arrive',
  external: 'made at Paystack, not here',
};
