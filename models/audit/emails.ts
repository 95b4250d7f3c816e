/**
 * I7: each event that owes an email has one, and each email has its event. An email's key names its history entry, and
 * emails about refunds name the refund. Sent emails are deleted after their retention, so older events owe no row.
 */
import type { EmailKind, OrderStatus } from '../contract/statuses.ts';
import { type Email, emailKey, RETENTION_MS } from '../messaging/email-document.ts';
import type { HistoryEntry, Order } from '../order/order-document.ts';
import { isLostInDispute } from '../order/payment-status.ts';
import { AT_PAYSTACK } from '../refund/external-refunds.ts';
import type { AuditScope } from './check.ts';
import type { OrderCheck, OrderWithRecords } from './scan-orders.ts';

/** The TTL index deletes by the database server's clock; events are dated by the application's. */
const CLOCK_MARGIN_MS = 24 * 3600_000;

const KIND_OF_STATUS: Partial<Record<OrderStatus, EmailKind>> = {
  confirmed: 'order_confirmed',
  cancelled: 'order_cancelled',
  shipped: 'order_shipped',
  delivered: 'order_delivered',
};

export const emailsOwedCheck: OrderCheck = {
  id: 'I7',
  name: 'emails-owed',
  question: 'Each event that owes an email has its row in the outbox, until sent emails are deleted.',
  inspect: (records, scope) => [
    ...missingForStatus(records, scope),
    ...missingForRefunds(records, scope),
    ...missingForReviews(records, scope),
  ],
};

function missingForStatus({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const keys = new Set(emails.map(({ _id }) => _id));
  return order.history.flatMap((entry) => {
    const kind = isMove(entry) ? KIND_OF_STATUS[entry.to.status] : undefined;
    if (kind === undefined || isPastRetention(entry.at, scope)) return [];
    const key = emailKey(order._id, kind, entry.seq);
    return keys.has(key) ? [] : [`no email ${key} (${entry.reason})`];
  });
}

/**
 * The begin of a refund is emailed once: by itself, or in the email of the cancellation that owes it. A refund recorded
 * as paid elsewhere has only the email of its end.
 */
function missingForRefunds({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const about = (refundId: string, kinds: readonly EmailKind[]) =>
    emails.filter(({ kind, data }) => kinds.includes(kind) && data.refundId === refundId).length;
  return order.refunds.flatMap(({ refundId, state, requestedAt, endedAt, paidElsewhereBy }) => {
    const started = about(refundId, ['refund_started', 'order_cancelled']);
    const done = about(refundId, ['refund_done']);
    const problems: string[] = [];
    const recordedAsDone = paidElsewhereBy !== undefined && Number(endedAt) === Number(requestedAt);
    if (started === 0 && !recordedAsDone && !isPastRetention(requestedAt, scope))
      problems.push(`no email tells that refund ${refundId} began`);
    if (started > 1) problems.push(`${started} emails tell that refund ${refundId} began`);
    const owed = state === 'processed' && !isPastRetention(endedAt ?? requestedAt, scope);
    if (owed && done === 0) problems.push(`no email tells that refund ${refundId} is done`);
    if (done > 1) problems.push(`${done} emails tell that refund ${refundId} is done`);
    return problems;
  });
}

/** A review opened by a charge owes an email; one opened by a lost dispute or an external refund does not. */
function missingForReviews({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const emailedAt = new Set(
    emails.filter(({ kind }) => kind === 'payment_review').map(({ createdAt }) => Number(createdAt)),
  );
  return order.payments.flatMap(({ reference, review }) => {
    const disputed = isLostInDispute(order, reference);
    const external = order.refunds.some(
      (refund) => refund.reference === reference && refund.requestedBy === AT_PAYSTACK,
    );
    if (review === undefined || disputed || external || isPastRetention(review.openedAt, scope)) return [];
    return emailedAt.has(Number(review.openedAt)) ? [] : [`no email tells that ${reference} is in review`];
  });
}

function isMove({ from, to }: HistoryEntry): boolean {
  return from !== null && from.status !== to.status;
}

function isPastRetention(at: Date, { now }: AuditScope): boolean {
  return now.getTime() - at.getTime() > RETENTION_MS - CLOCK_MARGIN_MS;
}

export const emailsGroundedCheck: OrderCheck = {
  id: 'I7',
  name: 'emails-grounded',
  question: "Each email is about an event in its order's history, and its key is its own.",
  inspect: ({ order, emails }) => emails.flatMap((email) => groundsProblems(order, email)),
  inspectOrphans: ({ emails }) => emails.map(({ _id }) => ({ id: _id, detail: 'belongs to no order' })),
};

function groundsProblems(order: Order, { _id, orderId, kind, data }: Email): string[] {
  const seq = Number(_id.split(':')[2]);
  if (_id !== emailKey(orderId, kind, seq) || !orderId.equals(order._id)) return [`${_id} is filed under a wrong key`];
  const entry = order.history.find((candidate) => candidate.seq === seq);
  if (!entry) return [`${_id} tells of an entry #${seq} that is not in the history`];
  const isStatusKind = Object.values(KIND_OF_STATUS).includes(kind);
  if (isStatusKind && !(isMove(entry) && KIND_OF_STATUS[entry.to.status] === kind))
    return [`${_id} tells what entry #${seq} (${entry.reason}) does not`];
  const refund = order.refunds.find(({ refundId }) => refundId === data.refundId);
  if (data.refundId !== undefined && !refund) return [`${_id} tells of an unknown refund ${data.refundId}`];
  if (kind === 'refund_done' && refund?.state !== 'processed')
    return [`${_id} tells of a refund that is not processed`];
  return [];
}
