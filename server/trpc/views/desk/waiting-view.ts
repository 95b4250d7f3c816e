/** The matters of an order that wait for a person, each with its money. */
import type { StaffOrderSummary } from '../../../../models/contract/staff-orders.ts';
import { isOpenDispute } from '../../../../models/dispute/open-disputes.ts';
import { currencyOfCharge, findAttempt, isFailureOwed, isInReview } from '../../../../models/order/payment-status.ts';
import type { ListedOrder } from '../../../../models/order/queries/list-orders.ts';

type Wait = StaffOrderSummary['waits'][number];

export function toWaits(order: ListedOrder): Wait[] {
  // The list of stuck orders shows damaged ones, too, which may lack a part.
  const { payments = [], refunds = [], disputes = [], stuckSince, settlement, total } = order;
  const wait = (
    kind: Wait['kind'],
    since: Date,
    of: { reference?: string; amount: number; category?: string },
  ): Wait => ({
    kind,
    amount: of.amount,
    currency: of.reference === undefined ? order.currency : currencyOfCharge(order, of.reference),
    since: since.toISOString(),
    category: of.category ?? null,
  });
  return [
    ...disputes.filter(isOpenDispute).map((dispute) => {
      const { amount = findAttempt(order, dispute.reference)?.amount ?? total } = dispute;
      return wait('dispute', dispute.openedAt, { ...dispute, amount });
    }),
    ...payments.flatMap((attempt) =>
      attempt.review !== undefined && isInReview(attempt)
        ? [wait('review', attempt.review.openedAt, { ...attempt, amount: attempt.amount ?? 0 })]
        : [],
    ),
    ...refunds
      .filter((refund) => refund.state === 'needs_attention' || isFailureOwed(order, refund))
      .map((refund) => wait('refund', refund.requestedAt, refund)),
    ...(settlement.parkedAt === undefined ? [] : [wait('parked', settlement.parkedAt, { amount: total })]),
    ...(stuckSince === undefined ? [] : [wait('stuck', stuckSince, { amount: total })]),
  ];
}
