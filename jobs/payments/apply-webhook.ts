/**
 * Applies one stored webhook event. A charge is recorded, or verified at Paystack when the event proves nothing. Dispute
 * and refund events are hints only: they make work due, or cause a call to Paystack.
 */
import { MAX_OWN_FAILURES } from '../../models/backoff.ts';
import { isInfrastructure } from '../../models/db/mongo-errors.ts';
import { noteDispute } from '../../models/dispute/record-dispute.ts';
import type { InboxEvent } from '../../models/messaging/inbox-event.ts';
import { countWebhookFailure, hasParkedWebhooks, markWebhookApplied } from '../../models/messaging/webhook-inbox.ts';
import type { InboxOutcome, VerifyOutcome } from '../../models/messaging/webhook-outcome.ts';
import type { Order } from '../../models/order/order-document.ts';
import { findAttempt, hasRefundInFlight } from '../../models/order/payment-status.ts';
import { findOrderByReference } from '../../models/order/queries/find-order.ts';
import { NewerShapeError } from '../../models/order/shape.ts';
import { clearOwnFailures } from '../../models/order/stuck/own-failures.ts';
import { type DisputeReport, isGatewayError } from '../../models/payment/gateway-reports.ts';
import { isAllReturned, returnedMoney } from '../../models/payment/returned-money.ts';
import { makeVerifyDue } from '../../models/payment/verify-queue.ts';
import { makeRefundsDue } from '../../models/refund/refund-queue.ts';
import type { JobContext } from '../context.ts';
import { countOrderFailure } from '../count-order-failure.ts';
import { afterChange } from './after-change.ts';
import { applyRejectedTransfer } from './apply-rejected-transfer.ts';
import { findReference } from './find-reference.ts';
import { applyDisputeReport, readReturns } from './read-returns.ts';
import { applyReport, verifyPayment } from './verify-payment.ts';

/** The eighth failure comes some 20 minutes after the first: from then on each one is an alert. */
const ALERT_ATTEMPTS = MAX_OWN_FAILURES;

type StoredEvent = Omit<InboxEvent, 'receivedAt' | 'deliveries'>;

/**
 * Applies the event and marks it, or counts the failure on it: it is postponed, or parked. `onApplied` is called in
 * between, for a reply that does not wait for the mark: without it the sweep applies the event again. May be repeated and
 * raced: every step below is idempotent. Throws only when the database fails.
 */
export async function applyWebhook(
  ctx: JobContext,
  event: StoredEvent,
  onApplied: (outcome: InboxOutcome) => void = () => undefined,
): Promise<InboxOutcome | { code: 'postponed' }> {
  try {
    const { outcome, order } = await apply(ctx, event);
    if (order?.stuck?.webhooks !== undefined) await clearParked(ctx, order);
    onApplied(outcome);
    await markWebhookApplied(ctx.db, event._id, outcome, ctx.clock.now());
    return outcome;
  } catch (error) {
    if (isInfrastructure(error)) throw error;
    await countFailure(ctx, event, error);
    return { code: 'postponed' };
  }
}

/** Counts a failed application. A failure of Paystack, or an order that a newer process must change, only postpones it. */
async function countFailure(ctx: JobContext, event: StoredEvent, error: unknown): Promise<void> {
  const own = !isGatewayError(error) && !(error instanceof NewerShapeError);
  const counted = await countWebhookFailure(ctx.db, event._id, error, { own, now: ctx.clock.now() });
  const { attempts = event.attempts + 1, parked = false } = counted ?? {};
  const failure = { err: error, digest: event._id, webhookEvent: event.event, attempts, parked };
  if (parked || (!own && attempts >= ALERT_ATTEMPTS)) ctx.events.webhookStuck(failure);
  else ctx.log.warn(failure, 'a webhook could not be applied yet');
  if (parked && event.reference !== null) await showOnOrder(ctx, event.reference, error);
}

/** Staff find the parked event among the orders that need attention. The inbox counts it, whether this succeeds or not. */
async function showOnOrder(ctx: JobContext, reference: string, error: unknown): Promise<void> {
  const order = await findOrderByReference(ctx.db, reference);
  if (order !== null) await countOrderFailure(ctx, order._id, 'webhooks', error);
}

