/** Staff's answer to a reversal without a known reason: how much of the charge went back. Pure. */
import { formatMoney } from '../../contract/money.ts';
import { AppError } from '../../errors.ts';
import { cancelChange } from '../../fulfilment/cancel-order.ts';
import { conflict } from '../../order/guards.ts';
import type { Order, PaymentAttempt, Refund } from '../../order/order-document.ts';
import type { OrderChange } from '../../order/order-write.ts';
import { newRefund, withRefund } from '../../refund/new-refund.ts';
import { endAfterReturn } from '../../refund/outside/end-after-return.ts';
import { queuedForSettlement } from '../../settlement/settlement-queue.ts';
import { chargeAgrees, payingChange } from '../evaluate-charge.ts';
import { replaceAttempt } from '../replace-attempt.ts';
import { returnedMoney } from '../returned-money.ts';
import type { ReviewDecision, ReviewedAttempt } from './review-decision.ts';

/**
 * The sum that went back is entered as a refund that Paystack has processed, so that it counts like any other. The order
 * goes on. A pending one is settled if nothing went back, and cancelled otherwise. The rest of its charge, or of one that
 * is owed back, is refunded.
 */
export function decideReturned(order: Order, attempt: ReviewedAttempt, decision: ReviewDecision): OrderChange {
  const { returned = 0, actor, now } = decision;
  assertPossible(order, attempt, returned);
  const { reference, review } = attempt;
  const closed: PaymentAttempt = { ...attempt, review: { ...review, resolvedAt: now, resolution: 'returned' } };
  const entered = returned === 0 ? null : enteredRefund(closed, returned, decision);
  const after: Order = {
    ...order,
    payments: replaceAttempt(order, closed),
    refunds: entered === null ? order.refunds : [...order.refunds, entered],
  };
  if (order.status === 'pending' && (order.paidReference ?? reference) === reference)
    return entered === null ? settles(after, closed, decision) : cancels(after, closed, entered, decision);
  const { payments, refunds } = after;
  if (order.paidReference === reference) {
    const ending = endAfterReturn(after, reference, { refundId: '', now });
    return {
      actor,
      set: { payments, refunds },
      ...eventOf(reference, entered),
      ...withSet(ending, { payments, refunds }),
    };
  }
  const { left, open } = returnedMoney(after, closed);
  if (left === 0 || open > 0) return { actor, set: { payments, refunds }, ...eventOf(reference, entered) };
  const owed = newRefund(closed, left, 'review', actor, decision);
  const owedData = { refundId: owed.refundId, amount: owed.amount };
  return {
    actor,
    set: { payments, refunds: withRefund(after, closed, owed) },
    event:
      entered === null
        ? { type: 'review_refunded', data: { reference, ...owedData } }
        : { type: 'reversal_entered', data: { reference, ...dataOf(entered), owed: owedData } },
  };
}

function assertPossible(order: Order, attempt: ReviewedAttempt, returned: number): void {
  const { held, currency } = returnedMoney(order, attempt);
  if (!Number.isSafeInteger(returned) || returned < 0 || returned > held) {
    const most = formatMoney({ amount: held, currency });
    throw new AppError('REFUND_EXCEEDS_PAYMENT', `At most ${most} of the charge can have gone back.`, {
      details: { refundable: held, currency },
    });
  }
}

function enteredRefund(charge: PaymentAttempt, amount: number, { actor, refundId, now }: ReviewDecision): Refund {
  const entered = newRefund(charge, amount, 'external', actor, { refundId: `${refundId}-back`, now });
  return { ...entered, state: 'processed', endedAt: now };
}

const dataOf = ({ refundId, amount }: Refund) => ({ refundId, amount });

function eventOf(reference: string, entered: Refund | null): Required<Pick<OrderChange, 'event'>> {
  if (entered === null) return { event: { type: 'reversal_dismissed', data: { reference } } };
  return { event: { type: 'reversal_entered', data: { reference, ...dataOf(entered) } } };
}

function withSet(ending: ReturnType<typeof endAfterReturn>, set: OrderChange['set']): Partial<OrderChange> {
  return ending === null ? {} : { ...ending, set: { ...set, ...ending.set } };
}

function settles(after: Order, charge: PaymentAttempt, { actor, now, domain }: ReviewDecision): OrderChange {
  const { reference } = charge;
  const { payments } = after;
  if (after.paidReference === undefined && !chargeAgrees(after, charge, domain))
    throw conflict(after, 'the charge does not agree with the order, so it cannot pay it; ask Paystack to return it');
  const paying =
    after.paidReference === undefined
      ? payingChange(payments, charge, now).set
      : { payments, ...queuedForSettlement(after, now) };
  return { actor, set: paying, ...eventOf(reference, null) };
}

function cancels(after: Order, charge: PaymentAttempt, entered: Refund, decision: ReviewDecision): OrderChange {
  const { reference } = charge;
  const { actor, now, refundId } = decision;
  const request = { reason: 'payment_returned', actor, refundId, now } as const;
  const change = cancelChange({ ...after, paidReference: reference }, request);
  const { payments, refunds } = after;
  return {
    ...change,
    set: { payments, refunds, ...change.set },
    event: { ...change.event, data: { ...change.event.data, reference, ends: dataOf(entered) } },
  };
}
