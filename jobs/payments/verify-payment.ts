import { getOrder } from '../../models/order/queries/find-order.ts';
import { type ChargeReport, isReversal } from '../../models/payment/gateway-reports.ts';
import { type ChargeResult, recordCharge } from '../../models/payment/record-charge.ts';
import type { JobContext, VerifiedCharge } from '../context.ts';
import type { ChargeSource } from '../events.ts';
import { afterChange } from './after-change.ts';
import { followReversal } from './read-returns.ts';

/** Statuses of a charge that may still succeed without any action of the shopper. */
const OPEN_AT_GATEWAY = new Set(['ongoing', 'pending', 'processing', 'queued', 'pay_offline']);
const KNOWN_AT_GATEWAY = new Set([...OPEN_AT_GATEWAY, 'success', 'failed', 'abandoned']);

/** True for a charge that Paystack or a bank still processes. Unknown statuses count as open. */
export function isOpenAtGateway(status: string): boolean {
  return OPEN_AT_GATEWAY.has(status) || !isKnown(status);
}

function isKnown(status: string): boolean {
  return KNOWN_AT_GATEWAY.has(status) || isReversal(status);
}

/** These sources know of an event that a reused answer may predate. */
const FRESH_SOURCES: ReadonlySet<ChargeSource> = new Set(['webhook', 'reconcile']);

/**
 * Calls Paystack's verify and records the report. May be repeated and raced: calls for one reference share one call while
 * it is in flight and for 2 s after. Webhook and reconcile never reuse an older answer. Throws GatewayError when Paystack
 * gives no usable answer.
 */
export function verifyPayment(ctx: JobContext, reference: string, source: ChargeSource): Promise<VerifiedCharge> {
  const call = async (): Promise<VerifiedCharge> => {
    const report = await ctx.paystack.verify(reference);
    if (!isKnown(report.status)) ctx.log.error({ reference, alert: true }, 'Paystack reports an unknown status');
    const result = await applyReport(ctx, report, 'verify', source);
    const { order, outcome } = result;
    if (outcome !== 'reversal' || order === null) return { ...result, gatewayStatus: report.status };
    await followReversal(ctx, order, reference);
    return { outcome, order: await getOrder(ctx.db, order._id), gatewayStatus: report.status };
  };
  return FRESH_SOURCES.has(source)
    ? ctx.verifications.getFresh(reference, call)
    : ctx.verifications.get(reference, call);
}

/** Records a report, `reportedBy` verify or a webhook. */
export async function applyReport(
  ctx: JobContext,
  report: ChargeReport,
  reportedBy: 'verify' | 'webhook',
  source: ChargeSource,
): Promise<ChargeResult> {
  const result = await recordCharge(ctx.db, {
    report,
    source: reportedBy,
    domain: ctx.config.paystackDomain,
    refundId: ctx.random.id(),
    now: ctx.clock.now(),
  });
  const { order, outcome } = result;
  if (order) await afterChange(ctx, order, { kind: 'charge_recorded', reference: report.reference, outcome, source });
  return result;
}
