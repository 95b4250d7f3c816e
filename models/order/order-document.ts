/**
 * The Order aggregate's shape: one document, because a payment, its refunds and the status must change together.
 * Items, prices, addresses and totals are written once at checkout and guarded by `snapshotHash`; everything else is
 * changed only by models/order/change-order's guarded update. Read by all of models; made in models/checkout/place-order; stored by models/order/order-schema.
 */
import mongoose, { type Types } from 'mongoose';
import type { JobFailure } from '../job-failures.ts';
import type { Currency } from '../money.ts';
import type { AttemptStatus, OrderStatus, PaymentStatus, RefundState } from './status.ts';

/** What the product was called when it was bought. */
export interface ProductSnapshot {
  productId: Types.ObjectId;
  slug: string;
  title: string;
}

/** What the variant was when it was bought. `unitPrice` on the line is its price then. */
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

export interface Address {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  state: string;
  postalCode?: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  phone: string;
}

/** Captured money that does not agree, or that was taken back: a person decides. */
export interface Review {
  reason: string;
  openedAt: Date;
  resolvedAt?: Date;
  resolution?: 'accepted' | 'refunded';
}

/** One reference at Paystack. Amounts in subunits of `currency`, as Paystack reported them. */
export interface PaymentAttempt {
  reference: string;
  status: AttemptStatus;
  createdAt: Date;
  /** Somebody is calling initialize until then; unset once the outcome is stored. */
  initializeUntil?: Date;
  authorizationUrl?: string;
  /** Set with `succeeded`, from the evidence that made it so. */
  gatewayId?: string;
  domain?: string;
  amount?: number;
  requestedAmount?: number | null;
  currency?: string;
  paidAt?: Date;
  channel?: string | null;
  gatewayResponse?: string | null;
  review?: Review;
}

/** One refund of one charge. `amount` is in subunits of what that charge was captured in (currencyOfCharge). */
export interface Refund {
  /** Ours; Paystack sees it as merchant_note `rf:<refundId>`. */
  refundId: string;
  reference: string;
  amount: number;
  reason: string;
  state: RefundState;
  requestedAt: Date;
  /** 'system', the staff member's user id, or 'paystack': made at its dashboard (models/refund/external-refunds). */
  requestedBy: string;
  gatewayRefundId?: string;
  /** Paystack's ids of further refunds that carry our note: the money went back more than once. */
  duplicateIds?: string[];
  /** The staff member who said that the customer has the money by another way. */
  paidElsewhereBy?: string;
  /** When it wants work; set while it is open. A worker claims it by moving this on. */
  dueAt?: Date;
  /** When it was last sent; set just before the call, so that a twin can be looked for after a crash. */
  sentAt?: Date;
  attempts: number;
  lastError?: string;
  /** When it reached processed or failed. */
  endedAt?: Date;
  /** Staff's choice whether the units go back into stock if this refund completes what is owed; missing: as the order stands then. */
  restock?: boolean;
  /** The refund that stands in place of this failed one. */
  replacedBy?: string;
}

export interface Dispute {
  disputeId: string;
  reference: string;
  state: 'open' | 'won' | 'lost';
  dueAt: Date | null;
}

/** Where the order's units are: `reserved` ones are counted in the variant's `reserved`; `committed` ones left the stock at settlement. */
export const RESERVATION_STATES = ['none', 'reserved', 'committed', 'released'] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];

export interface HistoryEntry {
  /** The order's version after this change; strictly rising, may skip numbers. */
  seq: number;
  at: Date;
  /** 'system', 'customer', or a staff member's user id. */
  actor: string;
  from: { status: OrderStatus; paymentStatus: PaymentStatus } | null;
  to: { status: OrderStatus; paymentStatus: PaymentStatus };
  reason: string;
}

/** The order's place in the settlement queue; all unset but `attempts` once it is settled. */
export interface SettlementState {
  /** Paystack's time of payment. Orders the queue; compared with no clock and never moved. */
  queuedAt?: Date;
  /** Set after a deterministic failure alone. */
  retryAt?: Date;
  attempts: number;
  lastError?: string;
  /** Eight failures: a person must look. `dueAt` and `retryAt` are unset then. */
  parkedAt?: Date;
}

export interface Shipment {
  carrier: string;
  trackingNumber: string;
  shippedAt: Date;
  deliveredAt?: Date;
}

export const CANCEL_REASONS = ['short_stock', 'expired', 'by_customer', 'by_staff'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

export interface Order {
  _id: Types.ObjectId;
  /** Shown to people; random, unguessable. */
  code: string;
  userId: Types.ObjectId;
  contactSnapshot: { email: string; name: string };
  status: OrderStatus;
  /** Rises by one with every update; the guard of every update. */
  version: number;
  items: OrderItem[];
  shippingAddressSnapshot: Address;
  currency: Currency;
  subtotal: number;
  shippingFee: number;
  total: number;
  /** SHA-256 over everything that must never change (models/order/snapshot-hash). */
  snapshotHash: string;
  /** The client's name for this checkout; unique per user. */
  checkoutKey: string;
  /** SHA-256 over the request's own input, to tell a repeat from another request under the same key. */
  checkoutInputHash: string;
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
  shipment?: Shipment;
  history: HistoryEntry[];
  settlement: SettlementState;
  /** Failures of jobs on this order, the last 20, oldest first; missing when none ever failed. For the timeline alone. */
  failures?: JobFailure[];
  /** When Paystack is to be asked about the open attempts, at the latest when the order expires; unset once settled. */
  verifyDueAt?: Date;
  /** Which rung of the verify ladder comes next, from 0. */
  verifyStep: number;
  /** When the first of the open refunds wants work; derived, unset when none is open. */
  refundDueAt?: Date;
  /** Since when money on this order awaits a person; derived from the attempts' reviews. */
  reviewSince?: Date;
  /** Since when a refund that failed or needs attention awaits a person; derived. */
  refundAttentionSince?: Date;
}

/** The only fields that a change may name; the fields after refundDueAt and paymentStatus are derived (models/order/payment-status). */
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
  | 'shipment'
  | 'settlement'
  | 'verifyDueAt'
  | 'verifyStep';

export const { ObjectId: newObjectId } = mongoose.Types;
