/** Paystack's list of a charge's refunds, matched with ours. Pure. */
import type { Order, Refund } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';
import { returnedMoney } from '../payment/returned-money.ts';

/** The merchant_note that our refund carries at Paystack and is recognised by in its list. */
export function noteOf({ refundId }: Pick<Refund, 'refundId'>): string {
  return `rf:${refundId}`;
}

export interface MatchedRefund {
  report: RefundReport;
  /** Paystack's ids of further refunds with our note: a worker was paused between listing and sending. */
  duplicateIds: string[];
}

/**
 * Our refund among those listed, by its note or by its known id; null when it is absent. The choice among duplicates never
 * changes: one that has not failed comes first, then the one with the known id, then the oldest. A copy that is entered as
 * a refund of its own (`order`) is none of them.
 */
export function findOurs(
  listed: readonly RefundReport[],
  refund: Refund,
  { refunds }: Pick<Order, 'refunds'> = { refunds: [] },
): MatchedRefund | null {
  const copies = new Set(refunds.filter((other) => other !== refund).map(({ gatewayRefundId }) => gatewayRefundId));
  const isKnown = ({ gatewayRefundId }: RefundReport) => gatewayRefundId === refund.gatewayRefundId;
  const rank = (report: RefundReport) => Number(hasFailed(report)) * 2 + Number(!isKnown(report));
  const [ours, ...duplicates] = listed
    .filter((report) => report.merchantNote === noteOf(refund) || isKnown(report))
    .filter((report) => isKnown(report) || !copies.has(report.gatewayRefundId))
    .sort((a, b) => rank(a) - rank(b) || byAge(a, b));
  return ours ? { report: ours, duplicateIds: duplicates.map(({ gatewayRefundId }) => gatewayRefundId) } : null;
}

/**
 * The external refund of the same amount that stands in place of ours, which Paystack does not have: its end is the end of
 * ours. Only where ours cannot be sent any more, because Paystack refused it or too little of the charge is left. Of
 * several the first that has yet to end.
 */
export function findReplacement(order: Order, refund: Refund, listed: readonly RefundReport[]): RefundReport | null {
  const charge = findAttempt(order, refund.reference);
  if (charge === null) return null;
  const external = listed.filter((report) => isEffective(report) && !isRecorded(order, report));
  const sum = external.reduce((total, { amount }) => total + amount, 0);
  // `left` is without ours, which is one of the open refunds.
  const isShort = returnedMoney(order, charge).left < sum;
  if (!isShort && refund.state !== 'needs_attention') return null;
  const same = external.filter(({ amount }) => amount === refund.amount);
  return same.find(({ status }) => status !== 'processed') ?? same[0] ?? null;
}

/** True for a refund that has not failed and whose money is not counted with a dispute. */
export function isEffective(report: RefundReport): boolean {
  return !hasFailed(report) && report.disputeId === null;
}

/** True when one of the order's own refunds is this one at Paystack. */
export function isRecorded(
  { refunds }: Pick<Order, 'refunds'>,
  { gatewayRefundId, merchantNote }: RefundReport,
): boolean {
  return refunds.some((refund) =>
    refund.gatewayRefundId === undefined ? merchantNote === noteOf(refund) : refund.gatewayRefundId === gatewayRefundId,
  );
}

const hasFailed = ({ status }: RefundReport) => status === 'failed';

/** Paystack's ids are unsigned 64-bit integers, in the order of creation. */
function byAge(a: RefundReport, b: RefundReport): number {
  return BigInt(a.gatewayRefundId) < BigInt(b.gatewayRefundId) ? -1 : 1;
}
