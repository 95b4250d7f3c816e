/** The words of the codes that an order's history, reviews and refunds hold, for staff. */
import type { RefundCause } from '../../../models/contract/statuses.ts';
import { toMajorUnits } from '../../../models/money.ts';
import type { HistoryEntry } from '../../../models/order/history.ts';
import type { Order, PaymentAttempt, Review } from '../../../models/order/order-document.ts';
import { findAttempt } from '../../../models/order/payment-status.ts';

const REFUND_CAUSE_TEXTS: Record<RefundCause, string> = {
  short_stock: 'stock was short',
  expired: 'the order had expired',
  by_customer: 'the customer cancelled the order',
  by_staff: 'staff cancelled the order',
  duplicate_payment: 'the order was paid twice',
  late_payment: 'paid after the order was cancelled',
  review: 'staff refunded money in review',
  staff: 'staff agreed a refund',
  external: 'made at Paystack, not here',
};

export function describeRefundCause(cause: RefundCause): string {
  return REFUND_CAUSE_TEXTS[cause];
}

const CANCEL_TEXTS: Record<string, string> = {
  short_stock: 'stock was short',
  expired: 'it was not paid in time',
  by_customer: 'by the customer',
  by_staff: 'by staff',
};

/** Why the charge's money is in review. Amounts have their currency. */
export function describeReview(order: Order, attempt: PaymentAttempt, { cause }: Review): string {
  const { amount = 0, requestedAmount, currency = order.currency, domain = '' } = attempt;
  const money = (subunits: number, of: string) => `${toMajorUnits(subunits)} ${of}`;
  switch (cause) {
    case 'other_domain':
      return `the charge is of Paystack's ${domain} domain, not of the one of our key`;
    case 'other_currency':
      return `currency ${currency} instead of ${order.currency}`;
    case 'other_amount':
      return `${money(requestedAmount ?? amount, currency)} was requested instead of ${money(order.total, order.currency)}`;
    case 'underpaid':
      return `${money(amount, currency)} was captured of ${money(order.total, order.currency)}`;
    case 'reversed':
      return 'the charge was reversed at Paystack';
    case 'dispute_lost':
      return 'a dispute was lost';
    case 'external_refund': {
      const sum = order.refunds
        .filter((refund) => refund.reference === attempt.reference && refund.cause === 'external')
        .reduce((total, refund) => total + refund.amount, 0);
      return `a refund of ${money(sum, currency)} was made at Paystack, not here`;
    }
  }
}

/** One entry of the history, without the move of the status. */
export function describeStep(order: Order, entry: HistoryEntry): string {
  switch (entry.type) {
    case 'order_placed':
      return 'order placed';
    case 'payment_received':
      return `paid by ${entry.data.reference}`;
    case 'charge_owed_back':
      return `charge ${entry.data.reference} cannot buy: ${describeRefundCause(entry.data.cause)}; its refund is requested`;
    case 'review_opened':
      return `charge ${entry.data.reference} is in review${reviewWhy(order, entry.data.reference)}`;
    case 'review_accepted':
      return `review of ${entry.data.reference} accepted`;
    case 'review_refunded':
      return `review of ${entry.data.reference} refunded`;
    case 'review_closed':
      return `review of ${entry.data.reference} closed: its money had gone back before`;
    case 'order_confirmed':
      return 'stock taken';
    case 'order_cancelled':
      return `cancelled: ${CANCEL_TEXTS[entry.data.cause]}${entry.data.refundId ? '; a refund is requested' : ''}`;
    case 'settlement_parked':
      return entry.data.cause === 'failed'
        ? `settlement parked after ${entry.data.attempts} failures`
        : 'settlement parked: short of stock, and a dispute stands';
    case 'settlement_retried':
      return 'settlement is tried again';
    case 'stuck_retried':
      return `tried again: ${entry.data.work.join(', ') || 'nothing was parked any more'}`;
    case 'order_shipped':
      return order.shipment ? `shipped with ${order.shipment.carrier}, ${order.shipment.trackingNumber}` : 'shipped';
    case 'order_delivered':
      return 'delivered';
    case 'external_refunds_entered':
      return `a refund of ${amountText(entry.data.amount)} was made at Paystack, not here`;
    case 'dispute_opened':
    case 'dispute_won':
    case 'dispute_lost': {
      const state = entry.type.slice('dispute_'.length);
      return `dispute ${entry.data.disputeId} of ${entry.data.reference} is ${state === 'opened' ? 'open' : state}`;
    }
    case 'email_resent':
      return `email ${entry.data.kind} is sent again`;
    default:
      return describeRefundStep(order, entry);
  }
}

type RefundEntry = Extract<
  HistoryEntry,
  {
    type:
      | 'refund_requested'
      | 'refund_pending'
      | 'refund_processed'
      | 'refund_failed'
      | 'refund_needs_attention'
      | 'refund_retried'
      | 'refund_paid_elsewhere';
  }
>;

function describeRefundStep(order: Order, { type, data }: RefundEntry): string {
  const refund = `refund of ${amountText(data.amount)}`;
  const stored = order.refunds.find(({ refundId }) => refundId === data.refundId);
  switch (type) {
    case 'refund_requested':
      return `${refund} requested: ${stored?.note ?? describeRefundCause(data.cause)}`;
    case 'refund_pending':
      return `${refund} is pending at Paystack`;
    case 'refund_processed':
      return `${refund} is processed`;
    case 'refund_failed':
      return `${refund} is failed`;
    case 'refund_needs_attention':
      return `${refund} needs attention`;
    case 'refund_retried':
      return `${refund} is tried again`;
    case 'refund_paid_elsewhere':
      return `${refund} was returned outside Paystack: ${stored?.paidElsewhereNote ?? ''}`;
  }
}

const amountText = (subunits: number) => toMajorUnits(subunits);

function reviewWhy(order: Order, reference: string): string {
  const attempt = findAttempt(order, reference);
  return attempt?.review ? `: ${describeReview(order, attempt, attempt.review)}` : '';
}
