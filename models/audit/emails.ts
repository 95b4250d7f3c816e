/**
 * I7: each history entry owes the email that EMAIL_OF_TYPE names for its type, and each email has its entry. An email's
 * key names its entry. Sent emails are deleted after their retention, so older entries owe no row.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ReviewCause } from '../contract/statuses.ts';
import { type Email, RETENTION_MS } from '../messaging/email-document.ts';
import { EMAIL_OF_TYPE, emailDataOf } from '../messaging/email-of-type.ts';
import { orderEmailId, parseOutboxId } from '../messaging/outbox-id.ts';
import type { HistoryEntry } from '../order/history.ts';
import type { Order, Refund } from '../order/order-document.ts';
import { findShipment } from '../order/units.ts';
import type { AuditScope } from './check.ts';
import type { OrderCheck, OrderWithRecords } from './scan-orders.ts';

/** The TTL index deletes by the database server's clock; events are dated by the application's. */
const CLOCK_MARGIN_MS = 24 * 3600_000;

export const emailsOwedCheck: OrderCheck = {
  id: 'I7',
  name: 'emails-owed',
  question: 'Each history entry has the email that its type owes, until sent emails are deleted.',
  inspect: missingEmails,
};

function missingEmails({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const keys = new Set(emails.map(({ _id }) => _id));
  return order.history.flatMap(({ type, seq, at }) => {
    const kind = EMAIL_OF_TYPE[type];
    if (kind === null || isPastRetention(at, scope)) return [];
    const key = orderEmailId(order._id, kind, seq);
    return keys.has(key) ? [] : [`no email ${key} (${type})`];
  });
}

function isPastRetention(at: Date, { now }: AuditScope): boolean {
  return now.getTime() - at.getTime() > RETENTION_MS - CLOCK_MARGIN_MS;
}

export const emailsGroundedCheck: OrderCheck = {
  id: 'I7',
  name: 'emails-grounded',
  question: "Each email is owed by an entry of its order's history, with that entry's data, and its key is its own.",
  inspect: ({ order, emails }) => emails.flatMap((email) => groundsProblems(order, email)),
  inspectOrphans: ({ emails }) => emails.map(({ _id }) => ({ id: _id, detail: 'belongs to no order' })),
};

function groundsProblems(order: Order, { _id, orderId, kind, data }: Email): string[] {
  const id = parseOutboxId(_id);
  const isOfOrder = id?.about === 'order' && id.orderId === String(orderId) && orderId.equals(order._id);
  if (!isOfOrder || id.kind !== kind) return [`${_id} is filed under a wrong key`];
  const { seq } = id;
  const entry = order.history.find((candidate) => candidate.seq === seq);
  if (!entry) return [`${_id} is of an entry #${seq} that is not in the history`];
  if (EMAIL_OF_TYPE[entry.type] !== kind) return [`${_id} is not owed by entry #${seq} (${entry.type})`];
  if (!isDeepStrictEqual({ ...data }, { ...emailDataOf(entry) })) return [`${_id} has other data than entry #${seq}`];
  const refund = order.refunds.find(({ refundId }) => refundId === data.refundId);
  if (data.refundId !== undefined && !refund) return [`${_id} is about an unknown refund ${data.refundId}`];
  const { shipmentId } = data;
  if (shipmentId !== undefined && findShipment(order, shipmentId) === null)
    return [`${_id} is about an unknown shipment ${shipmentId}`];
  if (kind === 'refund_done' && refund !== undefined && refund.state !== 'processed')
    return [`${_id} is about a refund that is not processed`];
  return [];
}

/** The entries that a refund begins and ends with, once each, so that each refund's emails are owed by the history. */
export const refundEntriesCheck: OrderCheck = {
  id: 'I7',
  name: 'refund-entries',
  question: 'Each refund has one history entry that begins it, and one that ends it once it is processed.',
  inspect: ({ order }) =>
    order.refunds.flatMap((refund) => {
      const { refundId, state } = refund;
      const begun = order.history.filter((entry) => begins(entry, refund)).length;
      const done = order.history.filter((entry) => ends(entry, refundId)).length;
      const expected = state === 'processed' ? 1 : 0;
      return [
        ...(begun === 1 ? [] : [`${begun} entries begin refund ${refundId}`]),
        ...(done === expected ? [] : [`${done} entries end refund ${refundId}, which is ${state}`]),
      ];
    }),
};

/** True for what staff entered of a reversal. */
function isEntered({ cause, requestedBy }: Refund): boolean {
  return cause === 'external' && requestedBy.startsWith('staff:');
}

function begins(entry: HistoryEntry, refund: Refund): boolean {
  const { refundId } = refund;
  switch (entry.type) {
    case 'charge_owed_back':
    case 'review_refunded':
    case 'refund_requested':
    case 'paid_elsewhere':
      return entry.data.refundId === refundId;
    // A refund that staff enter with it has no other beginning; one that ends with it has.
    case 'order_cancelled':
      return entry.data.refundId === refundId || (entry.data.ends?.refundId === refundId && isEntered(refund));
    case 'reversal_entered':
      return entry.data.refundId === refundId || entry.data.owed?.refundId === refundId;
    case 'external_refunds_entered':
      return entry.data.refundIds.includes(refundId);
    // Entered and ended at once, in place of a failed refund.
    case 'refund_paid_elsewhere':
      return entry.data.refundId === refundId && entry.data.replaces !== undefined;
    default:
      return false;
  }
}

function ends(entry: HistoryEntry, refundId: string): boolean {
  switch (entry.type) {
    case 'refund_processed':
    case 'refund_paid_elsewhere':
    case 'paid_elsewhere':
    case 'reversal_entered':
      return entry.data.refundId === refundId;
    case 'order_cancelled':
      return entry.data.ends?.refundId === refundId;
    default:
      return false;
  }
}

/** The reviews that a charge opened owe an email; that of an external refund may not. */
const EMAILED_REVIEWS: ReadonlySet<string> = new Set<ReviewCause>([
  'other_domain',
  'other_currency',
  'other_amount',
  'underpaid',
  'reversed_unexplained',
]);

export const reviewEntriesCheck: OrderCheck = {
  id: 'I7',
  name: 'review-entries',
  question: 'Each review that a charge opened has its history entry.',
  inspect: ({ order }) =>
    order.payments.flatMap(({ reference, review }) => {
      if (review === undefined || !EMAILED_REVIEWS.has(review.cause)) return [];
      const opened = order.history.some(
        (entry) => entry.type === 'review_opened' && entry.data.reference === reference,
      );
      return opened ? [] : [`no entry opens the review of ${reference}`];
    }),
};
