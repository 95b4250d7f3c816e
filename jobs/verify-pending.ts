/**
 * The sweep's questions to Paystack: pending orders that nobody told us of, and orders whose time is up. An order is claimed
 * before the call by moving verifyDueAt on, so two sweeps never ask twice; past its expiry the answers decide its fate.
 */
import { expireOrder } from '../models/fulfilment/expire-order.ts';
import type { Order } from '../models/order/order-document.ts';
import { isGatewayError } from '../models/payment/gateway-reports.ts';
import { claimVerify, findDueVerifies } from '../models/payment/verify-queue.ts';
import { startTimeBudget } from './concurrency/time-budget.ts';
import type { JobContext } from './context.ts';
import { afterChange } from './payments/after-change.ts';
import { isOpenAtGateway, verifyPayment } from './payments/verify-payment.ts';

/** Calls to Paystack in flight. */
const CONCURRENCY = 4;
/** A Paystack that hangs takes 8 s a question; the rest of the sweep waits for this step. */
const ROUND_MS = 60_000;

/** Asks about every pending order that is due; gives the count. A 429 ends the round. */
export async function askAboutPending(ctx: JobContext, limit: number): Promise<number> {
  const due = await findDueVerifies(ctx.db, ctx.clock.now(), limit);
  let asked = 0;
  let slowDown = false;
  const isOver = startTimeBudget(ctx, ROUND_MS);
  const worker = async () => {
    for (let orderId = due.shift(); orderId !== undefined && !slowDown && !isOver(); orderId = due.shift()) {
      const order = await claimVerify(ctx.db, orderId, ctx.clock.now());
      if (!order) continue;
      asked += 1;
      slowDown ||= (await askAbout(ctx, order)) === 'rate_limited';
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return asked;
}

type Answer = 'open' | 'closed' | 'unanswered' | 'rate_limited';

async function askAbout(ctx: JobContext, order: Order): Promise<Answer> {
  const expired = order.expiresAt <= ctx.clock.now();
  const answers: Answer[] = [];
  // Before expiry the current attempt is asked about; the last question is about every attempt that has not failed.
  const attempts = order.payments.filter(
    ({ reference, status }) => status !== 'failed' && (expired || reference === order.txRef),
  );
  for (const { reference } of attempts) {
    const answer = await askOnce(ctx, reference);
    if (answer === 'rate_limited') return answer;
    answers.push(answer);
  }
  // Not knowing is not a no: without an answer the order waits for its next rung.
  if (expired && !answers.includes('unanswered'))
    await expire(ctx, order, answers.includes('open') ? 'open' : 'closed');
  return answers.includes('open') ? 'open' : 'closed';
}

async function askOnce(ctx: JobContext, reference: string): Promise<Answer> {
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
  const fate = await expireOrder(ctx.db, order._id, attempts, ctx.clock.now());
  if (fate !== 'expired') return;
  await afterChange(ctx, order, { kind: 'expired' });
}
