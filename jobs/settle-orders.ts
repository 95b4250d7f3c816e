/**
 * processOrderPayment: settles all paid orders that are waiting (models/settlement/drain-settlements). Its data only tells the story: every
 * run drains everything. Enqueued after a charge is committed; the sweep calls the same runOnce without being asked.
 */
import { Types } from 'mongoose';
import { type DrainResult, settlePaidOrders } from '../models/settlement/drain-settlements.ts';
import { restoreSettlement } from '../models/settlement/own-failures.ts';
import type { JobContext, SettlementWakeUp } from './context.ts';
import { afterBatch, afterChange, afterSettlementRun } from './payments/after-change.ts';

/** A run begins no batch after this; the lock lives four times as long. */
const RUN_BUDGET_MS = 15_000;

export interface SettlementRun extends DrainResult {
  /** In words, for Agendash. */
  outcome: string;
  /** True when orders may be left: the next run is wanted. */
  again: boolean;
}

const ENDED_EARLY: Record<DrainResult['ended'], string> = {
  drained: '',
  budget: ' (budget)',
  lease_held: ' (lease held)',
  failed: ' (trouble)',
};

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
    onBatch: (batch, durationMs) => afterBatch(ctx, batch, durationMs),
    onParked: (order) => void afterChange(ctx, order, { kind: 'settlement_parked' }),
    onFailure: (err, outcome) =>
      ctx.log.warn({ err, outcome, job: 'processOrderPayment' }, 'a settlement batch failed'),
  });
  await afterSettlementRun(ctx, result);
  const { confirmed, cancelled, parked, ended } = result;
  return {
    ...result,
    outcome: `settled ${confirmed}, cancelled ${cancelled}, parked ${parked}${ENDED_EARLY[ended]}`,
    again: ended === 'budget' || ended === 'lease_held',
  };
}
