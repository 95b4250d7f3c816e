/**
 * verify-payment: ask Paystack about a reference, then record what it says. Used by the verify route, the webhook (for
 * events that prove nothing by themselves), the sweep and reconcile. Wakes the settlement or the refunds when due.
 */

import type { ChargeReport } from '../../models/payment/gateway-reports.ts';
import { type ChargeResult, recordCharge } from '../../models/payment/record-charge.ts';
import type { JobContext, VerifiedCharge } from '../context.ts';
import type { ChargeSource } from '../events.ts';
import { afterChange } from './after-change.ts';

/** Statuses of a charge that may still turn into money by itself, without the shopper's doing. */
const OPEN_AT_GATEWAY = new Set(['ongoing', 'pending', 'processing', 'queued']);
const KNOWN_AT_GATEWAY = new Set([...OPEN_AT_GATEWAY, 'success', 'failed', 'abandoned', 'reversed']);

/** True for a charge on which Paystack or a bank still works; words that we do not know count as such. */
export function isOpenAtGateway(status: string): boolean {
  return OPEN_AT_GATEWAY.has(status) || !KNOWN_AT_GATEWAY.has(status);
}

/** They have heard of something that an answer from the second before may not know. */
const NEWS: ReadonlySet<ChargeSource> = new Set(['webhook', 'reconcile']);

/**
 * Asks Paystack and records the answer. May be repeated and raced; calls for one reference share one question while it
 * is in flight and for 2 s after, but for webhook and reconcile, which are never told an older answer. Throws
 * GatewayError when Paystack gives no usable answer.
 */
export function verifyPayment(ctx: JobContext, reference: string, source: ChargeSource): Promise<VerifiedCharge> {
  const ask = async (): Promise<VerifiedCharge> => {
    const report = await ctx.paystack.verify(reference);
    if (!KNOWN_AT_GATEWAY.has(report.status))
      ctx.log.error({ reference, alert: true }, 'Paystack reports an unknown status');
    const result = await applyReport(ctx, report, 'verify', source);
    return { ...result, gatewayStatus: report.status };
  };
  return NEWS.has(source) ? ctx.verifications.getFresh(reference, ask) : ctx.verifications.get(reference, ask);
}

/** Records a report and wakes whoever has work now. `evidence` says whether it is verify's own answer. */
export async function applyReport(
  ctx: JobContext,
  report: ChargeReport,
  evidence: 'verify' | 'webhook',
  source: ChargeSource,
): Promise<ChargeResult> {
  const result = await recordCharge(ctx.db, {
    report,
    source: evidence,
    domain: ctx.config.paystackDomain,
    refundId: ctx.random.id(),
    now: ctx.clock.now(),
  });
  const { order, outcome } = result;
  if (order) await afterChange(ctx, order, { kind: 'charge_recorded', reference: report.reference, outcome, source });
  return result;
}
