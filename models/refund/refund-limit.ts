/** The limit on what support gives back on one order, all acts together (settings, limits.supportRefund). */
import { formatMoney } from '../contract/money.ts';
import { AppError } from '../errors.ts';
import type { Order, Refund } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';
import { currencyOfCharge } from '../order/payment-status.ts';

type Decide = (order: Order) => OrderChange | null;

/** The act would give back more than the limit leaves, or in a currency for which there is no limit. */
export class RefundLimitError extends AppError<'FORBIDDEN'> {
  /** The rest of the limit, in subunits of the order's currency. */
  readonly left: number;

  constructor(message: string, left: number) {
    super('FORBIDDEN', message);
    this.left = left;
  }
}

/**
 * `decide` for somebody whose role has the limit: marks the refunds that the change requests. Throws RefundLimitError when
 * they exceed the rest of the limit. The sum is of the order as it is decided on, so acts at once count each other.
 */
export function withinRefundLimit(decide: Decide, limit: number | undefined): Decide {
  if (limit === undefined) return decide;
  return (order) => {
    const change = decide(order);
    if (change?.set?.refunds === undefined) return change;
    const known = new Set(order.refunds.map(({ refundId }) => refundId));
    const refunds = change.set.refunds.map(
      (refund): Refund => (known.has(refund.refundId) ? refund : { ...refund, countsToLimit: true }),
    );
    assertWithin(
      order,
      refunds.filter(({ refundId }) => !known.has(refundId)),
      limit,
    );
    return { ...change, set: { ...change.set, refunds } };
  };
}

function assertWithin(order: Order, requested: readonly Refund[], limit: number): void {
  if (requested.length === 0) return;
  const left = Math.max(0, limit - sumOf(order.refunds.filter(isCounted)));
  const money = (amount: number) => formatMoney({ amount, currency: order.currency });
  if (requested.some(({ reference }) => currencyOfCharge(order, reference) !== order.currency))
    throw new RefundLimitError('This charge is in another currency than the order: a manager may refund it.', 0);
  if (sumOf(requested) > left)
    throw new RefundLimitError(
      `Support may give back ${money(limit)} on one order, and ${money(left)} of that is left: ask a manager.`,
      left,
    );
}

/** A refund that failed has given nothing back. */
function isCounted({ countsToLimit, state }: Refund): boolean {
  return countsToLimit === true && state !== 'failed';
}

function sumOf(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { amount }) => sum + amount, 0);
}
