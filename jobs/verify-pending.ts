/**
 * The sweep's verification of pending orders at Paystack. It finds payments that no redirect or webhook reported, and it
 * expires or postpones orders whose time is over.
 */
import { DEADLINES } from '../models/deadlines.ts';
import { expireOrder } from '../models/fulfilment/expire-order.ts';
import { isReminderDue, type ReminderRule, remindOfPayment } from '../models/messaging/payment-reminder.ts';
import type { Order } from '../models/order/order-document.ts';
import { clearOwnFailures } from '../models/order/stuck/own-failures.ts';
import { isGatewayError } from '../models/payment/gateway-reports.ts';
import { claimVerify, findDueVerifies } from '../models/payment/verify-queue.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import { runWorkLoop } from './concurrency/work-loop.ts';
import type { JobContext } from './context.ts';
import { countOrderFailure } from './count-order-failure.ts';
import { afterChange } from './payments/after-change.ts';
import { isOpenAtGateway, verifyPayment } from './payments/verify-payment.ts';

/** Calls to Paystack in flight. */
const CONCURRENCY = 4;

/**
 * Verifies every pending order that is due, `limit` at most; returns the count. Each is claimed before the call by moving
 * its verifyDueAt on, so two sweeps never verify the same one. A 429 ends the round. An order that fails keeps no other
 * waiting.
 */
export async function verifyPendingOrders(ctx: JobContext, limit: number): Promise<number> {
  const due = await findDueVerifies(ctx.db, ctx.clock.now(), limit);
  let count = 0;
  let rateLimited = false;
  const isOutOfTime = startTimeBudget(ctx, DEADLINES.sweepVerifies);
  const isOver = () => rateLimited || isOutOfTime();
  await runWorkLoop(ctx, due, {
    name: 'verifies',
    concurrency: CONCURRENCY,
    isOver,
    work: async (orderId) => {
      const order = await claimVerify(ctx.db, orderId, reminderOf(ctx), ctx.clock.now());
      if (!order) return;
      count += 1;
      rateLimited ||= (await verifyOrder(ctx, order)) === 'rate_limited';
      await clearOwnFailures(ctx.db, order, 'verifies', ctx.clock.now());
    },
    countFailure: (orderId, error) => countOrderFailure(ctx, orderId, 'verifies', error),
    describe: (orderId) => ({ orderId: String(orderId) }),
  });
  return count;
}

type Answer = 'open' | 'closed' | 'unanswered' | 'rate_limited';

async function verifyOrder(ctx: JobContext, order: Order): Promise<Answer> {
  const now = ctx.clock.now();
  const expired = order.expiresAt <= now;
  const remind = isReminderDue(order, reminderOf(ctx), now);
  const answers: Answer[] = [];
  // Only the current attempt; at expiry, and before a reminder, every attempt that has not failed.
  const attempts = order.payments.filter(
    ({ reference, status }) => status !== 'failed' && (expired || remind || reference === order.txRef),
  );
  for (const { reference } of attempts) {
    const answer = await verifyAttempt(ctx, reference);
    if (answer === 'rate_limited') return answer;
    answers.push(answer);
  }
  // Without an answer from Paystack the order stays open; the next step of its schedule verifies again.
  if (expired && !answers.includes('unanswered'))
    await expire(ctx, order, answers.includes('open') ? 'open' : 'closed');
  if (remind && answers.every((answer) => answer === 'closed')) await sendReminder(ctx, order);
  return answers.includes('open') ? 'open' : 'closed';
}

function reminderOf({ config }: JobContext): ReminderRule {
  return { minutes: config.remindUnpaidMinutes };
}

async function sendReminder(ctx: JobContext, { _id }: Order): Promise<void> {
  const reminded = await remindOfPayment(ctx.db, _id, reminderOf(ctx), ctx.clock.now());
  if (reminded) await afterChange(ctx, reminded, { kind: 'reminded' });
}

async function verifyAttempt(ctx: JobContext, reference: string): Promise<Answer> {
  try {
    const { gatewayStatus } = await verifyPayment(ctx, reference, 'sweep');
    return isOpenAtGateway(gatewayStatus) ? 'open' : 'closed';
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return 'closed';
    if (isGatewayError(error, 'rate_limited')) return 'rate_limited';
    if (isGatewayError(error)) return 'unanswered';
    throw error;
  }
}

async function expire(ctx: JobContext, order: Order, attempts: 'open' | 'closed'): Promise<void> {
  const result = await expireOrder(ctx.db, order._id, attempts, ctx.clock.now());
  if (result === 'expired') await afterChange(ctx, order, { kind: 'expired' });
}
