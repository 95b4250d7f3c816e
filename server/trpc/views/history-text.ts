/** The words of the codes that an order's history, reviews and refunds hold, for staff. */

import { REFUND_CAUSE_WORDS } from '../../../models/contract/desk/words.ts';
import { describeAmount, formatMoney } from '../../../models/contract/money.ts';
import type { AddressField, ContactField } from '../../../models/contract/staff/corrections.ts';
import type { CancelReason } from '../../../models/contract/statuses.ts';
import type { HistoryEntry } from '../../../models/order/history.ts';
import type { Order, PaymentAttempt, Review } from '../../../models/order/order-document.ts';
import { currencyOfCharge, findAttempt } from '../../../models/order/payment-status.ts';
import { returnedMoney } from '../../../models/payment/returned-money.ts';
import { describeDisputeStep } from './dispute-view.ts';
import { describeRejectedTransfer } from './rejected-transfer-text.ts';
import { describeShipmentStep } from './shipment-view.ts';
import { EMAIL_KIND_WORDS, STUCK_WORDS } from './words.ts';

const CANCEL_TEXTS: Record<CancelReason, string> = {
  short_stock: 'stock was short',
  expired: 'it was not paid in time',
  by_customer: 'by the customer',
  by_staff: 'by staff',
  payment_returned: 'its payment went back',
};

/** Why the charge's money is in review. Amounts have their currency. */
export function describeReview(order: Order, attempt: PaymentAttempt, { cause }: Review): string {
  const { amount = 0, requestedAmount, currency = order.currency, domain = '' } = attempt;
  switch (cause) {
    case 'other_domain':
      return `the charge is of Paystack's ${domain} domain, not of the one of our key`;
    case 'other_currency':
      return `currency ${currency} instead of ${order.currency}`;
    case 'other_amount':
      return `${describeAmount(requestedAmount ?? amount, currency)} was requested instead of ${describeAmount(order.total, order.currency)}`;
    case 'underpaid':
      return `${describeAmount(amount, currency)} was captured of ${describeAmount(order.total, order.currency)}`;
    case 'reversed_unexplained':
      return `Paystack calls the charge reversed, without a reason. ${sumsOf(order, attempt)}`;
    case 'external_refund':
      return `some of it went back at Paystack before the order was confirmed. ${sumsOf(order, attempt)}`;
  }
}

function sumsOf(order: Order, attempt: PaymentAttempt): string {
  const { currency, captured, byRefund, byDispute, elsewhere, open, held } = returnedMoney(order, attempt);
  const money = (amount: number) => formatMoney({ amount, currency });
  const returned = [
    `${money(byRefund)} returned by refund`,
    `${money(byDispute)} by dispute`,
    ...(elsewhere > 0 ? [`${money(elsewhere)} paid another way`] : []),
    ...(open > 0 ? [`${money(open)} on its way back`] : []),
  ];
  return `Of ${money(captured)} captured, ${returned.join(', ')}; ${money(held)} is held`;
}

/** One entry of the history, without the move of the status. */
export function describeStep(order: Order, entry: HistoryEntry): string {
  switch (entry.type) {
    case 'order_placed':
      return 'order placed';
    case 'payment_received':
      return `paid by ${entry.data.reference}`;
    case 'charge_owed_back':
      return `charge ${entry.data.reference} cannot buy: ${REFUND_CAUSE_WORDS[entry.data.cause]}; its refund is requested`;
    case 'reversal_reported':
      return `Paystack calls ${entry.data.reference} reversed; its refunds and disputes are read`;
    case 'reversal_explained':
      return `the refunds and disputes of ${entry.data.reference} account for its reversal`;
    case 'reversal_entered':
      return `staff entered that ${describeAmount(entry.data.amount, currencyOfCharge(order, entry.data.reference))} of ${entry.data.reference} went back`;
    case 'reversal_dismissed':
      return `staff found that nothing of ${entry.data.reference} went back`;
    case 'review_opened':
      return `charge ${entry.data.reference} is in review${reviewWhy(order, entry.data.reference)}`;
    case 'review_accepted':
      return `review of ${entry.data.reference} accepted`;
    case 'review_refunded':
      return `review of ${entry.data.reference} refunded`;
    case 'review_closed':
      return `review of ${entry.data.reference} closed: its money had gone back before`;
    case 'transfer_rejected':
      return describeRejectedTransfer(order, entry.data);
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
      return `tried again: ${entry.data.work.map((work) => STUCK_WORDS[work]).join(', ') || 'nothing was parked any more'}`;
    case 'shipment_created':
    case 'shipment_delivered':
    case 'shipment_corrected':
    case 'tracking_corrected':
    case 'shipment_voided':
    case 'delivery_undone':
      return describeShipmentStep(order, entry);
    case 'external_refunds_entered':
      return `a refund of ${describeAmount(entry.data.amount, currencyOfCharge(order, entry.data.reference))} was made at Paystack, not here`;
    case 'dispute_opened':
    case 'dispute_reopened':
    case 'dispute_updated':
    case 'dispute_won':
    case 'dispute_lost':
    case 'dispute_answered':
    case 'dispute_answer_sent':
    case 'dispute_answer_refused':
      return describeDisputeStep(order, entry);
    case 'email_resent':
    case 'contact_corrected':
    case 'address_corrected':
    case 'corrections_emptied':
    case 'note_removed':
    case 'payment_link_sent':
    case 'payment_reminder_sent':
    case 'tags_set':
      return describeCorrection(entry);
    default:
      return describeRefundStep(order, entry);
  }
}

