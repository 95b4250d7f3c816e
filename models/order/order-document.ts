/**
 * The Order aggregate: one document, because a payment, its refunds and the status must change together. Items, prices,
 * addresses and totals are written once at checkout and guarded by two hashes. All else changes only by the guarded
 * updates of models/order/change-order and the settlement.
 */
import type { mongo, Types } from 'mongoose';
import type { ActionKey } from '../action-key.ts';
import type { Address } from '../address/address.ts';
import type { Currency } from '../contract/money.ts';
import type {
  AttemptStatus,
  CancelReason,
  OrderStatus,
  PaymentStatus,
  RefundCause,
  RefundState,
  ReviewCause,
  ShipmentKind,
  StuckLoop,
} from '../contract/statuses.ts';
import type { Dispute } from '../dispute/dispute-document.ts';
import type { JobFailure } from '../job-failures.ts';
import type { Actor, HistoryEntry } from './history.ts';

export type { Address, Dispute };

/** The product as it was at checkout. */
export interface ProductSnapshot {
  productId: Types.ObjectId;
  slug: string;
  title: string;
  /** Its first picture; missing for a product without one. */
  pictureId?: string;
}

/** The variant as it was at checkout. Its price then is the line's `unitPrice`. */
export interface VariantSnapshot {
  sku: string;
  title: string;
}

export interface OrderItem {
  variantId: Types.ObjectId;
  /** 1 to 999. */
  quantity: number;
  /** Subunits of the order's currency. */
  unitPrice: number;
  lineTotal: number;
  productSnapshot: ProductSnapshot;
  variantSnapshot: VariantSnapshot;
}

/** Captured money that disagrees with the order, or that went back without a known reason: staff decide. */
export interface Review {
  cause: ReviewCause;
  openedAt: Date;
  resolvedAt?: Date;
  /** `returned`: staff entered how much had gone back. */
  resolution?: 'accepted' | 'refunded' | 'returned';
}

/** See models/checkout/attempt-claim. */
export interface AttemptClaim {
  /** The call that has the claim. */
  by: string;
  until: Date;
}

/** Paystack calls a captured charge reversed, and its refunds and disputes do not explain that yet. */
export interface Reversal {
  /** When they are next read at Paystack. */
  askAt: Date;
  /** When they were first read and explained nothing. */
  unexplainedAt?: Date;
}

/** One reference at Paystack. Amounts in subunits of `currency`, as Paystack reported them. */
export interface PaymentAttempt {
  reference: string;
  status: AttemptStatus;
  createdAt: Date;
  /** The claim on calling initialize; unset once the outcome is stored. */
  claim?: AttemptClaim;
  /** The payment page, and the code that opens it in a pop-up; both set once Paystack has made it. */
  authorizationUrl?: string;
  accessCode?: string;
  /** When a decline was reported; `gatewayResponse` has the bank's words. A later success keeps it. */
  failedAt?: Date;
  /** Set with `succeeded`, like the fields below, from the report that proved it. */
  gatewayId?: string;
  domain?: string;
  amount?: number;
  requestedAmount?: number | null;
  currency?: string;
  paidAt?: Date;
  channel?: string | null;
  gatewayResponse?: string | null;
  /** Paystack's fee on the charge, as it says; unset while it has not said. */
  fees?: number;
  review?: Review;
  reversal?: Reversal;
}

/** `lineId` is the line's place in the order, from 1. */
export interface ShipmentLine {
  lineId: number;
  /** 1 or more. */
  quantity: number;
}

/** The units of one line that a refund takes out of the order. `lineId` is the line's place in the order, from 1. */
export interface RefundLine {
  lineId: number;
  /** Units withdrawn before they were shipped. */
  unshipped: number;
  /** Units that came back after they were shipped. */
  shipped: number;
  /** How many of both went into stock, from 0. */
  restock: number;
}

