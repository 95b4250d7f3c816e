import type { StaffTimelineEntry } from '../../contract/staff-orders.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import type { JobFailure } from '../../job-failures.ts';
import type { Email } from '../../messaging/email-document.ts';
import { findEmailsOfOrder } from '../../messaging/email-outbox.ts';
import type { InboxEvent } from '../../messaging/inbox-event.ts';
import { describeWebhookOutcome } from '../../messaging/webhook-outcome.ts';
import { toMajorUnits } from '../../money.ts';
import type { Order } from '../order-document.ts';
import { currencyOfCharge } from '../payment-status.ts';

/** The staff's view of an entry, with `at` as a Date. */
export type TimelineEntry = Omit<StaffTimelineEntry, 'at'> & { at: Date };

/** Further webhooks of one order are repeats that add nothing. */
const MOST_WEBHOOKS = 200;

/** The history, payment attempts, webhooks, refunds, emails and job failures of an order, oldest first. */
export async function readTimeline(
  db: Database,
  order: Order,
): Promise<{ timeline: TimelineEntry[]; emails: Email[] }> {
  const references = order.payments.map(({ reference }) => reference);
  const [emails, webhooks] = await Promise.all([
    findEmailsOfOrder(db, order._id),
    driverCollection(db.webhookEvents)
      .find({ reference: { $in: references } }, { sort: { receivedAt: 1 }, limit: MOST_WEBHOOKS + 1 })
      .toArray(),
  ]);
  const timeline = [
    ...fromHistory(order),
    ...fromPayments(order),
    ...webhooks.map(fromWebhook).slice(0, MOST_WEBHOOKS),
    ...webhooks.slice(MOST_WEBHOOKS).map(leftOut),
    ...fromRefunds(order),
    ...emails.flatMap(fromEmail),
    ...(order.failures ?? []).map((failure) => fromFailure(failure)),
  ];
  return { timeline: timeline.sort((a, b) => a.at.getTime() - b.at.getTime()), emails };
}

function fromHistory(order: Order): TimelineEntry[] {
  return order.history.map(({ at, from, to, reason, actor }) => {
    const moved = from === null || from.status !== to.status ? `${from?.status ?? 'new'} → ${to.status}: ` : '';
    return { at, kind: 'history', what: `${moved}${reason} (money: ${to.paymentStatus})`, actor };
  });
}

function fromPayments({ payments }: Order): TimelineEntry[] {
  return payments.flatMap(({ reference, createdAt, paidAt, amount, currency, status, channel }) => {
    const created: TimelineEntry = {
      at: createdAt,
      kind: 'payment',
      what: `reference ${reference} made; it is ${status}`,
      actor: null,
    };
    if (!paidAt) return [created];
    const by = channel ? ` by ${channel}` : '';
    return [
      created,
      {
        at: paidAt,
        kind: 'payment',
        what: `${toMajorUnits(amount ?? 0)} ${currency} paid on ${reference}${by}`,
        actor: null,
      },
    ];
  });
}

function fromWebhook(webhook: InboxEvent): TimelineEntry {
  const { event, receivedAt, deliveries, outcome, attempts, lastError, appliedAt } = webhook;
  const times = deliveries > 1 ? `, ${deliveries} times` : '';
  const result = appliedAt ? (outcome ? describeWebhookOutcome(outcome) : 'applied') : 'not applied yet';
  const failure = lastError ? `; failed ${attempts} times: ${lastError}` : '';
  return { at: receivedAt, kind: 'webhook', what: `${event} received${times}; ${result}${failure}`, actor: null };
}

/** Marks the end of a shortened list. */
function leftOut({ receivedAt }: InboxEvent): TimelineEntry {
  const what = `more than ${MOST_WEBHOOKS} webhooks came; those from here on are not shown`;
  return { at: receivedAt, kind: 'webhook', what, actor: null };
}

function fromRefunds(order: Order): TimelineEntry[] {
  return order.refunds.flatMap(({ requestedAt, sentAt, endedAt, amount, reason, requestedBy, state, reference }) => {
    const money = `${toMajorUnits(amount)} ${currencyOfCharge(order, reference)} of ${reference}`;
    const entries: TimelineEntry[] = [
      { at: requestedAt, kind: 'refund', what: `refund of ${money} requested: ${reason}`, actor: requestedBy },
    ];
    if (sentAt) entries.push({ at: sentAt, kind: 'refund', what: `refund of ${money} sent to Paystack`, actor: null });
    if (endedAt) entries.push({ at: endedAt, kind: 'refund', what: `refund of ${money} ${state}`, actor: null });
    return entries;
  });
}

function fromEmail(email: Email): TimelineEntry[] {
  const { kind, createdAt, sentAt, parkedAt, attempts, lastError, failures = [] } = email;
  const entries: TimelineEntry[] = [{ at: createdAt, kind: 'email', what: `email ${kind} queued`, actor: null }];
  if (sentAt) entries.push({ at: sentAt, kind: 'email', what: `email ${kind} accepted by the provider`, actor: null });
  if (parkedAt)
    entries.push({
      at: parkedAt,
      kind: 'email',
      what: `email ${kind} parked after ${attempts} attempts: ${lastError ?? ''}`,
      actor: null,
    });
  return [...entries, ...failures.map((failure) => fromFailure(failure, `email ${kind}`))];
}

/** `of` names the email, where the error does not. */
function fromFailure({ job, error, at, times }: JobFailure, of?: string): TimelineEntry {
  const often = times > 1 ? ` ${times} times by then` : '';
  return { at, kind: 'job', what: `${job} failed${often}: ${of === undefined ? '' : `${of}: `}${error}`, actor: null };
}
