/** The words for codes that both the server's sentences and staff's pages use. A code that is missing here does not compile. */
import type { PaymentStatus, RefundCause } from '../statuses.ts';

export const PAYMENT_STATUS_WORDS: Record<PaymentStatus, string> = {
  unpaid: 'not paid',
  paid: 'paid',
  refunding: 'refund under way',
  partially_refunded: 'partly refunded',
  refunded: 'refunded',
  review: 'in review',
};

export const REFUND_CAUSE_WORDS: Record<RefundCause, string> = {
  short_stock: 'stock was short',
  expired: 'the order had expired',
  by_customer: 'the customer cancelled the order',
  by_staff: 'staff cancelled the order',
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
