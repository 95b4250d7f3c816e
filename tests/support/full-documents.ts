/**
 * A document of every collection with every optional field set. A field that is added to a document type and not here
 * fails the type check.
 */
import { type Model, mongo, Types } from 'mongoose';
import type { Database } from '../../models/db/database.ts';
import type { HistoryEntry } from '../../models/order/history.ts';
import type { Address, Order } from '../../models/order/order-document.ts';

/** Every optional field is required and every list has an element, at any depth. */
export type Full<T> = T extends string | number | boolean | Date | Types.ObjectId | mongo.Binary
  ? T
  : T extends readonly (infer Element)[]
    ? [Full<Element>, ...Full<Element>[]]
    : { [K in keyof T]-?: Full<NonNullable<T[K]>> };

export type CollectionName = Exclude<keyof Database, 'connection'>;

type DocumentOf<Name extends CollectionName> = Database[Name] extends Model<infer T> ? T : never;

/** In the future, so that no TTL index deletes a document during the test. */
const at = (minute: number) => new Date(Date.UTC(2099, 2, 1, 10, minute));
const hash = (letter: string) => new mongo.Binary(Buffer.from(letter.repeat(32)));
const id = (digit: string) => new Types.ObjectId(digit.repeat(24));
const REFERENCE = 'ord-FULL00000001-1';
const STUCK = { attempts: 8, lastError: 'TypeError: damaged', retryAt: at(5), parkedAt: at(6) };

const FAILURE = { job: 'processOrderPayment', error: 'the variant is missing', at: at(3), times: 2 } as const;
const CHANGES: Full<{ at: Date; actor: string; what: string }[]> = [{ at: at(1), actor: 'system', what: 'edited' }];
const ENTRY: Full<HistoryEntry> = {
  seq: 2,
  at: at(1),
  actor: 'system',
  from: { status: 'pending', paymentStatus: 'unpaid' },
  to: { status: 'pending', paymentStatus: 'paid' },
  type: 'payment_received',
  data: { reference: REFERENCE },
  key: { id: 'key-0001', input: hash('d') },
};
const ADDRESS: Full<Address> = {
  name: 'Ada Obi',
  line1: '1 Marina',
  line2: 'Flat 2',
  city: 'Lagos',
  state: 'Lagos',
  postalCode: '101001',
  country: 'NG',
  phone: '+2348000000000',
};

const ORDER: Full<Order> = {
  _id: id('a'),
  shape: 1,
  code: 'FULL00000001',
  userId: id('b'),
  contactSnapshot: { email: 'ada@example.com', name: 'Ada Obi' },
  contact: { email: 'ada@new.example', name: 'Ada Obi-Eze' },
  status: 'pending',
  version: 2,
  items: [
    {
      variantId: id('c'),
      quantity: 2,
      unitPrice: 500_000,
      lineTotal: 1_000_000,
      productSnapshot: { productId: id('d'), slug: 'shirt', title: 'Shirt' },
      variantSnapshot: { sku: 'SHIRT-M', title: 'M' },
    },
  ],
  shippingAddressSnapshot: ADDRESS,
  deliverTo: { ...ADDRESS, line1: '2 Marina' },
  corrections: [
    {
      at: at(1),
      by: 'staff:1',
      was: { email: 'ada@example.com', name: 'Ada Obi', phone: '+2348000000000', address: ADDRESS },
    },
  ],
  notes: [{ key: { id: 'note-0001', input: hash('e') }, at: at(2), by: 'staff:1', text: 'calls before noon' }],
  tags: ['gift'],
  currency: 'NGN',
  subtotal: 1_000_000,
  shippingFee: 150_000,
  total: 1_150_000,
  delivery: { methodId: 'standard', label: 'Standard delivery' },
  moneyHash: hash('a'),
  personHash: hash('b'),
  checkoutKey: 'checkout-key-0001',
  checkoutInputHash: hash('c'),
  txRef: REFERENCE,
  payments: [
    {
      reference: REFERENCE,
      status: 'succeeded',
      createdAt: at(0),
      claim: { by: 'call-1', until: at(1) },
      authorizationUrl: 'https://checkout.example/page',
      gatewayId: '1',
      domain: 'test',
      amount: 1_150_000,
      requestedAmount: 1_150_000,
      currency: 'NGN',
      paidAt: at(1),
      channel: 'card',
      failedAt: at(1),
      gatewayResponse: 'Approved',
      review: { cause: 'reversed', openedAt: at(1), resolvedAt: at(2), resolution: 'accepted' },
    },
  ],
  refunds: [
    {
      refundId: 'refund-1',
      reference: REFERENCE,
      amount: 1_000,
      cause: 'staff',
      note: 'damaged',
      lines: [{ lineId: 1, unshipped: 1, shipped: 1, restock: 2 }],
      delivery: true,
      replaces: 'refund-0',
      restockRest: false,
      state: 'processed',
      requestedAt: at(4),
      requestedBy: 'system',
      gatewayRefundId: '2',
      duplicateIds: ['3'],
      paidElsewhereBy: 'staff:1',
      paidElsewhereNote: 'in cash',
      dueAt: at(5),
      sentAt: at(5),
      attempts: 1,
      lastError: 'timeout',
      endedAt: at(6),
      restock: true,
      countsToLimit: true,
      replacedBy: 'refund-2',
    },
  ],
  disputes: [
    {
      disputeId: '4',
      reference: REFERENCE,
      state: 'won',
      amount: 1_000,
      category: 'chargeback',
      openedAt: at(3),
      answerBy: at(9),
      answerByAssumed: true,
      bankDeciding: true,
      endedAt: at(8),
      gatewayUpdatedAt: at(8),
    },
  ],
  paidReference: REFERENCE,
  paymentStatus: 'partially_refunded',
  reservation: 'none',
  restocked: true,
  createdAt: at(0),
  expiresAt: at(59),
  cancelReason: 'by_staff',
  shipment: { carrier: 'GIG', trackingNumber: 'T1', shippedAt: at(7), deliveredAt: at(8) },
  history: [ENTRY],
  settlement: { queuedAt: at(1), retryAt: at(2), attempts: 1, lastError: 'timeout', parkedAt: at(3) },
  stuck: { refunds: STUCK, verifies: STUCK, webhooks: STUCK },
  failures: [FAILURE],
  verifyDueAt: at(9),
  verifyStep: 1,
  refundDueAt: at(5),
  reviewSince: at(1),
  refundAttentionSince: at(4),
  stuckSince: at(6),
};