/** One refund of one charge. `amount` is in subunits of the charge's currency (currencyOfCharge). */
export interface Refund {
  /** Ours; Paystack sees it as merchant_note `rf:<refundId>`. */
  refundId: string;
  reference: string;
  amount: number;
  cause: RefundCause;
  /** Staff's own words about it. */
  note?: string;
  /** Each line once. Withdrawn and restocked in the commit that requests the refund, and so also when it fails later. */
  lines?: RefundLine[];
  /** True when the delivery fee goes back with it; absent otherwise. */
  delivery?: boolean;
  /** The failed refund that it stands for. Such a refund has no lines, because the goods went with the failed one. */
  replaces?: string;
  /** False: when the order ends as refunded, units that were neither shipped nor withdrawn stay out of stock. */
  restockRest?: boolean;
  state: RefundState;
  requestedAt: Date;
  requestedBy: Actor;
  gatewayRefundId?: string;
  /** Paystack's ids of further refunds with our note: the money was refunded more than once. */
  duplicateIds?: string[];
  /** The staff member who recorded that the customer was paid outside Paystack. */
  paidElsewhereBy?: Actor;
  /** How the customer was paid, in staff's words. */
  paidElsewhereNote?: string;
  /** When it is due for work; set while it is open. A worker claims the refund by moving this on. */
  dueAt?: Date;
  /** When it was last sent; set just before the call, so that a crash in between is not followed by a second refund. */
  sentAt?: Date;
  attempts: number;
  lastError?: string;
  /** When it became processed or failed. */
  endedAt?: Date;
  /** Since when Paystack refuses it because the shop's balance is too low; unset once Paystack has accepted it. */
  balanceLowSince?: Date;
  /** Requested by somebody whose role has a refund limit; see models/refund/refund-limit. */
  countsToLimit?: boolean;
  /** Of a second copy at Paystack: the refund of ours whose note it carries. */
  copyOf?: string;
}

/** `reserved` units are counted in the variant's `reserved`; `committed` ones left the stock at settlement. */
export const RESERVATION_STATES = ['none', 'reserved', 'committed', 'released'] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];

/** The order's place in the settlement queue; all unset but `attempts` once it is settled. */
export interface SettlementState {
  /** Paystack's time of payment. It orders the queue, is never moved and never compared with a clock. */
  queuedAt?: Date;
  /** End of the back-off after a failure that is the order's own. */
  retryAt?: Date;
  attempts: number;
  lastError?: string;
  /** Set, with `queuedAt` and `retryAt` unset, after eight failures: staff must act. */
  parkedAt?: Date;
}

/** A work loop failed on this order, and only on it. */
export interface StuckState {
  /** Failures in a row. */
  attempts: number;
  lastError: string;
  /** End of the back-off; unset once parked. */
  retryAt?: Date;
  /** Set after eight failures: staff must act. */
  parkedAt?: Date;
}

/** The way of delivery that was chosen; its fee is the order's `shippingFee`. */
export interface Delivery {
  methodId: string;
  label: string;
}

/** Units of an order that leave together. */
export interface Shipment {
  /** The id of the key that it was created with. */
  shipmentId: string;
  kind: ShipmentKind;
  /** Each line once. */
  lines: ShipmentLine[];
  /** Absent: the shop's own rider. */
  carrier?: string;
  trackingNumber?: string;
  /** From the carrier's template in the settings, when the number was entered. */
  trackingUrl?: string;
  shippedAt: Date;
  by: Actor;
  deliveredAt?: Date;
  /** Once set, its units are to be shipped again, and nothing of it changes any more. */
  voidedAt?: Date;
  /** Staff's words on why it was voided or its delivery undone; `seq` is that of the history entry. */
  reasons?: ShipmentReason[];
}

export interface ShipmentReason {
  seq: number;
  text: string;
}

export interface Contact {
  email: string;
  name: string;
}

/** The values that a correction of staff's replaced. The list can be emptied, because they are personal data. */
export interface Correction {
  at: Date;
  by: Actor;
  /** The values before it, of the fields that it changed; an address is whole. */
  was: { email?: string; name?: string; phone?: string; address?: Address };
}

