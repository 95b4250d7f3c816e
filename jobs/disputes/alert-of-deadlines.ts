import { findAlertsDue, markAlerted } from '../../models/dispute/answer/alerts.ts';
import { queueStaffEmail } from '../../models/messaging/staff-email.ts';
import { runWorkLoop } from '../concurrency/work-loop.ts';
import type { JobContext } from '../context.ts';

/**
 * Emails staff of disputes whose deadline is near and whose answer is not at Paystack. The email comes before the mark on
 * the order, and its id makes it one. Found by the deadline alone, so that neither Paystack nor a parked order keeps an alert
 * back. Returns the number of emails. May be repeated and raced.
 */
export async function alertOfDeadlines(ctx: JobContext): Promise<number> {
  const now = ctx.clock.now();
  const due = await findAlertsDue(ctx.db, now);
  let queued = 0;
  await runWorkLoop(ctx, due, {
    name: 'alerts',
    concurrency: 1,
    isOver: () => false,
    work: async ({ orderId, alert }) => {
      if (await queueStaffEmail(ctx.db, 'dispute_due', { what: alert.what, data: alert.data, now })) {
        queued += 1;
        ctx.events.disputeDue({ orderId: String(orderId), disputeId: alert.disputeId, hours: alert.hours });
      }
      await markAlerted(ctx.db, orderId, alert, now);
    },
    // Never parked: an alert that cannot be given is tried and logged in each round.
    countFailure: async ({ orderId }, err) => {
      ctx.log.error({ err, orderId: String(orderId), alert: true }, 'staff could not be alerted of a dispute');
    },
    describe: ({ orderId }) => ({ orderId: String(orderId) }),
  });
  if (queued > 0) await ctx.jobs.enqueueEmails();
  return queued;
}
