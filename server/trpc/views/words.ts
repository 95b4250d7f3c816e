/** The words for codes, as staff read them. A code that is missing here does not compile. */
import type { AttemptStatus, EmailKind, OrderStatus, StuckLoop } from '../../../models/contract/statuses.ts';
import type { JobFailure } from '../../../models/job-failures.ts';

export const ORDER_STATUS_WORDS: Record<OrderStatus, string> = {
  pending: 'pending',
  confirmed: 'confirmed',
  shipped: 'shipped',
  delivered: 'delivered',
  cancelled: 'cancelled',
  refunded: 'refunded',
};

export const ATTEMPT_STATUS_WORDS: Record<AttemptStatus, string> = {
  created: 'made',
  initialized: 'open',
  succeeded: 'paid',
  failed: 'declined',
  abandoned: 'given up',
};

/** Completes the sentence "The email … is sent". */
export const EMAIL_KIND_WORDS: Record<EmailKind, string> = {
  order_confirmed: '“order confirmed”',
  order_cancelled: '“order cancelled”',
  order_shipped: '“order on its way”',
  order_delivered: '“order delivered”',
  tracking_corrected: '“a correction about your parcel”',
  refund_started: '“refund on its way”',
  refund_done: '“refund complete”',
  payment_review: '“payment being checked”',
  payment_link: '“link to pay”',
  payment_reminder: '“order not paid yet”',
};

export const STUCK_WORDS: Record<StuckLoop, string> = {
  refunds: 'refunds',
  verifies: 'asking Paystack about the payment',
  webhooks: 'events of Paystack',
  returns: 'reading what went back of the payment',
};

export const JOB_WORDS: Record<JobFailure['job'], string> = {
  processOrderPayment: 'settling the order',
  processRefunds: 'sending refunds',
  processDisputes: 'reading and answering disputes',
  sendEmails: 'sending the email',
  sweep: 'the sweep',
};

/** Paystack's names of what a webhook is about. */
const WEBHOOK_WORDS: Readonly<Record<string, string>> = {
  'charge.success': 'a payment succeeded',
  'charge.failed': 'a payment failed',
  'charge.dispute.create': 'a dispute was opened',
  'charge.dispute.remind': 'a dispute waits for an answer',
  'charge.dispute.resolve': 'a dispute was decided',
  'refund.pending': 'a refund is on its way',
  'refund.processing': 'a refund is on its way',
  'refund.processed': 'a refund was paid',
  'refund.failed': 'a refund failed',
  'refund.needs-attention': 'a refund needs details of the customer',
  'bank.transfer.rejected': 'a bank transfer was not accepted',
};

export function webhookWords(event: string): string {
  return WEBHOOK_WORDS[event] ?? `“${event}”`;
}
