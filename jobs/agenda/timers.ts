/**
 * Timers of a worker for the sweeps, audit and reconcile. They do not depend on Agenda, so that they go on if the jobs collection is
 * emptied or dropped. Rounds never overlap; a random spread keeps workers from running them all at once.
 */

import { saveRound } from '../../models/db/checkpoint.ts';
import { describeError } from '../../models/job-failures.ts';
import { runAuditOnce } from '../audit/run-audit.ts';
import type { JobContext } from '../context.ts';
import { runReconcileOnce } from '../reconcile/reconcile.ts';
import { runSweepOnce, sweepSettlement } from '../sweep.ts';
import { describeAudit, describeReconcile, describeSweep } from './describe-run.ts';

/** A worker looks so often whether a slice is due; the slices' own times bound the audit. */
const AUDIT_EVERY_MS = 20_000;
/** By one look at an index: shoppers wait for a settlement whose wake-up was lost. */
const SETTLEMENT_EVERY_MS = 2_000;
/** ± 20 %. */
const SPREAD = 0.2;

/** Starts the timers; the returned function ends them and waits for a round that is under way. */
export function startTimers(ctx: JobContext): () => Promise<void> {
  const stops = [
    repeat(ctx, 'sweep', ctx.config.sweepEveryMs, async () => describeSweep(await runSweepOnce(ctx))),
    repeat(ctx, 'settlement', SETTLEMENT_EVERY_MS, async () => {
      const count = await sweepSettlement(ctx);
      if (count > 0) ctx.events.sweepFound({ kind: 'settlement', count });
      return count === 0 ? null : `settled ${count}`;
    }),
    repeat(ctx, 'audit', AUDIT_EVERY_MS, async () => describeAudit(await runAuditOnce(ctx))),
    repeat(ctx, 'reconcilePaystack', ctx.config.reconcileEveryMs, async () =>
      describeReconcile(await runReconcileOnce(ctx)),
    ),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** The names of the rounds. */
export const ROUNDS = ['sweep', 'settlement', 'audit', 'reconcilePaystack'] as const;

/** A round that returns null is neither logged nor stored. */
function repeat(
  ctx: JobContext,
  job: (typeof ROUNDS)[number],
  everyMs: number,
  round: () => Promise<string | null>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let stopped = false;
  const schedule = () => {
    const pauseMs = everyMs * (1 - SPREAD + 2 * SPREAD * ctx.random.jitter());
    timer = setTimeout(() => {
      underWay = run().finally(() => {
        if (!stopped) schedule();
      });
    }, pauseMs);
  };
  const store = (outcome: string, failed: boolean) =>
    saveRound(ctx.db, job, { endedAt: ctx.clock.now(), outcome, failed });
  const run = async () => {
    try {
      const outcome = await ctx.trace.run(ctx.random.id(), round);
      if (outcome === null) return;
      ctx.log.debug({ job, outcome }, 'round ended');
      await store(outcome, false);
    } catch (err) {
      ctx.log.error({ err, job }, 'a round failed; the next one tries again');
      // The database itself may have failed.
      await store(describeError(err), true).catch(() => undefined);
    }
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await underWay;
  };
}
