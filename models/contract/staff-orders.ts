/** Inputs and outputs of the `admin` router's procedures on orders. */
import { z } from 'zod';
import { ORDER_LISTS } from './desk/order-lists.ts';
import {
  actionKey,
  amount,
  count,
  currency,
  cursor,
  email,
  instant,
  instantOrDay,
  objectId,
  optional,
  orderCode,
  pageLimit,
  pageOf,
  reference,
  text,
} from './fields.ts';
import { MAX_COUNT, MAX_EMAIL_LENGTH, MAX_LENGTH } from './limits.ts';
import { orderSummary, orderView } from './orders.ts';
import { expectInput } from './staff/action-preview.ts';
import { actorView } from './staff/actor.ts';
import { correctionParts } from './staff/corrections.ts';
import { disputeAnswerView } from './staff/disputes/answers.ts';
import { orderActionState } from './staff/order-actions.ts';
import { refundId } from './staff/refunds.ts';
import { staffShipment } from './staff/shipments.ts';
import {
  ATTEMPT_STATUSES,
  DISPUTE_STATES,
  EMAIL_KINDS,
  EMAIL_STATES,
  ORDER_STATUSES,
  REFUND_CAUSES,
  REFUND_STATES,
  STUCK_LOOPS,
  TIMELINE_KINDS,
} from './statuses.ts';

/** The reasons for which an order needs a person. */
export const WAITING_KINDS = ['parked', 'review', 'refund', 'stuck', 'dispute'] as const;

export const staffOrdersInput = z.strictObject({
  cursor: optional(cursor),
  limit: pageLimit,
  /** A code, name, email, phone number, SKU or tracking number, or its beginning, in any writing. */
  search: optional(text(MAX_EMAIL_LENGTH)),
  /** One of the tabs of staff's page; all orders when missing. */
  list: optional(z.enum(ORDER_LISTS)),
  status: optional(z.enum(ORDER_STATUSES)),
  email: optional(email),
  code: optional(orderCode),
  reference: optional(reference),
  /** Placed then or later; a day counts from its beginning. */
  from: optional(instantOrDay),
  /** Placed before then; a day counts to its end. */
  to: optional(instantOrDay),
  /** A tag of the order's, in any writing. */
  tag: optional(text(MAX_LENGTH.tag)),
  /**
   * Only orders that need attention: settlement parked, money in review, a refund that failed or needs attention, stuck
   * work, an open dispute. Disputes come in the order of their deadlines.
   */
  attention: optional(z.enum(WAITING_KINDS)),
  /** The id of a product of the order's. */
  product: optional(objectId),
  /** Paystack's word for the way of the payment, like `card`. */
  channel: optional(text(MAX_LENGTH.tag)),
  /** The id of the way of delivery. */
  delivery: optional(text(MAX_LENGTH.tag)),
  /** When missing, the lists of work alone begin with the oldest order: `to_ship` and `unpaid`. */
  oldestFirst: optional(z.boolean()),
});

const expect = optional(expectInput);

export const recordRefundPaidElsewhereInput = z.strictObject({ id: objectId, refundId, note: text(MAX_LENGTH.note) });

export const previewResolveReviewInput = z.strictObject({
  id: objectId,
  reference,
  /** `returned` answers a reversal without a known reason, the other two any other review. */
  resolution: z.enum(['accept', 'refund', 'returned']),
  /** With `returned`: how much of the charge went back, in subunits of its currency. */
  returned: optional(z.int().min(0).max(Number.MAX_SAFE_INTEGER)),
});

export const recordPaidElsewhereInput = z.strictObject({
  id: objectId,
  key: actionKey,
  reference: optional(reference),
  amount: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  note: text(MAX_LENGTH.note),
});

export const resolveReviewInput = previewResolveReviewInput.extend({ expect });

export const staffOrderSummary = orderSummary.extend({
  email: z.string(),
  name: z.string(),
  tags: correctionParts.tags,
  /** When the first of its open disputes must be answered; null without one. */
  answerBy: instant.nullable(),
  /** The matters that wait for a person, each with its money in subunits. */
  waits: z.array(
    z.strictObject({
      kind: z.enum(WAITING_KINDS),
      amount,
      currency,
      since: instant,
      /** Of a dispute: Paystack's word for the reason. */
      category: z.string().nullable(),
    }),
  ),
  /** Some units have left, and others are still to be shipped. */
  partial: z.boolean(),
  /** The way of delivery, in words. */
  delivery: z.string(),
  /** Its charge is of the other domain than the shop's key: a test order of a live shop, which counts in no figure. */
  otherDomain: z.boolean(),
});

export const staffOrderPage = pageOf(staffOrderSummary).extend({
  /**
   * How many orders agree; MAX_COUNT + 1 means more than MAX_COUNT. Null on later pages, and where a search of several
   * conditions would have to read too much to know it.
   */
  count: count.max(MAX_COUNT + 1).nullable(),
});

