import { Types } from 'mongoose';
import { DEADLINES } from '../models/deadlines.ts';
import { type DrainResult, settlePaidOrders, type WorkAnnouncements } from '../models/settlement/drain-settlements.ts';
import { restoreSettlement } from '../models/settlement/restore-settlement.ts';
import type { JobContext, SettlementWakeUp } from './context.ts';
import { afterBatch, afterChange } from './payments/after-change.ts';

export interface SettlementRun extends DrainResult {
  /** True when orders may be left: enqueue the next run. */
  again: boolean;
}

/**
 * processOrderPayment: settles everything that is due, whatever the wake-up's data say. With `announcements` it lives on
 * while work comes. An order that fails does not make it throw. May be repeated and raced.
 */
export async function runSettlementOnce(
  ctx: JobContext,
  wakeUp: SettlementWakeUp = {},
  options: { waitForLease?: boolean; budgetMs?: number; announcements?: WorkAnnouncements | undefined } = {},
): Promise<SettlementRun> {
  if (wakeUp.retry === true && Types.ObjectId.isValid(wakeUp.orderId ?? '')) {
    await restoreSettlement(ctx.db, new Types.ObjectId(wakeUp.orderId), 'system', ctx.clock.now());
  }
  const woken: Promise<void>[] = [];
  const result = await settlePaidOrders(ctx.db, {
    holder: ctx.random.id(),
    now: () => ctx.clock.now(),
    budgetMs: options.budgetMs ?? DEADLINES.settlementRun,
    waitForLease: options.waitForLease ?? true,
    isStopping: () => ctx.stopping.signal.aborted,
    ...(options.announcements === undefined ? {} : { announcements: options.announcements }),
    refundIdFor: () => ctx.random.id(),
    emailClaims: () => ({ claimant: ctx.random.id(), limit: ctx.emailSender.room() }),
    onBatch: (batch, durationMs) => {
      woken.push(afterBatch(ctx, batch, durationMs));
    },
    onParked: (order) => void afterChange(ctx, order, { kind: 'settlement_parked' }),
    onFailure: (err, outcome) =>
      ctx.log.warn({ err, outcome, job: 'processOrderPayment' }, 'a settlement batch failed'),
  });
  await Promise.all(woken);
  return { ...result, again: result.ended === 'budget' || result.ended === 'lease_held' };
}
