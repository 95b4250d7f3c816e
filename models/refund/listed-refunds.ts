/** Paystack's list of a charge's refunds, matched with ours. Pure. */
import type { Order, Refund } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';

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
 * changes: one that has not failed comes first, then the one with the known id, then the oldest.
 */
export function findOurs(listed: readonly RefundReport[], refund: Refund): MatchedRefund | null {
  const isKnown = ({ gatewayRefundId }: RefundReport) => gatewayRefundId === refund.gatewayRefundId;
  const rank = (report: RefundReport) => Number(hasFailed(report)) * 2 + Number(!isKnown(report));
  const [ours, ...duplicates] = listed
    .filter((report) => report.merchantNote === noteOf(refund) || isKnown(report))
    .sort((a, b) => rank(a) - rank(b) || byAge(a, b));
  return ours ? { report: ours, duplicateIds: duplicates.map(({ gatewayRefundId }) => gatewayRefundId) } : null;
}

/**
 * The external refund that stands in place of ours, once nothing of the charge is left to refund: its end is the end of
 * ours. Of several the first that has yet to end. Null while something is left.
 */
export function findReplacement(order: Order, refund: Refund, listed: readonly RefundReport[]): RefundReport | null {
  const effective = listed.filter((report) => !hasFailed(report));
  const sum = effective.reduce((total, { amount }) => total + amount, 0);
  if (sum < (findAttempt(order, refund.reference)?.amount ?? Number.POSITIVE_INFINITY)) return null;
  const external = effective.filter((report) => !isRecorded(order, report));
  return external.find(({ status }) => status !== 'processed') ?? external[0] ?? null;
}

/** True when one of the order's own refunds is this one at Paystack. */
export function isRecorded(
  { refunds }: Pick<Order, 'refunds'>,
  { gatewayRefundId, merchantNote }: RefundReport,
): boolean {
  return refunds.some((refund) =>
    refund.gatewayRefundId === undefined
      ? merchantNote === noteOf(refund)
      : refund.gatewayRefundId === gatewayRefundId || refund.duplicateIds?.includes(gatewayRefundId) === true,
  );
}

const hasFailed = ({ status }: RefundReport) => status === 'failed';

/** Paystack's ids are unsigned 64-bit integers, in the order of creation. */
function byAge(a: RefundReport, b: RefundReport): number {
  return BigInt(a.gatewayRefundId) < BigInt(b.gatewayRefundId) ? -1 : 1;
}
