/**
 * Orders in every state, created by the models without HTTP or jobs. Each call creates its own shopper, so tests share
 * no data.
 */

import { randomBytes } from 'node:crypto';
import { Types } from 'mongoose';
import { toActionKey } from '../../models/action-key.ts';
import { addToCart } from '../../models/cart/change-cart.ts';
import type { CatalogActor } from '../../models/catalogue/catalogue-change.ts';
import { adjustStock, createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import type { Claimant } from '../../models/checkout/attempt-claim.ts';
import { claimPaymentAttempt, storePaymentPage } from '../../models/checkout/payment-attempt.ts';
import { placeOrder } from '../../models/checkout/place-order.ts';
import type { Currency } from '../../models/contract/money.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import type { ShipmentRequest } from '../../models/fulfilment/create-shipment.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import type { ChargeReport } from '../../models/payment/gateway-reports.ts';
import { recordCharge } from '../../models/payment/record-charge.ts';
import { type RefundRequest, requestRefund } from '../../models/refund/request-refund.ts';
import { type DrainResult, settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { testMongoUri, uniqueDatabaseName } from './test-mongo.ts';

/** A migrated database of its own. Close its connection at the end. */
export async function openOwnDatabase(): Promise<Database> {
  const db = await openDatabase(testMongoUri(), { dbName: uniqueDatabaseName() });
  await migrate(db);
  return db;
}

const randomId = () => randomBytes(8).toString('hex');
const randomCode = () => randomBytes(6).toString('hex').toUpperCase();

export const ADDRESS = {
  name: 'Ada Obi',
  line1: '1 Marina',
  city: 'Lagos',
  state: 'Lagos',
  country: 'NG',
  phone: '+2348000000000',
} as const;

/** The address as orders store it. */
export const STORED_ADDRESS = { ...ADDRESS, phoneE164: ADDRESS.phone } as const;

export interface CatalogueOptions {
  /** The number of variants, 1 by default. */
  variants?: number;
  /** The first stock of each, 100 by default. */
  stock?: number;
  /** Subunits; 5,000.00 by default. */
  price?: number;
  currency?: Currency;
  now?: Date;
}

/** Creates one product with variants and records their stock in the ledger. */
export async function makeCatalogue(db: Database, options: CatalogueOptions = {}): Promise<Variant[]> {
  const { variants = 1, stock = 100, price = 500_000, currency = 'NGN', now = new Date() } = options;
  const name = `shirt-${randomId()}`;
  const product = await createProduct(
    db,
    { slug: name, title: 'Shirt', description: 'Cotton', category: 'tops' },
    { actor: 'system', now },
  );
  const made: Variant[] = [];
  for (let n = 1; n <= variants; n += 1) {
    const input = { productId: product._id, sku: `${name}-${n}`, title: `Size ${n}`, price, currency, stock };
    made.push(await createVariant(db, input, { actor: 'system', now }));
  }
  return made;
}

/** Requests a refund as staff do, of money alone unless lines are given. Its id is its key. */
export async function askForRefund(
  db: Database,
  orderId: Types.ObjectId,
  requested: Partial<RefundRequest> & { refundId: string },
): Promise<Order> {
  const request = { lines: [], delivery: false, actor: 'staff:1', now: new Date(), ...requested } as const;
  const { now: _, ...input } = requested;
  const { order } = await requestRefund(db, orderId, request, { key: toActionKey(requested.refundId, input) });
  return order;
}

/** Changes the free stock as staff do, under a key of its own. */
export function changeStock(db: Database, variantId: Types.ObjectId, delta: number, by: CatalogActor) {
  const key = toActionKey(randomId(), delta);
  return adjustStock(db, { variantId, delta, reason: 'counted', key }, by);
}

/** A call of its own, whose clock stands still. */
export const claimantAt = (now: Date): Claimant => ({ by: randomId(), clock: () => now });

export interface OrderOptions {
  /** The lines of the order. Two lines may name the same variant. */
  lines: { variant: Variant; quantity: number }[];
  userId?: Types.ObjectId;
  now?: Date;
  /** 0, the default, reserves no stock. */
  reservationMinutes?: number;
  /** In the currency of the first line. */
  shippingFee?: number;
  email?: string;
  checkoutKey?: string;
}

/** A pending order whose first attempt `claimant` has claimed. */
export async function placeOrderOf(db: Database, options: OrderOptions & { claimant?: Claimant }): Promise<Order> {
  const {
    lines,
    now = new Date(),
    userId = new Types.ObjectId(),
    reservationMinutes = 0,
    shippingFee = 150_000,
  } = options;
  for (const { variant, quantity } of lines) {
    const { _id: variantId, price, currency } = variant;
    await addToCart(db, userId, { variantId, price, currency }, quantity);
  }
  const { order } = await placeOrder(db, {
    userId,
    contact: { email: options.email ?? 'ada@example.com', name: 'Ada Obi' },
    shippingAddress: STORED_ADDRESS,
    checkoutKey: options.checkoutKey ?? randomId(),
    sent: {},
    shippingFees: [{ amount: shippingFee, currency: lines[0]?.variant.currency ?? 'NGN' }],
    reservationMinutes: reservationMinutes,
    code: randomCode(),
    now,
    claimant: options.claimant ?? claimantAt(now),
  });
  return order;
}

/** A pending order with an open payment page. */
export async function makePendingOrder(db: Database, options: OrderOptions): Promise<Order> {
  const now = options.now ?? new Date();
  const order = await placeOrderOf(db, { ...options, now });
  await claimPaymentAttempt(db, order._id, claimantAt(now));
  return storePaymentPage(db, order, order.txRef, pageOf(order.txRef), now);
}

function pageOf(reference: string) {
  return { authorizationUrl: `https://checkout.example/${reference}`, accessCode: reference };
}

/** Paystack's report of the order's charge, by default paid in full at `now`. */
export function reportOf(order: Order, overrides: Partial<ChargeReport> = {}, now = new Date()): ChargeReport {
  return {
    gatewayId: String(4_000_000_000 + Number.parseInt(randomBytes(3).toString('hex'), 16)),
    reference: order.txRef,
    domain: 'test',
    status: 'success',
    amount: order.total,
    requestedAmount: order.total,
    currency: order.currency,
    paidAt: now,
    channel: 'card',
    gatewayResponse: 'Approved',
    fees: null,
    ...overrides,
  };
}

/** Records the charge as if verify had reported it, and returns the new order. */
export async function payOrder(
  db: Database,
  order: Order,
  overrides: Partial<ChargeReport> = {},
  now = new Date(),
): Promise<Order> {
  const report = reportOf(order, overrides, now);
  await recordCharge(db, { report, source: 'verify', domain: 'test', refundId: randomId(), now });
  return getOrder(db, order._id);
}

/** A pending, paid order whose settlement is due. */
export async function makePaidOrder(db: Database, options: OrderOptions): Promise<Order> {
  return payOrder(db, await makePendingOrder(db, options), {}, options.now);
}

/** Settles all due orders, as the job does. */
export async function settleAll(db: Database, now = new Date()): Promise<DrainResult> {
  return settlePaidOrders(db, {
    holder: randomId(),
    now: () => now,
    budgetMs: 20_000,
    waitForLease: true,
    refundIdFor: () => randomId(),
  });
}

/** A confirmed order. Throws if the stock is too low. */
export async function makeConfirmedOrder(db: Database, options: OrderOptions): Promise<Order> {
  const { _id } = await makePaidOrder(db, options);
  await settleAll(db, options.now);
  const order = await getOrder(db, _id);
  if (order.status !== 'confirmed') throw new Error(`Order ${order.code} is ${order.status} instead of confirmed.`);
  return order;
}

/**
 * A confirmed order with a second successful charge, `duplicate`, whose full refund, `refundId`, is requested. Both
 * charges are of the order's total.
 */
export async function makePaidTwice(
  db: Database,
  options: OrderOptions & { refundId: string },
): Promise<{ order: Order; duplicate: string }> {
  const { now = new Date(), refundId } = options;
  const first = await makePendingOrder(db, options);
  await payOrder(db, first, { status: 'failed' }, now);
  const { order: second } = await claimPaymentAttempt(db, first._id, claimantAt(now));
  const duplicate = second.txRef;
  await storePaymentPage(db, second, duplicate, pageOf(duplicate), now);
  await payOrder(db, first, {}, now);
  await settleAll(db, now);
  const report = reportOf(second, {}, now);
  await recordCharge(db, { report, source: 'verify', domain: 'test', refundId, now });
  return { order: await getOrder(db, first._id), duplicate };
}

/** Marks all queued emails as sent, as the job does after the provider has accepted them. */
export async function sendAllEmails(db: Database, now = new Date()): Promise<void> {
  await db.emails.updateMany({ state: 'queued' }, { $set: { state: 'sent', sentAt: now }, $unset: { dueAt: 1 } });
}

/** All that is left of an order in one parcel, by a call that is no repeat. */
export function aShipmentRequest(now: Date, changes: Partial<ShipmentRequest> = {}): ShipmentRequest {
  return {
    key: toActionKey(randomId(), null),
    kind: 'parcel',
    carrier: 'GIG',
    trackingNumber: 'T-1',
    domain: 'test',
    otherDomain: false,
    actor: 'staff:1',
    now,
    ...changes,
  };
}
