/** The history, payment attempts, webhooks, refunds, emails and job failures of an order in one list for staff. */

import { PAYMENT_STATUS_WORDS, REFUND_CAUSE_WORDS, REFUND_STATE_WORDS } from '../../../models/contract/desk/words.ts';
import { describeAmount } from '../../../models/contract/money.ts';
import type { StaffTimelineEntry } from '../../../models/contract/staff-orders.ts';
import type { AttemptStatus } from '../../../models/contract/statuses.ts';
import type { JobFailure } from '../../../models/job-failures.ts';
import { describeDeliveryFailure } from '../../../models/messaging/delivery/delivery-failure.ts';
import type { Email } from '../../../models/messaging/email-document.ts';
import type { InboxEvent } from '../../../models/messaging/inbox-event.ts';
import { describeWebhookOutcome } from '../../../models/messaging/webhook-outcome.ts';
import type { Actor } from '../../../models/order/history.ts';
import type { Order, PaymentAttempt } from '../../../models/order/order-document.ts';
import { currencyOfCharge } from '../../../models/order/payment-status.ts';
import { MOST_WEBHOOKS, type OrderRecords } from '../../../models/order/queries/order-records.ts';
import { type ActorNames, toActorView } from './actor-view.ts';
import { describeStep } from './history-text.ts';
import { ATTEMPT_STATUS_WORDS, EMAIL_KIND_WORDS, JOB_WORDS, ORDER_STATUS_WORDS, webhookWords } from './words.ts';

/** The staff's view of an entry, before times and people are worded. */
type TimelineEntry = Omit<StaffTimelineEntry, 'at' | 'actor'> & { at: Date; actor: Actor | null };

/** Oldest first. */
export function toTimeline(order: Order, { emails, webhooks }: OrderRecords, names: ActorNames): StaffTimelineEntry[] {
  const timeline = [
    ...fromHistory(order),
    ...fromPayments(order),
    ...webhooks.map(fromWebhook).slice(0, MOST_WEBHOOKS),
    ...webhooks.slice(MOST_WEBHOOKS).map(leftOut),
    ...fromRefunds(order),
    ...emails.flatMap(fromEmail),
    ...(order.failures ?? []).map((failure) => fromFailure(failure)),
  ];
  return timeline
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, actor, ...entry }) => ({
      ...entry,
      at: at.toISOString(),
      actor: actor === null ? null : toActorView(actor, names),
    }));
}

function fromHistory(order: Order): TimelineEntry[] {
  return order.history.map((entry) => {
    const { at, from, to, actor } = entry;
    const isMoved = from !== null && from.status !== to.status;
    const moved = isMoved ? `${ORDER_STATUS_WORDS[from.status]} → ${ORDER_STATUS_WORDS[to.status]}: ` : '';
    const isPaidOtherwise = from !== null && from.paymentStatus !== to.paymentStatus;
    const payment = isPaidOtherwise ? `; payment: ${PAYMENT_STATUS_WORDS[to.paymentStatus]}` : '';
    return { at, kind: 'history', what: `${moved}${describeStep(order, entry)}${payment}`, actor };
  });
}

function fromPayments({ payments }: Order): TimelineEntry[] {
  return payments.flatMap(({ reference, createdAt, paidAt, failedAt, amount, currency = '', status, ...told }) => {
    const created: TimelineEntry = {
      at: createdAt,
      kind: 'payment',
      what: `reference ${reference} made; it is ${ATTEMPT_STATUS_WORDS[status]}`,
      actor: null,
    };
    const declined: TimelineEntry[] =
      failedAt === undefined
        ? []
        : [{ at: failedAt, kind: 'payment', what: `${reference} declined${bankSays(status, told)}`, actor: null }];
    if (!paidAt) return [created, ...declined];
    const by = told.channel ? ` by ${channelText(told.channel)}` : '';
    return [
      created,
      ...declined,
      {
        at: paidAt,
        kind: 'payment',
        what: `${describeAmount(amount ?? 0, currency)} paid on ${reference}${by}`,
        actor: null,
      },
    ];
  });
}

