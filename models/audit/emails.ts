/**
 * I7: what happened was told, and nothing was told that did not happen. An email's key names the history entry that owes
 * it, and emails about refunds name the refund, so the two books can be held side by side. Sent emails are deleted after
 * their retention; events that are about as old owe no row any more.
 */
import { type Email, type EmailKind, emailKey, RETENTION_MS } from '../messaging/email-document.ts';
import type { HistoryEntry, Order } from '../order/order-document.ts';
import type { OrderStatus } from '../order/status.ts';
import { AT_PAYSTACK } from '../refund/external-refunds.ts';
import type { AuditScope } from './check.ts';
import type { OrderCheck, OrderWithRecords } from './scan-orders.ts';

/** Emails are deleted by the server's clock, events are dated by ours. */
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
  question: 'Each event that owes an email has its row in the outbox, until sent ones are deleted.',
  inspect: (dossier, scope) => [
    ...missingForStatus(dossier, scope),
    ...missingForRefunds(dossier, scope),
    ...missingForReviews(dossier, scope),
  ],
};

function missingForStatus({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const keys = new Set(emails.map(({ _id }) => _id));
  return order.history.flatMap((entry) => {
    const kind = isMove(entry) ? KIND_OF_STATUS[entry.to.status] : undefined;
    if (kind === undefined || isForgotten(entry.at, scope)) return [];
    const key = emailKey(order._id, kind, entry.seq);
    return keys.has(key) ? [] : [`no email ${key} (${entry.reason})`];
  });
}

/**
 * A refund is announced once: by an email of its own, or by the one that tells of the cancellation that owes it. One that
 * was entered as done is told of as done alone.
 */
function missingForRefunds({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const about = (refundId: string, kinds: readonly EmailKind[]) =>
    emails.filter(({ kind, data }) => kinds.includes(kind) && data.refundId === refundId).length;
  return order.refunds.flatMap(({ refundId, state, requestedAt, endedAt, paidElsewhereBy }) => {
    const started = about(refundId, ['refund_started', 'order_cancelled']);
    const done = about(refundId, ['refund_done']);
    const problems: string[] = [];
    const entered = paidElsewhereBy !== undefined && Number(endedAt) === Number(requestedAt);
    if (started === 0 && !entered && !isForgotten(requestedAt, scope))
      problems.push(`no email tells that refund ${refundId} began`);
    if (started > 1) problems.push(`${started} emails tell that refund ${refundId} began`);
    const owed = state === 'processed' && !isForgotten(endedAt ?? requestedAt, scope);
    if (owed && done === 0) problems.push(`no email tells that refund ${refundId} is done`);
    if (done > 1) problems.push(`${done} emails tell that refund ${refundId} is done`);
    return problems;
  });
}

/** A review opened by a charge is told; one opened by a lost dispute, or by a refund that was made at Paystack, is ours. */
function missingForReviews({ order, emails }: OrderWithRecords, scope: AuditScope): string[] {
  const told = new Set(
    emails.filter(({ kind }) => kind === 'payment_review').map(({ createdAt }) => Number(createdAt)),
  );
  return order.payments.flatMap(({ reference, review }) => {
    const disputed = order.disputes.some((dispute) => dispute.reference === reference && dispute.state === 'lost');
    const returned = order.refunds.some(
      (refund) => refund.reference === reference && refund.requestedBy === AT_PAYSTACK,
    );
    if (review === undefined || disputed || returned || isForgotten(review.openedAt, scope)) return [];
    return told.has(Number(review.openedAt)) ? [] : [`no email tells that ${reference} is in review`];
  });
}

function isMove({ from, to }: HistoryEntry): boolean {
  return from !== null && from.status !== to.status;
}

function isForgotten(at: Date, { now }: AuditScope): boolean {
  return now.getTime() - at.getTime() > RETENTION_MS - CLOCK_MARGIN_MS;
}

export const emailsGroundedCheck: OrderCheck = {
  id: 'I7',
  name: 'emails-grounded',
  question: "No email tells what is not in its order's history, and each is filed under its own key.",
  inspect: ({ order, emails }) => emails.flatMap((email) => groundless(order, email)),
  inspectOrphans: ({ emails }) => emails.map(({ _id }) => ({ id: _id, detail: 'belongs to no order' })),
};

function groundless(order: Order, { _id, orderId, kind, data }: Email): string[] {
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
