/**
 * Applies one stored webhook event. A charge is recorded, or verified at Paystack when the event proves nothing. Dispute
 * and refund events are hints only: they make work due, or cause a call to Paystack.
 */
import { backOffMs, WEBHOOK_BACK_OFF } from '../../models/backoff.ts';
import { recordDispute } from '../../models/dispute/record-dispute.ts';
import type { InboxEvent } from '../../models/messaging/inbox-event.ts';
import { markWebhookApplied, postponeWebhook } from '../../models/messaging/webhook-inbox.ts';
import type { InboxOutcome, VerifyOutcome } from '../../models/messaging/webhook-outcome.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt, hasRefundInFlight, processedRefunds } from '../../models/order/payment-status.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { isGatewayError } from '../../models/payment/gateway-reports.ts';
import { makeVerifyDue } from '../../models/payment/verify-queue.ts';
import { makeRefundsDue } from '../../models/refund/refund-queue.ts';
import type { JobContext } from '../context.ts';
import { afterChange } from './after-change.ts';
import { recordExternalRefunds } from './external-refunds.ts';
import { applyReport, verifyPayment } from './verify-payment.ts';

/** The eighth failure comes some 20 minutes after the first: from then on each one is an alert. */
const ALERT_ATTEMPTS = 8;

/**
 * Applies the event and marks it, or postpones it with its error, with an alert from the eighth time on. May be repeated
 * and raced: every step below is idempotent. Throws only when the database fails.
 */
export async function applyWebhook(
  ctx: JobContext,
  event: Omit<InboxEvent, 'receivedAt' | 'deliveries'>,
): Promise<InboxOutcome | { code: 'postponed' }> {
  try {
    const outcome = await apply(ctx, event);
    await markWebhookApplied(ctx.db, event._id, outcome, ctx.clock.now());
    return outcome;
  } catch (error) {
    const retryMs = backOffMs(WEBHOOK_BACK_OFF, event.attempts);
    const message = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown error';
    await postponeWebhook(ctx.db, event._id, message, new Date(ctx.clock.now().getTime() + retryMs));
    const attempts = event.attempts + 1;
    const failure = { err: error, digest: event._id, webhookEvent: event.event, attempts };
    if (attempts >= ALERT_ATTEMPTS) ctx.events.webhookStuck(failure);
    else ctx.log.warn(failure, 'a webhook could not be applied yet');
    return { code: 'postponed' };
  }
}

async function apply(
  ctx: JobContext,
  event: Pick<InboxEvent, 'kind' | 'reference' | 'charge' | 'dispute' | 'event'>,
): Promise<InboxOutcome> {
  if (event.kind === 'other' || event.reference === null) return { code: 'not_relevant' };
  if (event.kind === 'charge' && event.charge !== null) {
    const { outcome, order } = await applyReport(ctx, event.charge, 'webhook', 'webhook');
    if (order === null) return { code: 'unknown_order' };
    return outcome === 'needs_verification'
      ? verify(ctx, order, event.reference)
      : { code: 'charge_recorded', charge: outcome };
  }
  const order = await findOrderByReference(ctx.db, event.reference);
  if (!order) return { code: 'unknown_order' };
  switch (event.kind) {
    case 'charge':
      return verify(ctx, order, event.reference);
    case 'refund':
      return applyRefundHint(ctx, order, event.reference);
    case 'dispute':
      return applyDispute(ctx, order, event);
  }
}

async function verify(ctx: JobContext, order: Order, reference: string): Promise<InboxOutcome> {
  return { code: 'verified', charge: await verifyDurably(ctx, order, reference) };
}

/** Makes the verification due before the call: if Paystack does not answer now, the sweep repeats it. */
async function verifyDurably(ctx: JobContext, order: Order, reference: string): Promise<VerifyOutcome> {
  if (order.status === 'pending' && order.paymentStatus === 'unpaid')
    await makeVerifyDue(ctx.db, order._id, ctx.clock.now());
  try {
    const { outcome } = await verifyPayment(ctx, reference, 'webhook');
    return outcome;
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return 'unknown_at_paystack';
    throw error;
  }
}

/**
 * A refund of ours in flight explains the hint. Otherwise it may mean a refund made at Paystack's dashboard, or a reversed
 * charge. Paystack is then called, and the event stays in the inbox until a call succeeds.
 */
async function applyRefundHint(ctx: JobContext, order: Order, reference: string): Promise<InboxOutcome> {
  const due = await makeRefundsDue(ctx.db, order._id, ctx.clock.now());
  if (due) await afterChange(ctx, order, { kind: 'refunds_due' });
  if (hasRefundInFlight(order, reference)) return { code: due ? 'refunds_due' : 'refund_in_flight' };
  const attempt = findAttempt(order, reference);
  if (attempt?.status === 'reversed') return { code: 'reversed_before' };
  if (attempt?.gatewayId === undefined) return verify(ctx, order, reference);
  const listed = await ctx.paystack.listRefunds({ gatewayId: attempt.gatewayId });
  if (await recordExternalRefunds(ctx, order, reference, listed)) return { code: 'external_refund_entered' };
  if (processedRefunds(order, reference) >= (attempt.amount ?? 0)) return { code: 'refunded_before' };
  return verify(ctx, order, reference);
}

async function applyDispute(
  ctx: JobContext,
  order: Order,
  { reference, dispute, event }: Pick<InboxEvent, 'reference' | 'dispute' | 'event'>,
): Promise<InboxOutcome> {
  if (!dispute || reference === null) return { code: 'dispute_without_id' };
  const state = disputeState(event, dispute);
  const after = await recordDispute(
    ctx.db,
    order._id,
    { disputeId: dispute.id, reference, state, dueAt: dispute.dueAt },
    ctx.clock.now(),
  );
  await afterChange(ctx, after, { kind: 'dispute_recorded', before: order, disputeId: dispute.id, reference, state });
  // Only paid charges are disputed, so a payment that is not recorded yet is verified. The dispute is recorded first: no
  // refund must be sent while the bank may take the money back.
  const isNews = findAttempt(after, reference)?.gatewayId === undefined;
  if (!isNews) return { code: 'dispute_recorded', state };
  return { code: 'dispute_recorded', state, charge: await verifyDurably(ctx, after, reference) };
}

/** A resolution other than "declined" counts as lost: staff review it, and nothing ships meanwhile. */
function disputeState(
  event: string,
  { status, resolution }: NonNullable<InboxEvent['dispute']>,
): 'open' | 'won' | 'lost' {
  if (event !== 'charge.dispute.resolve' && status !== 'resolved') return 'open';
  return resolution === 'declined' ? 'won' : 'lost';
}