const payment = z.strictObject({
  reference: z.string(),
  status: z.enum(ATTEMPT_STATUSES),
  amount: amount.nullable(),
  currency: z.string().nullable(),
  paidAt: instant.nullable(),
  /** Paystack's fee on it; null while Paystack has not said. */
  fees: amount.nullable(),
  channel: z.string().nullable(),
  /** When a decline was reported. */
  failedAt: instant.nullable(),
  gatewayResponse: z.string().nullable(),
  /** Set while staff must decide with resolveReview. */
  review: z.string().nullable(),
  /** True while staff have to enter how much of a reversed charge went back. */
  asksReturned: z.boolean(),
  /** Null before anything was captured. */
  returned: z
    .strictObject({
      /** The charge's, or the order's where the shop does not know the charge's. */
      currency,
      byRefund: amount,
      byDispute: amount,
      elsewhere: amount,
      /** Refunds that have not ended yet. */
      open: amount,
      /** The rest that Paystack still holds of the charge. */
      held: amount,
      /** The rest that can still be given back. */
      left: amount,
      /** By how much more went back than was captured. */
      excess: amount,
    })
    .nullable(),
});

const refund = z.strictObject({
  id: z.string(),
  reference: z.string(),
  amount,
  currency,
  state: z.enum(REFUND_STATES),
  cause: z.enum(REFUND_CAUSES),
  /** Staff's own words about it. */
  note: z.string().nullable(),
  /** The units that left the order with it. */
  lines: z.array(z.strictObject({ lineId: z.int().min(1), unshipped: count, shipped: count, restock: count })),
  /** The delivery fee went with it. */
  delivery: z.boolean(),
  /** The failed refund that it stands for. */
  replaces: z.string().nullable(),
  requestedBy: actorView,
  requestedAt: instant,
  endedAt: instant.nullable(),
  lastError: z.string().nullable(),
  /** The action that staff should take; null if none. */
  advice: z.string().nullable(),
});

export const staffOrderView = orderView.omit({ refunds: true, timeline: true }).extend({
  ...correctionParts,
  email: z.string(),
  name: z.string(),
  /** The first number of the address in E.164, for links that dial; the address has it as it was typed. */
  phoneToDial: z.string(),
  /** In the order of their creation, with voided ones. */
  shipments: z.array(staffShipment),
  /** Its charge is of the other domain than the shop's key: a test order of a live shop. */
  otherDomain: z.boolean(),
  /** The rest of the paying charge, for refunds; null before the order is paid. */
  refundable: z.strictObject({ remaining: amount, currency, deliveryRefunded: z.boolean() }).nullable(),
  payments: z.array(payment),
  refunds: z.array(refund),
  disputes: z.array(
    z.strictObject({
      id: z.string(),
      reference: z.string(),
      state: z.enum(DISPUTE_STATES),
      /** Null: the whole charge. */
      amount: amount.nullable(),
      currency,
      category: z.string().nullable(),
      openedAt: instant,
      /** Without an answer by then the dispute is lost. */
      answerBy: instant.nullable(),
      /** Paystack named no deadline; this is the earliest that it may be. */
      answerByAssumed: z.boolean(),
      /** The bank decides; no answer is awaited. */
      bankDeciding: z.boolean(),
      /** Null while staff gave none since it was opened. */
      answer: disputeAnswerView.nullable(),
      endedAt: instant.nullable(),
    }),
  ),
  settlement: z.strictObject({
    waiting: z.boolean(),
    attempts: z.int(),
    lastError: z.string().nullable(),
    parkedAt: instant.nullable(),
  }),
  /** Work on this order that failed eight times and waits for retryStuck. */
  stuck: z.array(
    z.strictObject({ work: z.enum(STUCK_LOOPS), attempts: z.int(), lastError: z.string(), since: instant }),
  ),
  emails: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(EMAIL_KINDS),
      state: z.enum(EMAIL_STATES),
      /** Why it was accepted by the provider and did not arrive, in words for people; null otherwise. */
      undelivered: z.string().nullable(),
    }),
  ),
  timeline: z.array(
    z.strictObject({
      at: instant,
      kind: z.enum(TIMELINE_KINDS),
      what: z.string(),
      /** null if not recorded. */
      actor: actorView.nullable(),
    }),
  ),
  /** Every action on the order as it is now, by the guards that act. */
  actions: z.array(orderActionState),
  /** The reasons why the order needs attention, as text; empty if it does not. */
  attention: z.array(z.string()),
  /** Facts that staff should know and need not act on, as text. */
  notices: z.array(z.string()),
});

export type StaffOrderView = z.infer<typeof staffOrderView>;
export type StaffOrderSummary = z.infer<typeof staffOrderSummary>;
export type StaffTimelineEntry = StaffOrderView['timeline'][number];