async function clearParked(ctx: JobContext, order: Order): Promise<void> {
  const references = order.payments.map(({ reference }) => reference);
  if (await hasParkedWebhooks(ctx.db, references)) return;
  await clearOwnFailures(ctx.db, order, 'webhooks', ctx.clock.now());
}

interface Applied {
  outcome: InboxOutcome;
  /** The order that the event is about; null for none of this shop. */
  order: Order | null;
}

async function apply(
  ctx: JobContext,
  event: Pick<InboxEvent, 'kind' | 'reference' | 'charge' | 'dispute' | 'transfer' | 'event'>,
): Promise<Applied> {
  const { kind, reference, charge } = event;
  if (kind === 'dispute') return applyDispute(ctx, event);
  if (kind === 'transfer') return applyRejectedTransfer(ctx, event);
  if (kind === 'other' || reference === null) return { outcome: { code: 'not_relevant' }, order: null };
  if (kind === 'charge' && charge !== null) {
    const recorded = await applyReport(ctx, charge, 'webhook', 'webhook');
    const { order } = recorded;
    if (order === null) return { outcome: { code: 'unknown_order' }, order };
    const proves = recorded.outcome !== 'needs_verification';
    const outcome: InboxOutcome = proves
      ? { code: 'charge_recorded', charge: recorded.outcome }
      : await verify(ctx, order, reference);
    return { outcome, order };
  }
  const order = await findOrderByReference(ctx.db, reference);
  if (order === null) return { outcome: { code: 'unknown_order' }, order };
  if (kind === 'charge') return { outcome: await verify(ctx, order, reference), order };
  return { outcome: await applyRefundHint(ctx, order, reference), order };
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
  if (attempt?.gatewayId === undefined) return verify(ctx, order, reference);
  if (await readReturns(ctx, order, reference)) return { code: 'external_refund_entered' };
  if (isAllReturned(returnedMoney(order, attempt))) return { code: 'refunded_before' };
  return verify(ctx, order, reference);
}

/**
 * The event alone proves nothing but that there is a dispute. An unknown one is stored as open at once, so that nothing is
 * shipped or refunded meanwhile. All else is read at Paystack. The event stays in the inbox until that succeeds.
 */
async function applyDispute(
  ctx: JobContext,
  { reference, dispute }: Pick<InboxEvent, 'reference' | 'dispute'>,
): Promise<Applied> {
  if (!dispute) return { outcome: { code: 'dispute_without_id' }, order: null };
  const named = reference === null ? null : await findOrderByReference(ctx.db, reference);
  if (named !== null && reference !== null) await noteOpen(ctx, named, reference, dispute);
  const report = await readDispute(ctx, dispute.id);
  if (report === null) return { outcome: { code: 'dispute_unknown_at_paystack' }, order: named };
  const charge = report.reference ?? reference ?? (await findReference(ctx, report.gatewayId));
  const order = charge === null || charge === reference ? named : await findOrderByReference(ctx.db, charge);
  if (order === null || charge === null) return { outcome: { code: 'unknown_order' }, order: null };
  const after = await applyDisputeReport(ctx, order, charge, report);
  const state = after.disputes.find(({ disputeId }) => disputeId === dispute.id)?.state ?? 'open';
  // Only paid charges are disputed, so a payment that is not recorded yet is verified. The dispute is recorded first: no
  // refund must be sent while the bank may take the money back.
  const isNews = findAttempt(after, charge)?.gatewayId === undefined;
  if (!isNews) return { outcome: { code: 'dispute_recorded', state }, order: after };
  const verified = await verifyDurably(ctx, after, charge);
  return { outcome: { code: 'dispute_recorded', state, charge: verified }, order: after };
}

async function noteOpen(
  ctx: JobContext,
  order: Order,
  reference: string,
  { id: disputeId, dueAt: answerBy }: NonNullable<InboxEvent['dispute']>,
): Promise<void> {
  const noted = await noteDispute(ctx.db, order._id, { disputeId, reference, answerBy, now: ctx.clock.now() });
  if (!noted.changed) return;
  await afterChange(ctx, noted.order, { kind: 'dispute_recorded', disputeId, reference, state: 'open' });
}

/** null when Paystack does not know it. */
async function readDispute(ctx: JobContext, disputeId: string): Promise<DisputeReport | null> {
  try {
    return await ctx.paystack.getDispute(disputeId);
  } catch (error) {
    if (isGatewayError(error, 'unknown_reference')) return null;
    throw error;
  }
}