const FIELD_TEXTS: Record<AddressField | ContactField, string> = {
  email: 'email',
  name: 'name',
  phone: 'phone number',
  line1: 'street',
  line2: 'second line',
  city: 'city',
  state: 'state',
  postalCode: 'postal code',
  country: 'country',
};

type CorrectionEntry = Extract<
  HistoryEntry,
  {
    type:
      | 'email_resent'
      | 'contact_corrected'
      | 'address_corrected'
      | 'corrections_emptied'
      | 'note_removed'
      | 'payment_link_sent'
      | 'payment_reminder_sent'
      | 'tags_set';
  }
>;

function describeCorrection(entry: CorrectionEntry): string {
  const fieldsOf = ({ fields }: { fields: readonly (AddressField | ContactField)[] }) =>
    fields.map((field) => FIELD_TEXTS[field]).join(', ');
  switch (entry.type) {
    case 'email_resent':
      return `the email ${EMAIL_KIND_WORDS[entry.data.kind]} is sent again`;
    case 'contact_corrected':
      return `contact corrected: ${fieldsOf(entry.data)}`;
    case 'address_corrected':
      return `address corrected: ${fieldsOf(entry.data)}`;
    case 'corrections_emptied':
      return 'the values before the corrections were deleted';
    case 'note_removed':
      return 'a note was removed';
    case 'payment_link_sent':
      return 'the link to pay was sent';
    case 'payment_reminder_sent':
      return 'the customer is reminded to pay';
    case 'tags_set':
      return 'tags changed';
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
      | 'refund_account_sent'
      | 'refund_paid_elsewhere'
      | 'paid_elsewhere'
      | 'refund_reduced';
  }
>;

function describeRefundStep(order: Order, { type, data }: RefundEntry): string {
  const stored = order.refunds.find(({ refundId }) => refundId === data.refundId);
  const currency = stored === undefined ? order.currency : currencyOfCharge(order, stored.reference);
  const refund = `refund of ${describeAmount(data.amount, currency)}`;
  switch (type) {
    case 'refund_requested':
      return `${refund} requested: ${stored?.note ?? REFUND_CAUSE_WORDS[data.cause]}`;
    case 'refund_pending':
      return `${refund} is pending at Paystack`;
    case 'refund_processed':
      return `${refund} is processed`;
    case 'refund_failed':
      return `${refund} failed`;
    case 'refund_needs_attention':
      return `${refund} needs attention`;
    case 'refund_account_sent':
      return `${refund}: the customer's bank account was sent to Paystack`;
    case 'refund_retried':
      return `${refund} is tried again`;
    case 'refund_reduced':
      return `a refund is reduced to ${describeAmount(data.amount, currency)}, because the rest went back otherwise`;
    case 'paid_elsewhere':
    case 'refund_paid_elsewhere':
      return `${refund} was returned outside Paystack: ${stored?.paidElsewhereNote ?? ''}`;
  }
}

function reviewWhy(order: Order, reference: string): string {
  const attempt = findAttempt(order, reference);
  return attempt?.review ? `: ${describeReview(order, attempt, attempt.review)}` : '';
}
