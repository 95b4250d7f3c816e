/**
 * All texts that customers and staff read: emails of every kind and cause, history, timeline, advice. Each is made with a
 * canary amount, real ids and instants, none of which may show. Texts of errors and pages are walked by the rules of texts.
 */
import { describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import {
  ATTEMPT_STATUSES,
  DISPUTE_STATES,
  EMAIL_KINDS,
  EMAIL_STATES,
  REFUND_CAUSES,
  REFUND_STATES,
  REVIEW_CAUSES,
  STUCK_LOOPS,
} from '../../models/contract/statuses.ts';
import type { JobFailure } from '../../models/job-failures.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import { emailOwedBy } from '../../models/messaging/email-of-type.ts';
import type { InboxEvent } from '../../models/messaging/inbox-event.ts';
import type { InboxOutcome, VerifyOutcome } from '../../models/messaging/webhook-outcome.ts';
import type { HistoryEntry, HistoryEvent } from '../../models/order/history.ts';
import type { Order } from '../../models/order/order-document.ts';
import { renderOrderEmail } from '../../server/email/order-email.ts';
import { toStaffOrderView } from '../../server/trpc/views/staff-order-view.ts';
import { aCharge, aConfirmedOrder, anOrder, aRefund, aShipment, PLACED_AT, REFERENCE } from '../support/an-order.ts';
import { everyEvent, SHIPMENT_IDS } from '../support/every-event.ts';
import { CANARY_AMOUNT, textFaults } from '../support/text-faults.ts';

const REFUND_ID = new Types.ObjectId().toHexString();
const now = PLACED_AT;
const shop = { shopName: 'The Shop', storefrontUrl: 'https://shop.example', publicUrl: 'https://api.example' };
const money = { amount: CANARY_AMOUNT, requestedAmount: CANARY_AMOUNT };
const totals = { subtotal: CANARY_AMOUNT, shippingFee: 0, total: CANARY_AMOUNT };

/** One of each kind, under the ids that everyEvent names; the last two are not all of the order. */
const SHIPMENTS = SHIPMENT_IDS.map((shipmentId, index) =>
  aShipment({ shipmentId, ...[{}, { kind: 'pickup' as const }, { voidedAt: now }, { deliveredAt: now }][index] }),
);

/** A confirmed order of the canary amount, refunded in each state and for each cause. */
const order = aConfirmedOrder({
  ...totals,
  payments: [aCharge({ ...money, channel: 'bank_transfer' })],
  refunds: [aRefund({ refundId: REFUND_ID, amount: CANARY_AMOUNT })],
  shipments: SHIPMENTS,
});
const events = everyEvent(REFUND_ID, CANARY_AMOUNT);
const nameOf = (event: HistoryEvent) => JSON.stringify(event).slice(0, 140);

test('the canary is found in each form that no text may have', () => {
  const bad = [
    `There is ${CANARY_AMOUNT} left.`,
    'Amount: 123456.78',
    `Order ${REFUND_ID}`,
    'the email order_confirmed',
    'a needsAttention refund',
    `by ${now.toISOString()}`,
    'Hello undefined',
    'an amount in subunits',
  ];
  expect(bad.filter((text) => textFaults(text).length === 0)).toEqual([]);
  expect(textFaults('₦123,456.78 of ord-CODE-1 went back; 123456.78 EUR did not: https://x.example/o_o')).toEqual([]);
});

describe('emails', () => {
  const emails = events.flatMap((event, index) => {
    const email = emailOwedBy(order._id, { ...event, seq: index + 1 }, now);
    return email === null ? [] : [{ email, name: nameOf(event) }];
  });

  test('of every kind are among them', () => {
    expect(new Set(emails.map(({ email }) => email.kind))).toEqual(new Set(EMAIL_KINDS));
  });

  test.each(emails)('$name', ({ email }) => {
    const { subject, text, html } = renderOrderEmail(email, order, shop);
    const readable = html.replaceAll(/<style[\s\S]*?<\/style>|<(?:head|!doctype)[^>]*>|<[^>]*>/g, ' ');
    for (const part of [subject, text, readable]) expect(textFaults(part)).toEqual([]);
  });
});

/** `charge` is used only by outcomes that have one. */
const OUTCOMES: { readonly [Code in InboxOutcome['code']]: (charge: VerifyOutcome) => InboxOutcome } = {
  not_relevant: () => ({ code: 'not_relevant' }),
  unknown_order: () => ({ code: 'unknown_order' }),
  transfer_without_id: () => ({ code: 'transfer_without_id' }),
  transfer_unknown_at_paystack: () => ({ code: 'transfer_unknown_at_paystack' }),
  transfer_rejected: () => ({ code: 'transfer_rejected' }),
  dispute_without_id: () => ({ code: 'dispute_without_id' }),
  charge_recorded: (charge) => ({
    code: 'charge_recorded',
    charge: charge === 'unknown_at_paystack' ? 'paid' : charge,
  }),
  verified: (charge) => ({ code: 'verified', charge }),
  refunds_due: () => ({ code: 'refunds_due' }),
  refund_in_flight: () => ({ code: 'refund_in_flight' }),
  dispute_unknown_at_paystack: () => ({ code: 'dispute_unknown_at_paystack' }),
  refunded_before: () => ({ code: 'refunded_before' }),
  external_refund_entered: () => ({ code: 'external_refund_entered' }),
  dispute_recorded: (charge) => ({ code: 'dispute_recorded', state: 'lost', charge }),
};
const VERIFY_OUTCOMES: { readonly [Outcome in VerifyOutcome]: true } = {
  paid: true,
  unchanged: true,
  duplicate_payment: true,
  late_payment: true,
  review: true,
  failed: true,
  open: true,
  needs_verification: true,
  unknown_reference: true,
  unknown_at_paystack: true,
  reversal: true,
};
const JOBS: { readonly [Job in JobFailure['job']]: true } = {
  processOrderPayment: true,
  processRefunds: true,
  processDisputes: true,
  sendEmails: true,
  sweep: true,
};

const failures = Object.keys(JOBS).map(
  (job): JobFailure => ({ job: job as JobFailure['job'], error: 'Error: no route', at: now, times: 3 }),
);
const emails = EMAIL_KINDS.flatMap((kind, index) =>
  EMAIL_STATES.map((state) => ({
    ...newEmail(order._id, kind, index + 1, {}, now),
    state,
    ...(state === 'queued' ? {} : { sentAt: now, parkedAt: now }),
    attempts: 8,
    lastError: 'SendGrid refused the email (HTTP 400).',
    failures,
  })),
);
const webhooks = Object.values(OUTCOMES).flatMap((outcomeOf) =>
  (Object.keys(VERIFY_OUTCOMES) as VerifyOutcome[]).map(
    (charge): InboxEvent => ({
      _id: 'f'.repeat(64),
      event: 'charge.success',
      kind: 'charge',
      reference: REFERENCE,
      charge: null,
      receivedAt: now,
      deliveries: 2,
      attempts: 1,
      lastError: 'Error: no route',
      appliedAt: now,
      outcome: outcomeOf(charge),
    }),
  ),
);
const statuses = { status: 'confirmed', paymentStatus: 'partially_refunded' } as const;
const history = events.map(
  (event, index): HistoryEntry => ({
    ...event,
    seq: index + 2,
    at: now,
    actor: 'system',
    from: index % 2 === 0 ? statuses : null,
    to: statuses,
  }),
);

const named = (name: string, of: Order): readonly [string, Order] => [name, of];

/** Orders that need staff's attention, or show a payment or refund, in every way that there is. */
const ORDERS: readonly (readonly [name: string, order: Order])[] = [
  named('with every history entry', { ...order, history, failures }),
  ...ATTEMPT_STATUSES.map((status) => {
    const declined = { failedAt: now, gatewayResponse: 'Insufficient Funds' };
    return named(`with an attempt ${status}`, anOrder({ payments: [{ ...aCharge(money), status, ...declined }] }));
  }),
  ...REVIEW_CAUSES.flatMap((cause) =>
    ['NGN', 'EUR'].map((currency) => {
      const charge = aCharge({ ...money, currency, review: { cause, openedAt: now } });
      return named(`in review: ${cause} in ${currency}`, { ...order, payments: [charge] });
    }),
  ),
  ...REFUND_STATES.flatMap((state) =>
    REFUND_CAUSES.map((cause) => {
      const atPaystack = { sentAt: now, endedAt: now, gatewayRefundId: '8', duplicateIds: ['9'] };
      const refund = aRefund({ amount: CANARY_AMOUNT, state, cause, ...atPaystack });
      return named(`with a refund ${state} for ${cause}`, { ...order, refunds: [refund] });
    }),
  ),
  ...DISPUTE_STATES.map((state) => {
    const dispute = { disputeId: '7', reference: REFERENCE, state, openedAt: now, answerBy: now };
    return named(`with a dispute ${state}`, { ...order, disputes: [dispute] });
  }),
  named('with parked work', {
    ...order,
    settlement: { attempts: 8, parkedAt: now, lastError: 'Error: no route' },
    stuck: Object.fromEntries(
      STUCK_LOOPS.map((loop) => [loop, { attempts: 8, lastError: 'Error: no route', parkedAt: now }]),
    ),
  }),
];

test.each(ORDERS)('the staff’s page of an order %s', (_name, of) => {
  const { timeline, attention, payments, refunds, actions } = toStaffOrderView(
    of,
    { emails, webhooks },
    { now, domain: 'test', role: 'owner', timeZone: 'Africa/Lagos', names: new Map() },
  );
  const texts = [
    ...timeline.map(({ what }) => what),
    ...attention,
    ...payments.flatMap(({ review }) => review ?? []),
    ...refunds.flatMap(({ advice }) => advice ?? []),
    ...actions.flatMap(({ why }) => why ?? []),
  ];
  expect(texts.flatMap(textFaults)).toEqual([]);
});
