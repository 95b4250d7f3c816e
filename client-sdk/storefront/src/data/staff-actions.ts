/**
 * What staff can do with an order as it stands, so that no page offers what the server would refuse. The server has the
 * last word: it reads the order again, and says why not. Pure.
 */
import type { StaffOrder, StaffPayment } from '@orders-module/client';

export type StaffActionName = 'ship' | 'deliver' | 'retrySettlement' | 'refund' | 'cancel';

export function actionsFor(order: StaffOrder): ReadonlySet<StaffActionName> {
  const { status } = order;
  const isHeldUp = order.payments.some(({ review }) => review !== null) || order.disputes.some(isOpen);
  const canGoOn = !isHeldUp && !order.payments.some((payment) => openRefunds(order, payment) >= (payment.amount ?? 1));
  const isRefunding = order.payments.some((payment) => openRefunds(order, payment) > 0);
  const offered: Record<StaffActionName, boolean> = {
    ship: status === 'confirmed' && canGoOn,
    deliver: status === 'shipped' && canGoOn,
    retrySettlement: order.settlement.parkedAt !== null,
    refund:
      status !== 'pending' && !isHeldUp && !isRefunding && order.payments.some((payment) => isOwedMore(order, payment)),
    cancel: (status === 'pending' || (status === 'confirmed' && !isRefunding)) && !isHeldUp,
  };
  return new Set((Object.keys(offered) as StaffActionName[]).filter((name) => offered[name]));
}

/** Whether money in review can count as this order's: not when it was taken back, is foreign, or is one charge too many. */
export function canAccept(order: StaffOrder, { status, currency }: StaffPayment): boolean {
  if (order.status === 'pending') return status !== 'reversed' && currency === order.currency;
  return status === 'reversed' || order.paymentStatus === 'review';
}

function isOpen({ state }: StaffOrder['disputes'][number]): boolean {
  return state === 'open';
}

const OPEN_STATES: ReadonlySet<string> = new Set(['requested', 'pending', 'needs_attention']);

/** Of this charge's money, what is on its way back, subunits. */
function openRefunds(order: StaffOrder, payment: StaffPayment): number {
  return refunded(order, payment, (state) => OPEN_STATES.has(state));
}

/** Money of this charge is neither given back nor on its way. */
function isOwedMore(order: StaffOrder, payment: StaffPayment): boolean {
  return (
    payment.status === 'succeeded' && refunded(order, payment, (state) => state !== 'failed') < (payment.amount ?? 0)
  );
}

function refunded(order: StaffOrder, { reference }: StaffPayment, counts: (state: string) => boolean): number {
  return order.refunds
    .filter((refund) => refund.reference === reference && counts(refund.state))
    .reduce((total, { amount }) => total + amount, 0);
}
