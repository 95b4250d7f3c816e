/** Reads what has gone back of a charge at Paystack, and enters it. */
import { isUnknownDisputeStatus, recordDispute } from '../../models/dispute/record-dispute.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt } from '../../models/order/payment-status.ts';
import { type DisputeReport, isGatewayError, type RefundReport } from '../../models/payment/gateway-reports.ts';
import { noteReversal, type ReversalOutcome, recordReversal } from '../../models/payment/reversal.ts';
import type { JobContext } from '../context.ts';
import { afterChange } from './after-change.ts';
import { recordExternalRefunds } from './external-refunds.ts';

/**
 * Enters every refund and dispute of the charge that Paystack lists. True when a refund was new. May be repeated and raced.
 * Throws GatewayError.
 */
export async function readReturns(ctx: JobContext, order: Order, reference: string): Promise<boolean> {
  const gatewayId = findAttempt(order, reference)?.gatewayId;
  if (gatewayId === undefined) return false;
  const listed = await ctx.paystack.listRefunds({ gatewayId });
  const { entered } = await enterReturns(ctx, order, { reference, gatewayId, listed });
  return entered;
}

/**
 * Enters what has gone back of the charge: its disputes, which it reads, and its `listed` refunds. Disputes come first: a
 * refund that names one is counted with it. The order as it is then; `entered`: a refund was new. Throws GatewayError.
 */
export async function enterReturns(
  ctx: JobContext,
  order: Order,
  { reference, gatewayId, listed }: { reference: string; gatewayId: string; listed: readonly RefundReport[] },
): Promise<{ order: Order; entered: boolean }> {
  const ids = new Set(await ctx.paystack.listDisputes({ gatewayId }));
  for (const { disputeId } of listed) if (disputeId !== null) ids.add(disputeId);
  for (const id of ids) await applyDisputeReport(ctx, order, reference, await ctx.paystack.getDispute(id));
  return recordExternalRefunds(ctx, order, reference, listed);
}

/** Records a dispute as it was read at Paystack. `reference` is that of its charge. */
export async function applyDisputeReport(
  ctx: JobContext,
  before: Order,
  reference: string,
  report: DisputeReport,
): Promise<Order> {
  const { disputeId, status } = report;
  if (isUnknownDisputeStatus(status))
    ctx.log.error({ disputeId, reference, alert: true }, 'Paystack reports an unknown status of a dispute');
  const reported = { report, reference, refundId: ctx.random.id(), now: ctx.clock.now() };
  const { order, changed, state } = await recordDispute(ctx.db, before._id, reported);
  if (changed && state !== null)
    await afterChange(ctx, order, { kind: 'dispute_recorded', disputeId, reference, state });
  return order;
}

/**
 * Follows Paystack's word that the charge is reversed: reads its refunds and disputes, and records whether they account for
 * it. Without an answer of Paystack the order keeps the question for the sweep. May be repeated and raced.
 */
export async function followReversal(ctx: JobContext, order: Order, reference: string): Promise<ReversalOutcome> {
  try {
    await readReturns(ctx, order, reference);
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    ctx.log.warn({ err: error, reference }, 'what went back of a reversed charge could not be read yet');
    await noteReversal(ctx.db, order._id, { reference, now: ctx.clock.now() });
    return 'postponed';
  }
  const request = { reference, refundId: ctx.random.id(), now: ctx.clock.now() };
  const { outcome, order: after, changed } = await recordReversal(ctx.db, order._id, request);
  if (changed)
    await afterChange(ctx, after, { kind: 'reversal_recorded', reference, outcome, refundId: request.refundId });
  return outcome;
}
