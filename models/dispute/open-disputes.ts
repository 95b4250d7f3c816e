/** The meaning of an order's disputes for it. Pure. */
import type { Dispute, Order } from '../order/order-document.ts';
import { isUnderWay } from './answer/answer-state.ts';

type Disputed = Pick<Order, 'disputes'>;

/** True while any charge of the order is disputed. */
export function hasOpenDispute(order: Disputed): boolean {
  return order.disputes.some(isOpenDispute);
}

/** True while a dispute of this charge is open: a bank may yet take the money, so none of it is refunded meanwhile. */
export function isDisputed(order: Disputed, reference: string): boolean {
  return order.disputes.some((dispute) => dispute.reference === reference && isOpenDispute(dispute));
}

export function isOpenDispute({ state }: Pick<Dispute, 'state'>): boolean {
  return state === 'open';
}

/** True while Paystack awaits our answer and not the bank's. An answer counts once Paystack's record has shown it. */
export function needsAnswer(dispute: Pick<Dispute, 'state' | 'bankDeciding' | 'answer'>): boolean {
  return isOpenDispute(dispute) && dispute.bankDeciding !== true && dispute.answer?.sentAt === undefined;
}

/** True while an answer of ours is on its way to Paystack. */
export function isAnswering(dispute: Pick<Dispute, 'state' | 'bankDeciding' | 'answer'>): boolean {
  return needsAnswer(dispute) && isUnderWay(dispute.answer);
}

/** The first deadline of the disputes that need an answer; undefined when none does. */
export function deriveDisputeAnswerBy({ disputes }: Disputed): Date | undefined {
  return first(disputes.filter(needsAnswer).map(({ answerBy }) => answerBy));
}

/** When an open dispute is next read at Paystack, or its answer brought there. */
export function dueOf(dispute: Dispute): Date {
  const readAt = dispute.dueAt ?? dispute.openedAt;
  const stepAt = isAnswering(dispute) ? dispute.answer?.dueAt : undefined;
  return stepAt !== undefined && stepAt < readAt ? stepAt : readAt;
}

/**
 * When an open dispute, or a charge that Paystack calls reversed, is next read there. Not before the end of the loop's
 * back-off on this order. Undefined when there is none, and while the loop has parked the order.
 */
export function deriveDisputeDueAt(order: Pick<Order, 'disputes' | 'payments' | 'stuck'>): Date | undefined {
  const due = first([
    ...order.disputes.filter(isOpenDispute).map(dueOf),
    ...order.payments.map(({ reversal }) => reversal?.askAt),
  ]);
  const { parkedAt, retryAt } = order.stuck?.returns ?? {};
  if (due === undefined || parkedAt !== undefined) return undefined;
  return retryAt !== undefined && retryAt > due ? retryAt : due;
}

function first(instants: readonly (Date | undefined)[]): Date | undefined {
  return instants.filter((at) => at !== undefined).sort((a, b) => Number(a) - Number(b))[0];
}
