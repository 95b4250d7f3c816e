/**
 * What Paystack's list of a charge's refunds means for our books: which of them is ours, which is ours once more, and
 * which somebody made in place of ours. Pure; for jobs/process-refunds and the audit.
 */

import type { Order, Refund } from '../order/order-document.ts';
import { findAttempt } from '../order/payment-status.ts';
import type { RefundReport } from '../payment/gateway-reports.ts';

/** What tells our refund in Paystack's list: it goes there with the refund. */
export function noteOf({ refundId }: Pick<Refund, 'refundId'>): string {
  return `rf:${refundId}`;
}

export interface MatchedRefund {
  report: RefundReport;
  /** Paystack's ids of further ones that carry our note: a worker was paused between listing and sending. */
  duplicateIds: string[];
}

/**
 * Ours among those listed, by its note or by the id that we know; null when it is absent. Of twins one counts as ours, at
 * each look the same: not one that failed while another goes on, then the one that we know, then the oldest.
 */
export function findOurs(listed: readonly RefundReport[], refund: Refund): MatchedRefund | null {
  const isKnown = ({ gatewayRefundId }: RefundReport) => gatewayRefundId === refund.gatewayRefundId;
  const rank = (report: RefundReport) => Number(hasFailed(report)) * 2 + Number(!isKnown(report));
  const [ours, ...twins] = listed
    .filter((report) => report.merchantNote === noteOf(refund) || isKnown(report))
    .sort((a, b) => rank(a) - rank(b) || byAge(a, b));
  return ours ? { report: ours, duplicateIds: twins.map(({ gatewayRefundId }) => gatewayRefundId) } : null;
}

/**
 * The refund that somebody made at Paystack's dashboard in place of ours, once nothing of the charge is left to send: its
 * end is the end of ours. Of several the first that has yet to end. Null while something is left.
 */
export function findReplacement(order: Order, refund: Refund, listed: readonly RefundReport[]): RefundReport | null {
  const standing = listed.filter((report) => !hasFailed(report));
  const back = standing.reduce((total, { amount }) => total + amount, 0);
  if (back < (findAttempt(order, refund.reference)?.amount ?? Number.POSITIVE_INFINITY)) return null;
  const foreign = standing.filter((report) => !isInBooks(order, report));
  return foreign.find(({ status }) => status !== 'processed') ?? foreign[0] ?? null;
}

/** True for a refund that one of the order's own stands for. */
export function isInBooks(
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

/** Paystack's ids are unsigned integers of 64 bits, in the order of creation. */
function byAge(a: RefundReport, b: RefundReport): number {
  return BigInt(a.gatewayRefundId) < BigInt(b.gatewayRefundId) ? -1 : 1;
}
