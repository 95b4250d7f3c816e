import { Schema } from 'mongoose';
import { actionKeySchema } from '../action-key.ts';
import { addressSchema } from '../address/address-schema.ts';
import { MAX_LINE_QUANTITY } from '../contract/limits.ts';
import { isSubunitAmount } from '../contract/money.ts';
import {
  ATTEMPT_STATUSES,
  CANCEL_REASONS,
  DISPUTE_RESOLUTIONS,
  DISPUTE_STATES,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  REFUND_CAUSES,
  REFUND_STATES,
  REVIEW_CAUSES,
  SHIPMENT_KINDS,
} from '../contract/statuses.ts';
import type { DisputeAnswer, DisputeEvidence } from '../dispute/answer/answer-document.ts';
import { jobFailureSchema } from '../job-failures.ts';
import { HISTORY_TYPES, type HistoryEntry, type OrderStatuses } from './history.ts';
import {
  type AttemptClaim,
  type Contact,
  type Correction,
  type Delivery,
  type Dispute,
  type Order,
  type OrderItem,
  type OrderNote,
  type PaymentAttempt,
  type ProductSnapshot,
  RESERVATION_STATES,
  type Refund,
  type RefundLine,
  type Reversal,
  type Review,
  type SettlementState,
  type Shipment,
  type ShipmentLine,
  type ShipmentReason,
  type StuckState,
  type VariantSnapshot,
} from './order-document.ts';

const { ObjectId } = Schema.Types;
const amount = {
  type: Number,
  required: true,
  validate: { validator: isSubunitAmount, message: 'not an amount in subunits' },
};
const text = { type: String, required: true };
const instant = { type: Date, required: true };
const hash = { type: Buffer, required: true };
const count = { type: Number, required: true, min: 0, validate: Number.isSafeInteger };
const part = <T>(definition: ConstructorParameters<typeof Schema<T>>[0]) =>
  new Schema<T>(definition, { _id: false, strict: 'throw' });

const itemSchema = part<OrderItem>({
  variantId: { type: ObjectId, required: true },
  quantity: { ...count, min: 1, max: MAX_LINE_QUANTITY },
  unitPrice: amount,
  lineTotal: amount,
  productSnapshot: part<ProductSnapshot>({
    productId: { type: ObjectId, required: true },
    slug: text,
    title: text,
    pictureId: String,
  }),
  variantSnapshot: part<VariantSnapshot>({ sku: text, title: text }),
});

const contactSchema = part<Contact>({ email: text, name: text });

const correctionSchema = part<Correction>({
  at: instant,
  by: text,
  was: part<Correction['was']>({ email: String, name: String, phone: String, address: addressSchema }),
});

const noteSchema = part<OrderNote>({
  key: { type: actionKeySchema, required: true },
  at: instant,
  by: text,
  text,
});

const paymentSchema = part<PaymentAttempt>({
  reference: text,
  status: { ...text, enum: ATTEMPT_STATUSES },
  createdAt: instant,
  claim: part<AttemptClaim>({ by: text, until: instant }),
  authorizationUrl: String,
  accessCode: String,
  failedAt: Date,
  gatewayId: String,
  domain: String,
  amount: Number,
  requestedAmount: Number,
  currency: String,
  paidAt: Date,
  channel: String,
  gatewayResponse: String,
  fees: Number,
  review: part<Review>({
    cause: { ...text, enum: REVIEW_CAUSES },
    openedAt: instant,
    resolvedAt: Date,
    resolution: String,
  }),
  reversal: part<Reversal>({ askAt: instant, unexplainedAt: Date }),
});

const refundLineSchema = part<RefundLine>({
  lineId: { ...count, min: 1 },
  unshipped: count,
  shipped: count,
  restock: count,
});

const refundSchema = part<Refund>({
  refundId: text,
  reference: text,
  amount,
  cause: { ...text, enum: REFUND_CAUSES },
  note: String,
  lines: { type: [refundLineSchema], default: undefined },
  delivery: Boolean,
  replaces: String,
  restockRest: Boolean,
  state: { ...text, enum: REFUND_STATES },
  requestedAt: instant,
  requestedBy: text,
  gatewayRefundId: String,
  // Without a default, because mongoose would store an empty list in every refund.
  duplicateIds: { type: [String], default: undefined },
  paidElsewhereBy: String,
  paidElsewhereNote: String,
  dueAt: Date,
  sentAt: Date,
  attempts: count,
  lastError: String,
  endedAt: Date,
  balanceLowSince: Date,
  countsToLimit: Boolean,
  copyOf: String,
});

const evidenceSchema = part<DisputeEvidence>({
  customerEmail: text,
  customerName: text,
  customerPhone: text,
  serviceDetails: text,
  deliveryAddress: String,
  deliveryDate: String,
});

const answerSchema = part<DisputeAnswer>({
  resolution: { ...text, enum: DISPUTE_RESOLUTIONS },
  message: text,
  refundAmount: Number,
  evidence: evidenceSchema,
  fileId: String,
  key: text,
  by: text,
  at: instant,
  dueAt: Date,
  startedAt: Date,
  evidenceSentAt: Date,
  withoutEvidence: Boolean,
  fileName: String,
  resolvingAt: Date,
  sentAt: Date,
  lastError: String,
  refusedAt: Date,
});

