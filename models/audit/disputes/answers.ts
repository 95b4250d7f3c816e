/** I20: no dispute is forgotten, none is answered twice, and nothing is shipped while one is open. */
import { hoursDue } from '../../dispute/answer/alerts.ts';
import { isAnswering, isOpenDispute } from '../../dispute/open-disputes.ts';
import type { HistoryEntry } from '../../order/history.ts';
import type { Dispute, Order } from '../../order/order-document.ts';
import type { AuditScope } from '../check.ts';
import type { OrderCheck } from '../scan-orders.ts';

export const disputeAlertsCheck: OrderCheck = {
  id: 'I20',
  name: 'dispute-alerts',
  question: 'Staff were alerted of each dispute without an answer 8, 4 and 1 hours before its deadline.',
  inspect: ({ order }, { now, graceMs }) =>
    order.disputes.flatMap((dispute) => {
      const hours = hoursDue(dispute, new Date(now.getTime() - graceMs));
      return hours === null ? [] : [`dispute ${dispute.disputeId} has had no alert ${hours} hours before its deadline`];
    }),
};

export const disputeAnswersCheck: OrderCheck = {
  id: 'I20',
  name: 'dispute-answers',
  question: 'Each answer to a dispute was begun before it was sent, is in the history, and does not wait for a worker.',
  inspect: ({ order }, scope) => order.disputes.flatMap((dispute) => answerProblems(order, dispute, scope)),
};

function answerProblems(order: Order, dispute: Dispute, { now, graceMs }: AuditScope): string[] {
  const { disputeId, answer } = dispute;
  if (answer === undefined) return [];
  const name = `the answer to dispute ${disputeId}`;
  const given = order.history.some(
    (entry) => entry.type === 'dispute_answered' && entry.data.disputeId === disputeId && entry.key?.id === answer.key,
  );
  const cutoff = new Date(now.getTime() - graceMs);
  const isLeft = isAnswering(dispute) && answer.dueAt !== undefined && answer.dueAt < cutoff;
  const isParked = order.stuck?.returns !== undefined;
  return [
    ...(given ? [] : [`${name} is not in the history`]),
    ...(answer.sentAt !== undefined && answer.startedAt === undefined ? [`${name} was sent before it was begun`] : []),
    ...(answer.sentAt !== undefined && answer.refusedAt !== undefined ? [`${name} was sent and refused`] : []),
    ...(isAnswering(dispute) && answer.dueAt === undefined ? [`${name} waits and no worker can find it`] : []),
    ...(isLeft && !isParked ? [`${name} waits since ${answer.dueAt?.toISOString()}`] : []),
  ];
}

export const disputedShipmentsCheck: OrderCheck = {
  id: 'I20',
  name: 'disputed-shipments',
  question: 'No order was shipped while one of its disputes was open.',
  inspect: ({ order }) => {
    const open = new Set<string>();
    const problems: string[] = [];
    for (const entry of order.history) {
      if (entry.type === 'dispute_opened' || entry.type === 'dispute_reopened') open.add(entry.data.disputeId);
      if (entry.type === 'dispute_won' || entry.type === 'dispute_lost') open.delete(entry.data.disputeId);
      if (entry.type === 'shipment_created' && open.size > 0)
        problems.push(`entry #${entry.seq} ships while dispute ${[...open].join(', ')} is open`);
    }
    return problems;
  },
};

export const openDisputesCheck: OrderCheck = {
  id: 'I20',
  name: 'open-disputes',
  question: 'Each open dispute has its history entry, and a deadline.',
  inspect: ({ order }) =>
    order.disputes
      .filter(isOpenDispute)
      .flatMap(({ disputeId, answerBy }) => [
        ...(answerBy === undefined ? [`dispute ${disputeId} has no deadline`] : []),
        ...(order.history.some((entry) => opens(entry, disputeId))
          ? []
          : [`dispute ${disputeId} is open and not in the history`]),
      ]),
};

function opens(entry: HistoryEntry, disputeId: string): boolean {
  return (entry.type === 'dispute_opened' || entry.type === 'dispute_reopened') && entry.data.disputeId === disputeId;
}
