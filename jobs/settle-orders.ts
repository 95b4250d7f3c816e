/**
 * processOrderPayment: settles all paid orders that are waiting (models/settlement/drain-settlements). Its data only tells the story: every
 * run drains everything. Enqueued after a charge is committed; the sweep calls the same runOnce without being asked.
 */
import { Types } from 'mongoose';
import { findAttempt } from '../models/order/payment-status.ts';
import { type DrainResult, restoreSettlement, settlePaidOrders } from '../models/settlement/drain-settlements.ts';
import type { SettledBatch, SettlementOutcome } from '../models/settlement/settle-batch.ts';
import type { JobContext, SettlementWakeUp } from './context.ts';
import { announceRefund } from './payments/announce-refund.ts';

/** A run begins no batch after this; the lock lives four times as long. */
const RUN_BUDGET_MS = 15_000;

export interface SettlementRun extends DrainResult {
  /** In words, for Agendash. */
  outcome: string;
  /** True when orders may be left: the next run is wanted. */
  again: boolean;
}

/** Settles everything that is due; never throws for an order's sake. May be repeated and raced at will. */
export async function runSettlementOnce(
  ctx: JobContext,
  trigger: SettlementWakeUp = {},
  options: { waitForLease?: boolean; budgetMs?: number } = {},
): Promise<SettlementRun> {
  if (trigger.retry === true && Types.ObjectId.isValid(trigger.orderId ?? '')) {
    await restoreSettlement(ctx.db, new Types.ObjectId(trigger.orderId), 'system', ctx.clock.now());
  }
  const result = await settlePaidOrders(ctx.db, {
    holder: ctx.random.id(),
    now: () => ctx.clock.now(),
    budgetMs: options.budgetMs ?? RUN_BUDGET_MS,
    waitForLease: options.waitForLease ?? true,
    isStopping: () => ctx.stopping.signal.aborted,
    refundIdFor: () => ctx.random.id(),
    onBatch: (batch, durationMs) => announceBatch(ctx, batch, durationMs),
    onParked: ({ _id, settlement }) =>
      ctx.events.settlementParked({ orderId: String(_id), attempts: settlement.attempts }),
    onFailure: (err, outcome) =>
      ctx.log.warn({ err, outcome, job: 'processOrderPayment' }, 'a settlement batch failed'),
  });
  if (result.confirmed + result.cancelled > 0) await ctx.jobs.enqueueEmails();
  if (result.cancelled > 0) await ctx.jobs.enqueueRefunds();
  const { confirmed, cancelled, parked, ended } = result;
  return {
    ...result,
    outcome: `settled ${confirmed}, cancelled ${cancelled}, parked ${parked}${ended === 'drained' ? '' : ` (${ended})`}`,
    again: ended === 'budget' || ended === 'lease held',
  };
}

function announceBatch(ctx: JobContext, { settled }: SettledBatch, durationMs: number): void {
  const count = (wanted: SettlementOutcome) => settled.filter(({ outcome }) => outcome === wanted).length;
  ctx.events.settlementBatch({
    size: settled.length,
    confirmed: count('confirmed'),
    cancelled: count('cancelled'),
    durationMs,
    attempts: 1,
  });
  const now = ctx.clock.now().getTime();
  for (const { order, outcome, refund } of settled) {
    if (outcome === 'parked') {
      ctx.events.settlementParked({ orderId: String(order._id), attempts: order.settlement.attempts });
      continue;
    }
    const charge = order.paidReference === undefined ? null : findAttempt(order, order.paidReference);
    const lagMs = Math.max(0, now - (charge?.paidAt?.getTime() ?? now));
    ctx.events.orderSettled({ orderId: String(order._id), outcome, lagMs });
    if (refund) announceRefund(ctx, order, refund);
  }
}
