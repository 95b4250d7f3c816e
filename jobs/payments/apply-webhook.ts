/**
 * Applies one stored webhook event. A charge is recorded or, when it proves nothing, asked about; dispute and refund
 * events are hints: they make work due, or Paystack is asked what they mean. Called inline by the webhook route and later by the sweep; the same code.
 */

import { recordDispute } from '../../models/dispute/record-dispute.ts';
import type { InboxEvent } from '../../models/messaging/inbox-event.ts';
import { markWebhookApplied, postponeWebhook } from '../../models/messaging/webhook-inbox.ts';
import { findOrderByReference } from '../../models/order/find-order.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt, hasRefundInFlight, processedRefunds } from '../../models/order/payment-status.ts';
import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import { makeVerifyDue } from '../../models/payment/verify-queue.ts';
import { makeRefundsDue } from '../../models/refund/refund-queue.ts';
import type { JobContext } from '../context.ts';
import { afterChange } from './after-change.ts';
import { recordExternalRefunds } from './external-refunds.ts';
import { applyReport, verifyPayment } from './verify-payment.ts';

/** A failed application is tried again: 10 s, doubling, at most an hour. */
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 3600_000;
/** The eighth failure, some 20 minutes after the first, is no passing trouble: from then on a person is called. */
const ALERT_ATTEMPTS = 8;

/**
 * Applies the event and marks it, or postpones it with its error, with an alert from the eighth time on. May be repeated
 * and raced: every step below is idempotent. Says in words what came of it; throws only when the database fails.
 */
export async function applyWebhook(
  ctx: JobContext,
  event: Omit<InboxEvent, 'receivedAt' | 'deliveries'>,
): Promise<string> {
  try {
    const outcome = await apply(ctx, event);
    await markWebhookApplied(ctx.db, event._id, outcome, ctx.clock.now());
    return outcome;
  } catch (error) {
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** event.attempts, LONGEST_RETRY_MS);
    const message = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown error';
    await postponeWebhook(ctx.db, event._id, message, new Date(ctx.clock.now().getTime() + retryMs));
    const attempts = event.attempts + 1;
    const told = { err: error, digest: event._id, webhookEvent: event.event, attempts };
    if (attempts >= ALERT_ATTEMPTS) ctx.events.webhookStuck(told);
    else ctx.log.warn(told, 'a webhook could not be applied yet');
    return 'postponed';
  }
}

const UNKNOWN = 'ignored: no order of ours';

async function apply(
  ctx: JobContext,
  event: Pick<InboxEvent, 'kind' | 'reference' | 'charge' | 'dispute' | 'event'>,
): Promise<string> {
  if (event.kind === 'other' || event.reference === null) return 'ignored';
  if (event.kind === 'charge' && event.charge !== null) {
    const { outcome, order } = await applyReport(ctx, event.charge, 'webhook', 'webhook');
    if (order === null) return UNKNOWN;
    return outcome === 'needs_verification' ? askPaystack(ctx, order, event.reference) : outcome;
  }
  const order = await findOrderByReference(ctx.db, event.reference);
  if (!order) return UNKNOWN;
  switch (event.kind) {
    case 'charge':
      return askPaystack(ctx, order, event.reference);
    case 'refund':
      return applyRefundHint(ctx, order, event.reference);
    case 'dispute':
      return applyDispute(ctx, order, event);
  }
}

/** Durable first: should Paystack not answer now, the sweep asks. */
async function askPaystack(ctx: JobContext, order: Order, reference: string): Promise<string> {
  if (order.status === 'pending' && order.paymentStatus === 'unpaid')
    await makeVerifyDue(ctx.db, order._id, ctx.clock.now());
  try {
    const { outcome } = await verifyPayment(ctx, reference, 'webhook');
    return `asked: ${outcome}`;
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return 'asked: Paystack does not know it';
    throw error;
  }
}

/**
 * A refund of ours that is under way explains the hint. Any other may tell of one that somebody made at Paystack's
 * dashboard, or of a charge that was taken back: Paystack is asked, and the event is kept until it answers.
 */
async function applyRefundHint(ctx: JobContext, order: Order, reference: string): Promise<string> {
  const due = await makeRefundsDue(ctx.db, order._id, ctx.clock.now());
  if (due) await afterChange(ctx, order, { kind: 'refunds_due' });
  if (hasRefundInFlight(order, reference)) return due ? 'refunds due' : 'a refund is being sent';
  const attempt = findAttempt(order, reference);
  if (attempt?.status === 'reversed') return 'taken back already';
  if (attempt?.gatewayId === undefined) return askPaystack(ctx, order, reference);
  const listed = await ctx.paystack.listRefunds({ gatewayId: attempt.gatewayId });
  if (await recordExternalRefunds(ctx, order, reference, listed)) return 'entered: a refund that was made at Paystack';
  if (processedRefunds(order, reference) >= (attempt.amount ?? 0)) return 'refunded already';
  return askPaystack(ctx, order, reference);
}

async function applyDispute(
  ctx: JobContext,
  order: Order,
  { reference, dispute, event }: Pick<InboxEvent, 'reference' | 'dispute' | 'event'>,
): Promise<string> {
  if (!dispute || reference === null) return 'ignored: a dispute without an id';
  const state = disputeState(event, dispute);
  const after = await recordDispute(
    ctx.db,
    order._id,
    { disputeId: dispute.id, reference, state, dueAt: dispute.dueAt },
    ctx.clock.now(),
  );
  await afterChange(ctx, after, { kind: 'dispute_recorded', before: order, disputeId: dispute.id, reference, state });
  // Nobody disputes what was never paid: where the payment is news as well, Paystack is asked about it, after the dispute is
  // noted, so that nothing is given back while the bank may take it.
  const isNews = findAttempt(after, reference)?.gatewayId === undefined;
  return isNews ? `dispute ${state}, ${await askPaystack(ctx, after, reference)}` : `dispute ${state}`;
}

/** A dispute that ended in words other than "declined" counts as lost: a person looks, and nothing ships meanwhile. */
function disputeState(
  event: string,
  { status, resolution }: NonNullable<InboxEvent['dispute']>,
): 'open' | 'won' | 'lost' {
  if (event !== 'charge.dispute.resolve' && status !== 'resolved') return 'open';
  return resolution === 'declined' ? 'won' : 'lost';
}
