/**
 * The staff actions that an order's state allows, so that pages do not offer an action that the server would reject. The
 * server checks again, on a fresh read.
 */
import type { StaffOrder, StaffPayment } from '@orders-module/client';

export type StaffActionName = 'ship' | 'deliver' | 'retrySettlement' | 'retryStuck' | 'refund' | 'cancel';

export function actionsFor(order: StaffOrder): ReadonlySet<StaffActionName> {
  const { status } = order;
  const isHeldUp = order.payments.some(({ review }) => review !== null) || order.disputes.some(isOpen);
  const canGoOn = !isHeldUp && !order.payments.some((payment) => openRefunds(order, payment) >= (payment.amount ?? 1));
  const isRefunding = order.payments.some((payment) => openRefunds(order, payment) > 0);
  const offered: Record<StaffActionName, boolean> = {
    ship: status === 'confirmed' && canGoOn,
    deliver: status === 'shipped' && canGoOn,
    retrySettlement: order.settlement.parkedAt !== null,
    retryStuck: order.stuck.length > 0,
    refund:
      status !== 'pending' &&
      !isHeldUp &&
      !isRefunding &&
      order.payments.some((payment) => isRefundable(order, payment)),
    cancel: (status === 'pending' || (status === 'confirmed' && !isRefunding)) && !isHeldUp,
  };
  return new Set((Object.keys(offered) as StaffActionName[]).filter((name) => offered[name]));
}

/** Whether staff can accept a charge in review: not a reversed one, one in another currency, or a second one. */
export function canAccept(order: StaffOrder, { status, currency }: StaffPayment): boolean {
  if (order.status === 'pending') return status !== 'reversed' && currency === order.currency;
  return status === 'reversed' || order.paymentStatus === 'review';
}

function isOpen({ state }: StaffOrder['disputes'][number]): boolean {
  return state === 'open';
}

const OPEN_STATES: ReadonlySet<string> = new Set(['requested', 'pending', 'needs_attention']);

/** The sum of this charge's open refunds, in subunits. */
function openRefunds(order: StaffOrder, payment: StaffPayment): number {
  return refunded(order, payment, (state) => OPEN_STATES.has(state));
}

/** Refunds that have not failed cover less than the charge. */
function isRefundable(order: StaffOrder, payment: StaffPayment): boolean {
  return (
    payment.status === 'succeeded' && refunded(order, payment, (state) => state !== 'failed') < (payment.amount ?? 0)
  );
}

function refunded(order: StaffOrder, { reference }: StaffPayment, counts: (state: string) => boolean): number {
  return order.refunds
    .filter((refund) => refund.reference === reference && counts(refund.state))
    .reduce((total, { amount }) => total + amount, 0);
}
