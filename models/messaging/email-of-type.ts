import type { Types } from 'mongoose';
import type { EmailKind } from '../contract/statuses.ts';
import type { HistoryEvent, HistoryType } from '../order/history.ts';
import { type Email, type EmailData, newEmail } from './email-document.ts';

/**
 * The kind of email that each type of history entry owes, for the writer and the audit alike. An email is never owed by a
 * move of the status.
 */
export const EMAIL_OF_TYPE: { readonly [Type in HistoryType]: EmailKind | null } = {
  order_placed: null,
  payment_received: null,
  charge_owed_back: 'refund_started',
  reversal_reported: null,
  reversal_explained: null,
  reversal_entered: 'refund_done',
  reversal_dismissed: null,
  review_opened: 'payment_review',
  review_accepted: null,
  review_refunded: 'refund_started',
  review_closed: null,
  transfer_rejected: null,
  order_confirmed: 'order_confirmed',
  order_cancelled: 'order_cancelled',
  settlement_parked: null,
  settlement_retried: null,
  stuck_retried: null,
  shipment_created: 'order_shipped',
  shipment_delivered: 'order_delivered',
  shipment_corrected: null,
  tracking_corrected: 'tracking_corrected',
  shipment_voided: null,
  delivery_undone: null,
  refund_requested: 'refund_started',
  refund_pending: null,
  refund_processed: 'refund_done',
  refund_failed: null,
  refund_needs_attention: null,
  refund_retried: null,
  refund_account_sent: null,
  refund_paid_elsewhere: 'refund_done',
  paid_elsewhere: 'refund_done',
  refund_reduced: null,
  external_refunds_entered: 'refund_started',
  dispute_opened: null,
  dispute_won: null,
  dispute_lost: 'refund_done',
  dispute_reopened: null,
  dispute_updated: null,
  dispute_answered: null,
  dispute_answer_sent: null,
  dispute_answer_refused: null,
  email_resent: null,
  contact_corrected: null,
  address_corrected: null,
  corrections_emptied: null,
  note_removed: null,
  payment_link_sent: 'payment_link',
  payment_reminder_sent: 'payment_reminder',
  tags_set: null,
};

/** The email that an entry owes, to be inserted in the entry's transaction; null for a type that owes none. */
export function emailOwedBy(orderId: Types.ObjectId, entry: HistoryEvent & { seq: number }, now: Date): Email | null {
  const kind = EMAIL_OF_TYPE[entry.type];
  return kind === null ? null : newEmail(orderId, kind, entry.seq, emailDataOf(entry), now);
}

/** The values that the email's text needs beside the order. */
export function emailDataOf(event: HistoryEvent): EmailData {
  switch (event.type) {
    case 'order_cancelled': {
      const { ends: _, taken: __, reference: ___, ...data } = event.data;
      return data;
    }
    case 'review_opened':
      return { review: event.data.cause };
    case 'shipment_created':
    case 'shipment_delivered':
    case 'tracking_corrected':
      return { shipmentId: event.data.shipmentId };
    case 'charge_owed_back':
    case 'refund_requested': {
      const { cause, refundId, amount } = event.data;
      return { cause, refundId, amount };
    }
    case 'review_refunded':
      return { cause: 'review', ...refundOf(event.data) };
    case 'external_refunds_entered': {
      const [refundId = ''] = event.data.refundIds;
      return { cause: 'external', refundId, amount: event.data.amount };
    }
    case 'refund_processed':
    case 'refund_paid_elsewhere':
    case 'paid_elsewhere':
    case 'reversal_entered':
      return refundOf(event.data);
    case 'dispute_lost':
      return { amount: event.data.returned ?? 0, reference: event.data.reference };
    default:
      return {};
  }
}

function refundOf({ refundId, amount }: { refundId: string; amount: number }) {
  return { refundId, amount };
}