/** The words of the last report; those of a decline are gone once the charge succeeded after all. */
function bankSays(status: AttemptStatus, { gatewayResponse }: Pick<PaymentAttempt, 'gatewayResponse'>): string {
  return status === 'failed' && gatewayResponse ? `: the bank says “${gatewayResponse}”` : '';
}

/** Paystack's word: `bank_transfer`, `mobile_money`. */
function channelText(channel: string): string {
  return channel.replaceAll('_', ' ');
}

function fromWebhook(webhook: InboxEvent): TimelineEntry {
  const { event, receivedAt, deliveries, outcome, attempts, lastError, appliedAt } = webhook;
  const times = deliveries > 1 ? `, ${deliveries} times` : '';
  const result = appliedAt ? (outcome ? describeWebhookOutcome(outcome) : 'applied') : 'not applied yet';
  const failure = lastError ? `; failed ${attempts} times: ${lastError}` : '';
  const what = `Paystack reports: ${webhookWords(event)}${times}; ${result}${failure}`;
  return { at: receivedAt, kind: 'webhook', what, actor: null };
}

/** Marks the end of a shortened list. */
function leftOut({ receivedAt }: InboxEvent): TimelineEntry {
  const what = `more than ${MOST_WEBHOOKS} webhooks came; those from here on are not shown`;
  return { at: receivedAt, kind: 'webhook', what, actor: null };
}

function fromRefunds(order: Order): TimelineEntry[] {
  return order.refunds.flatMap((refund) => {
    const { requestedAt, sentAt, endedAt, amount, cause, note, requestedBy, state, reference } = refund;
    const money = `${describeAmount(amount, currencyOfCharge(order, reference))} of ${reference}`;
    const why = note ?? REFUND_CAUSE_WORDS[cause];
    const entries: TimelineEntry[] = [
      { at: requestedAt, kind: 'refund', what: `refund of ${money} requested: ${why}`, actor: requestedBy },
    ];
    if (sentAt) entries.push({ at: sentAt, kind: 'refund', what: `refund of ${money} sent to Paystack`, actor: null });
    if (endedAt)
      entries.push({
        at: endedAt,
        kind: 'refund',
        what: `refund of ${money} ${REFUND_STATE_WORDS[state]}`,
        actor: null,
      });
    return entries;
  });
}

function fromEmail(email: Email): TimelineEntry[] {
  const { kind, createdAt, undelivered, parkedAt, attempts, lastError, failures = [], earlierCopies = [] } = email;
  const sentAt = email.sentAt ?? undelivered?.sentAt;
  const words = EMAIL_KIND_WORDS[kind];
  const accepted = (at: Date): TimelineEntry => {
    return { at, kind: 'email', what: `the email ${words} is accepted by the provider`, actor: null };
  };
  const entries: TimelineEntry[] = [
    { at: createdAt, kind: 'email', what: `the email ${words} is queued`, actor: null },
    ...earlierCopies.map((copy) => accepted(copy.sentAt)),
    ...earlierCopies.flatMap(({ undelivered: failure }): TimelineEntry[] => {
      if (failure === undefined) return [];
      const what = `the email ${words} did not arrive: ${describeDeliveryFailure(failure)}`;
      return [{ at: failure.at, kind: 'email', what, actor: null }];
    }),
  ];
  if (sentAt) entries.push(accepted(sentAt));
  if (parkedAt)
    entries.push({
      at: parkedAt,
      kind: 'email',
      what: undelivered
        ? `the email ${words} did not arrive: ${lastError ?? ''}`
        : `the email ${words} is parked after ${attempts} attempts: ${lastError ?? ''}`,
      actor: null,
    });
  return [...entries, ...failures.map((failure) => fromFailure(failure, words))];
}

/** `of` names the email, where the error does not. */
function fromFailure({ job, error, at, times }: JobFailure, of?: string): TimelineEntry {
  const often = times > 1 ? ` ${times} times by then` : '';
  return {
    at,
    kind: 'job',
    what: `${JOB_WORDS[job]} failed${often}: ${of === undefined ? '' : `${of}: `}${error}`,
    actor: null,
  };
}