/** Staff's own words about an order; no customer sees them. */
export interface OrderNote {
  /** Its id names the note. */
  key: ActionKey;
  at: Date;
  by: Actor;
  text: string;
}

export interface Order {
  _id: Types.ObjectId;
  /** See models/order/shape. */
  shape: number;
  /** Shown to people; random, unguessable. */
  code: string;
  userId: Types.ObjectId;
  contactSnapshot: Contact;
  /** Absent until corrected; models/order/contact reads it or the snapshot. */
  contact?: Contact;
  status: OrderStatus;
  /** Rises by one with every update; each update is a compare-and-set on it. */
  version: number;
  items: OrderItem[];
  shippingAddressSnapshot: Address;
  /** Absent until corrected; models/order/contact reads it or the snapshot. */
  deliverTo?: Address;
  corrections?: Correction[];
  notes?: OrderNote[];
  tags?: string[];
  currency: Currency;
  subtotal: number;
  shippingFee: number;
  total: number;
  delivery: Delivery;
  /** Over items, currency, delivery and totals, which never change (models/order/snapshot/order-hashes). */
  moneyHash: mongo.Binary;
  /** Over the contact and the address of the checkout, not over their corrections. */
  personHash: mongo.Binary;
  /** The client's name for this checkout; unique per user. */
  checkoutKey: string;
  /** Over the whole input but the expected total and currency: distinguishes a repeat from another request under the same key. */
  checkoutInputHash: mongo.Binary;
  /** The current reference. */
  txRef: string;
  payments: PaymentAttempt[];
  refunds: Refund[];
  disputes: Dispute[];
  /** The reference whose charge pays this order. */
  paidReference?: string;
  paymentStatus: PaymentStatus;
  reservation: ReservationState;
  /** Set once the units of an order that ended have gone back into stock. */
  restocked?: boolean;
  createdAt: Date;
  expiresAt: Date;
  cancelReason?: CancelReason;
  /** In the order of their creation, voided ones included; absent while there are none. */
  shipments?: Shipment[];
  history: HistoryEntry[];
  settlement: SettlementState;
  /** Absent while every loop succeeds on this order. */
  stuck?: { [Loop in StuckLoop]?: StuckState };
  /** The last 20 failures of jobs on this order, oldest first; for the timeline alone. */
  failures?: JobFailure[];
  /** When the open attempts are next verified at Paystack, at the latest when the order expires; unset once settled. */
  verifyDueAt?: Date;
  /** The next step of the verify schedule, from 0. */
  verifyStep: number;
  /** When the first of the open refunds is due; derived, unset when none is open. */
  refundDueAt?: Date;
  /** When the first open dispute, or a charge that Paystack calls reversed, is next read at Paystack; derived. */
  disputeDueAt?: Date;
  /** The first deadline of an open dispute that awaits our answer; derived. */
  disputeAnswerBy?: Date;
  /** Since when more of a charge has gone back than was captured; derived. */
  excessSince?: Date;
  /** When the oldest open review was opened; derived. */
  reviewSince?: Date;
  /** When the oldest refund was requested that failed or needs attention; derived. */
  refundAttentionSince?: Date;
  /** Since when the first loop has parked work of this order; derived. */
  stuckSince?: Date;
}

/** The fields that a change may set; paymentStatus and the fields from refundDueAt on are derived. */
export type MutableOrderField =
  | 'status'
  | 'txRef'
  | 'payments'
  | 'refunds'
  | 'disputes'
  | 'paidReference'
  | 'reservation'
  | 'restocked'
  | 'cancelReason'
  | 'shipments'
  | 'settlement'
  | 'verifyDueAt'
  | 'verifyStep'
  | 'contact'
  | 'deliverTo'
  | 'corrections'
  | 'notes'
  | 'tags'
  | 'stuck';