export const FULL_DOCUMENTS: { readonly [Name in CollectionName]: Full<DocumentOf<Name>> } = {
  users: {
    _id: id('b'),
    email: 'ada@example.com',
    name: 'Ada Obi',
    passwordHash: '$argon2id$',
    subject: 'https://issuer.example|1',
    role: 'customer',
    createdAt: at(0),
    sessionsFrom: at(1),
    endedSessions: [{ id: 'session', until: at(2) }],
  },
  signInLimits: { _id: id('e'), key: 'failure:hash', points: 1, expire: at(9) },
  products: {
    _id: id('d'),
    slug: 'shirt',
    slugs: ['shirt', 'blouse'],
    title: 'Shirt',
    description: 'A shirt',
    category: 'clothes',
    createdAt: at(0),
    archivedAt: at(9),
    changes: CHANGES,
  },
  variants: {
    _id: id('c'),
    productId: id('d'),
    sku: 'SHIRT-M',
    title: 'M',
    price: 500_000,
    currency: 'NGN',
    stock: 5,
    reserved: 1,
    archivedAt: at(9),
    changes: CHANGES,
    lockCount: 1,
  },
  carts: {
    _id: id('b'),
    items: [{ variantId: id('c'), quantity: 2, unitPrice: 500_000 }],
    itemCount: 2,
    subtotal: 1_000_000,
    currency: 'NGN',
    lastCheckoutAt: at(0),
  },
  orders: ORDER,
  orderSearch: { _id: id('a'), t: ['st:pending'], v: 2 },
  stockMovements: {
    _id: `adjust:${id('f')}`,
    reason: 'adjust',
    orderId: id('a'),
    lines: [{ variantId: id('c'), delta: -1 }],
    actor: 'staff',
    at: at(0),
    note: 'broken',
  },
  emails: {
    _id: `${id('a')}:order_confirmed:2`,
    orderId: id('a'),
    kind: 'order_confirmed',
    data: { cause: 'staff', review: 'underpaid', amount: 1_000, refundId: 'refund-1', returned: true },
    state: 'queued',
    createdAt: at(0),
    dueAt: at(1),
    claimedBy: 'claim-1',
    attempts: 1,
    ownFailures: 1,
    lastError: 'timeout',
    failures: [FAILURE],
    sentAt: at(2),
    messageId: 'message-1',
    parkedAt: at(3),
  },
  webhookEvents: {
    _id: 'digest',
    event: 'charge.success',
    kind: 'charge',
    reference: REFERENCE,
    charge: {
      gatewayId: '1',
      reference: REFERENCE,
      domain: 'test',
      status: 'success',
      amount: 1_150_000,
      requestedAmount: 1_150_000,
      currency: 'NGN',
      paidAt: at(1),
      channel: 'card',
      gatewayResponse: 'Approved',
    },
    dispute: { id: '4', status: 'resolved', resolution: 'declined', dueAt: at(9) },
    receivedAt: at(1),
    deliveries: 1,
    dueAt: at(1),
    attempts: 1,
    ownFailures: 1,
    parkedAt: at(3),
    appliedAt: at(2),
    outcome: { code: 'dispute_recorded', state: 'won', charge: 'paid' },
    lastError: 'timeout',
  },
  leases: { _id: 'settlement', holder: 'process-1', until: at(1) },
  checkpoints: { _id: 'reconcile-paystack', completedAt: at(1), position: id('a') },
  schemaVersions: { _id: 'schema', line: '1', version: 1 },
  settings: {
    _id: 'settings',
    shopName: 'Shop',
    contact: { email: 'shop@example.com', phone: '+2348000000000' },
    replyTo: 'help@example.com',
    recipients: ['staff@example.com'],
    carriers: [{ name: 'GIG', trackingUrl: 'https://gig.example/{number}' }],
    limits: { supportRefund: 1_000_000 },
    version: 1,
    changedAt: at(1),
    changedBy: 'staff',
    roleChanges: 2,
  },
  migrations: {
    _id: '2026-11-28-touch-orders',
    startedAt: at(0),
    position: id('a'),
    batches: 2,
    finishedAt: at(1),
  },
};
