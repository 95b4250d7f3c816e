/** An order's history: a path through the transition table (I5) that replays to the current state (I6). */
import type { OrderStatus } from '../contract/statuses.ts';
import { deriveDisputeAnswerBy, deriveDisputeDueAt } from '../dispute/open-disputes.ts';
import { type HistoryEntry, STEP_BACK_TYPES } from '../order/history.ts';
import { deriveRefundDueAt } from '../order/money/open-refunds.ts';
import type { Order } from '../order/order-document.ts';
import { derivePaymentStatus, deriveRefundAttentionSince, deriveReviewSince } from '../order/payment-status.ts';
import { canOrderGo, isStepBack } from '../order/status.ts';
import { deriveStuckSince } from '../order/stuck/parked-loops.ts';
import type { OrderCheck } from './scan-orders.ts';

const FINAL: ReadonlySet<OrderStatus> = new Set(['cancelled', 'refunded']);

export const statusPathCheck: OrderCheck = {
  id: 'I5',
  name: 'status-path',
  question:
    'Every change of status is in the transition table, the first status is pending, an order ends at most once, and only staff lead a shipped order back.',
  inspect: ({ order }) => {
    const problems: string[] = [];
    const moves = order.history.filter(({ from, to }) => from !== null && from.status !== to.status);
    for (const { seq, type, from, to } of moves) {
      if (from && !canOrderGo(from.status, to.status))
        problems.push(`#${seq} goes from ${from.status} to ${to.status}`);
      if (from && isStepBack(from.status, to.status) && !STEP_BACK_TYPES.has(type))
        problems.push(`#${seq} goes back from ${from.status} to ${to.status} by ${type}`);
    }
    const ends = moves.filter(({ to }) => FINAL.has(to.status));
    if (ends.length > 1) problems.push(`ends ${ends.length} times (${ends.map(({ seq }) => `#${seq}`).join(', ')})`);
    const first = order.history[0];
    if (first?.from !== null || first.to.status !== 'pending') problems.push('does not begin as pending');
    return problems;
  },
};

export const versionCheck: OrderCheck = {
  id: 'I5',
  name: 'version',
  question: 'The version is at least the number of the last history entry.',
  inspect: ({ order: { version, history } }) => {
    const last = history.at(-1)?.seq ?? 0;
    return Number.isSafeInteger(version) && version >= last ? [] : [`version ${version} is below entry #${last}`];
  },
};

export const historyChainCheck: OrderCheck = {
  id: 'I6',
  name: 'history-chain',
  question:
    'Sequence numbers rise, each entry starts where the previous one ended, and the last matches the current status.',
  inspect: ({ order }) => {
    const problems = order.history.flatMap((entry, index) => breaksIn(order.history[index - 1], entry));
    const last = order.history.at(-1)?.to;
    if (last?.status !== order.status) problems.push(`ends ${last?.status}, but the order is ${order.status}`);
    if (last?.paymentStatus !== order.paymentStatus)
      problems.push(`ends ${last?.paymentStatus}, but the order's payment is ${order.paymentStatus}`);
    return problems;
  },
};

function breaksIn(before: HistoryEntry | undefined, entry: HistoryEntry): string[] {
  if (before === undefined) return [];
  const problems: string[] = [];
  if (entry.seq <= before.seq) problems.push(`#${entry.seq} follows #${before.seq}`);
  if (entry.from?.status !== before.to.status || entry.from?.paymentStatus !== before.to.paymentStatus)
    problems.push(`#${entry.seq} begins where #${before.seq} did not end`);
  return problems;
}

export const derivedFieldsCheck: OrderCheck = {
  id: 'I6',
  name: 'derived-fields',
  question:
    'paymentStatus and the times by which queues and lists find an order follow from its charges, refunds, disputes and stuck work.',
  inspect: ({ order }) => {
    const problems: string[] = [];
    const status = derivePaymentStatus(order);
    if (order.paymentStatus !== status) problems.push(`paymentStatus is ${order.paymentStatus} instead of ${status}`);
    return [
      ...problems,
      ...differs('reviewSince', order.reviewSince, deriveReviewSince(order)),
      ...differs('refundDueAt', order.refundDueAt, deriveRefundDueAt(order)),
      ...differs('disputeDueAt', order.disputeDueAt, deriveDisputeDueAt(order)),
      ...differs('disputeAnswerBy', order.disputeAnswerBy, deriveDisputeAnswerBy(order)),
      ...differs('refundAttentionSince', order.refundAttentionSince, deriveRefundAttentionSince(order)),
      ...differs('stuckSince', order.stuckSince, deriveStuckSince(order)),
    ];
  },
};

function differs(field: keyof Order, stored: Date | undefined, derived: Date | undefined): string[] {
  if (stored?.getTime() === derived?.getTime()) return [];
  return [`${field} is ${stored?.toISOString() ?? 'unset'} instead of ${derived?.toISOString() ?? 'unset'}`];
}