const disputeSchema = part<Dispute>({
  disputeId: text,
  reference: text,
  state: { ...text, enum: DISPUTE_STATES },
  amount: Number,
  category: String,
  openedAt: instant,
  answerBy: Date,
  answerByAssumed: Boolean,
  bankDeciding: Boolean,
  answer: answerSchema,
  alertedHours: Number,
  deadlineNo: Number,
  endedAt: Date,
  dueAt: Date,
  gatewayUpdatedAt: Date,
});

const shipmentSchema = part<Shipment>({
  shipmentId: text,
  kind: { ...text, enum: SHIPMENT_KINDS },
  lines: [part<ShipmentLine>({ lineId: { ...count, min: 1 }, quantity: { ...count, min: 1, max: MAX_LINE_QUANTITY } })],
  carrier: String,
  trackingNumber: String,
  trackingUrl: String,
  shippedAt: instant,
  by: text,
  deliveredAt: Date,
  voidedAt: Date,
  reasons: { type: [part<ShipmentReason>({ seq: count, text })], default: undefined },
});

const statuses = part<OrderStatuses>({
  status: { ...text, enum: ORDER_STATUSES },
  paymentStatus: { ...text, enum: PAYMENT_STATUSES },
});

/** `data` is a union by `type`, which mongoose cannot describe. */
const historySchema = part<HistoryEntry>({
  seq: count,
  at: instant,
  actor: text,
  type: { ...text, enum: HISTORY_TYPES },
  data: Schema.Types.Mixed,
  key: actionKeySchema,
  from: statuses,
  to: statuses,
});

const settlementSchema = part<SettlementState>({
  queuedAt: Date,
  retryAt: Date,
  attempts: count,
  lastError: String,
  parkedAt: Date,
});

const stuckState = part<StuckState>({ attempts: count, lastError: text, retryAt: Date, parkedAt: Date });

export const orderSchema = new Schema<Order>(
  {
    shape: count,
    code: text,
    userId: { type: ObjectId, required: true },
    contactSnapshot: contactSchema,
    contact: contactSchema,
    status: { ...text, enum: ORDER_STATUSES },
    version: count,
    items: [itemSchema],
    shippingAddressSnapshot: addressSchema,
    deliverTo: addressSchema,
    corrections: { type: [correctionSchema], default: undefined },
    notes: { type: [noteSchema], default: undefined },
    tags: { type: [String], default: undefined },
    currency: text,
    subtotal: amount,
    shippingFee: amount,
    total: amount,
    delivery: part<Delivery>({ methodId: text, label: text }),
    moneyHash: hash,
    personHash: hash,
    checkoutKey: text,
    checkoutInputHash: hash,
    txRef: text,
    payments: [paymentSchema],
    refunds: [refundSchema],
    disputes: [disputeSchema],
    paidReference: String,
    paymentStatus: { ...text, enum: PAYMENT_STATUSES },
    reservation: { ...text, enum: RESERVATION_STATES },
    restocked: Boolean,
    createdAt: instant,
    expiresAt: instant,
    cancelReason: { type: String, enum: CANCEL_REASONS },
    shipments: { type: [shipmentSchema], default: undefined },
    history: [historySchema],
    settlement: settlementSchema,
    stuck: part<NonNullable<Order['stuck']>>({
      refunds: stuckState,
      verifies: stuckState,
      webhooks: stuckState,
      returns: stuckState,
    }),
    failures: { type: [jobFailureSchema], default: undefined },
    verifyDueAt: Date,
    verifyStep: count,
    refundDueAt: Date,
    disputeDueAt: Date,
    excessSince: Date,
    reviewSince: Date,
    disputeAnswerBy: Date,
    refundAttentionSince: Date,
    stuckSince: Date,
  },
  { collection: 'orders', versionKey: false, strict: 'throw', strictQuery: 'throw', minimize: false },
);

orderSchema.index({ userId: 1, checkoutKey: 1 }, { unique: true });
// Prevents two orders from sharing a reference; within one order the version does. It makes codes unique as well: every
// order is placed with the reference `ord-<code>-1`, by which a code is also found.
orderSchema.index(
  { 'payments.reference': 1 },
  { unique: true, partialFilterExpression: { 'payments.reference': { $exists: true } } },
);
/** A customer's orders, newest first: of one status, or of each status, merged. */
export const OWNER_INDEX = 'owner';
orderSchema.index({ userId: 1, status: 1, _id: -1 }, { name: OWNER_INDEX });
orderSchema.index({ status: 1, _id: -1 });
/**
 * Both queues of pending orders, by `settlement.queuedAt` and, without it, by `verifyDueAt`. A query needs the condition
 * `status: 'pending'`. Indexes are few, because each one, changed or not, makes a transaction's update some 10 % slower
 * (measured on MongoDB 6.0).
 */
orderSchema.index(
  { 'settlement.queuedAt': 1, verifyDueAt: 1, _id: 1 },
  { name: 'queues', partialFilterExpression: { status: 'pending' } },
);
/** One small index for all that is rare: due refunds by time, and everything else by a scan of the whole index. */
export const ATTENTION_INDEX = 'attention';
orderSchema.index(
  {
    refundDueAt: 1,
    disputeDueAt: 1,
    disputeAnswerBy: 1,
    'settlement.parkedAt': 1,
    reviewSince: 1,
    refundAttentionSince: 1,
    stuckSince: 1,
  },
  { name: ATTENTION_INDEX, sparse: true },
);
