/**
 * placeOrder: cart → order, in one transaction, once per checkoutKey. The order keeps everything it was sold on as
 * immutable snapshots. How it is paid is models/checkout/payment-attempt.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Types } from 'mongoose';
import { Bulkhead } from '../bulkhead.ts';
import type { Cart } from '../cart/cart-document.ts';
import type { Product } from '../catalogue/product.ts';
import { quantitiesByVariant } from '../catalogue/quantities-by-variant.ts';
import type { Variant } from '../catalogue/variant.ts';
import type { Shortage } from '../contract/errors.ts';
import { MAX_UNPAID_ORDERS, MAXIMUM_TOTAL, MINIMUM_CHARGE } from '../contract/limits.ts';
import { type Currency, formatMoney } from '../contract/money.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { CommitOutcomeUnknownError, isDuplicateKey, isTransient } from '../db/mongo-errors.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError, invalidInput } from '../errors.ts';
import { multiply, sum } from '../money.ts';
import { type Address, newObjectId, type Order, type OrderItem } from '../order/order-document.ts';
import { hashOf, snapshotHash } from '../order/snapshot-hash.ts';
import { verifyDueAt } from '../payment/verify-schedule.ts';
import { claimUntil } from './attempt-claim.ts';

/** Without holds an order waits this long for its money. */
const EXPIRY_WITHOUT_HOLD_MS = 24 * 3600_000;
/** Checkouts of one shopper meet at the cart: losers wait a random part of this and look again, for so long in all, in ms. */
const CROWD_PAUSE_MS = 50;
const CROWD_PATIENCE_MS = 3_000;
/** The caller is answered after 5 s, whatever comes of it: whose turn to hold stock comes after this holds none. */
const QUEUE_TIMEOUT_MS = 4_000;
/** At some 10 ms each, more than these are not served in that time. */
const MAX_QUEUED_RESERVATIONS = 400;

export interface PlaceOrderInput {
  userId: Types.ObjectId;
  contact: { email: string; name: string };
  shippingAddress: Address;
  /** Names this checkout; a repeat finds the same order. */
  checkoutKey: string;
  /** Subunits; what the shopper was shown. */
  expectedTotal?: number;
  /** Subunits of the cart's currency. */
  shippingFee: number;
  /** 0: no hold. */
  reservationMinutes: number;
  /** The new order's code, should one be made. */
  code: string;
  now: Date;
}

/**
 * Checkouts that hold stock write the variant, so a flash sale's hundreds would only make each other start over. One at a
 * time in a process (some 10 ms each): tried with 200 shoppers and 50 units, one at a time sells out in 6 s, four at a
 * time in 75 s, and without a line not within 90 s.
 */
const stockReservationQueue = new Bulkhead(1, MAX_QUEUED_RESERVATIONS);

/**
 * The order of this checkoutKey: the one that stands, or a new one from the cart, whose first attempt is then the
 * caller's to bring to Paystack (models/checkout/attempt-claim). May be repeated and raced: one order comes of it. Throws CHECKOUT_KEY_REUSED (the same key with other input), CART_EMPTY, INSUFFICIENT_STOCK,
 * PRICE_CHANGED, TOO_MANY_UNPAID_ORDERS, INVALID_INPUT (a total outside what can be charged), OVERLOADED (too many wait
 * to hold stock).
 */
export async function placeOrder(db: Database, input: PlaceOrderInput): Promise<{ order: Order; created: boolean }> {
  const startedAt = performance.now();
  const giveUpAt = startedAt + CROWD_PATIENCE_MS;
  // The first time the order is just made: where it stands already, that fails and nothing is changed. Who would have to
  // stand in line for that looks before.
  let looksFirst = input.reservationMinutes > 0;
  for (;;) {
    const standing = looksFirst ? await findByCheckoutKey(db, input) : null;
    if (standing) return existingOrder(standing, input);
    looksFirst = true;
    try {
      const attempt = () => inTransaction(db, (session) => insertOrder(db, input, session), { attempts: 1 });
      const queued = () => stockReservationQueue.run(attempt, startedAt + QUEUE_TIMEOUT_MS);
      return { order: await (input.reservationMinutes > 0 ? queued() : attempt()), created: true };
    } catch (error) {
      // Another checkout of this shopper was first; if it was a twin, the next look finds its order.
      if (isTransient(error) && performance.now() < giveUpAt) {
        await delay(Math.random() * CROWD_PAUSE_MS);
        continue;
      }
      // The transaction is over; a twin with the same key may have been first, or our own commit's reply was lost. Reading tells.
      const mayStand = isDuplicateKey(error) || error instanceof AppError || error instanceof CommitOutcomeUnknownError;
      const winner = mayStand ? await findByCheckoutKey(db, input) : null;
      if (!winner) throw error;
      return existingOrder(winner, input);
    }
  }
}

/** Under our own code it is the order that we made ourselves, by a commit whose reply was lost. */
function existingOrder(order: Order, { code }: PlaceOrderInput): { order: Order; created: boolean } {
  return { order, created: order.code === code };
}

async function findByCheckoutKey(db: Database, input: PlaceOrderInput): Promise<Order | null> {
  const { userId, checkoutKey } = input;
  const order = await driverCollection(db.orders).findOne({ userId, checkoutKey });
  if (!order) return null;
  // expectedTotal needs no storing: an order was only made if it equalled the total.
  const sameTotal = input.expectedTotal === undefined || input.expectedTotal === order.total;
  if (order.checkoutInputHash !== hashOf(input.shippingAddress) || !sameTotal) {
    throw new AppError(
      'CHECKOUT_KEY_REUSED',
      'This checkoutKey belongs to an order with another address or total; use a new key for a new checkout.',
    );
  }
  return order;
}

async function insertOrder(db: Database, input: PlaceOrderInput, session: ClientSession): Promise<Order> {
  // Written first: checkouts of one shopper conflict here and run one after the other. Strictly later than before, because
  // setting a field to what it is writes nothing, and two checkouts of one millisecond would pass by each other.
  const lastCheckoutAt = { $max: [input.now, { $add: ['$lastCheckoutAt', 1] }] };
  const cart = await driverCollection(db.carts).findOneAndUpdate(
    { _id: input.userId },
    [{ $set: { lastCheckoutAt } }],
    { session, returnDocument: 'after' },
  );
  if (!cart || cart.items.length === 0)
    throw new AppError('CART_EMPTY', 'The cart is empty; add something before checking out.');
  await assertFewUnpaid(db, input.userId, session);
  const goods = await readCatalogueItems(db, cart, session);
  const order = composeOrder(input, cart, goods);
  if (order.reservation === 'reserved') await reserveStock(db, order, session);
  // By the driver: composed and typed here a moment ago, and guarded by the server.
  await driverCollection(db.orders).insertOne(order, { session });
  return order;
}

async function assertFewUnpaid(db: Database, userId: Types.ObjectId, session: ClientSession): Promise<void> {
  const unpaid = await driverCollection(db.orders)
    .find(
      { userId, status: 'pending', paymentStatus: 'unpaid' },
      { projection: { code: 1 }, sort: { _id: 1 }, limit: MAX_UNPAID_ORDERS, session },
    )
    .toArray();
  if (unpaid.length < MAX_UNPAID_ORDERS) return;
  throw new AppError(
    'TOO_MANY_UNPAID_ORDERS',
    `${unpaid.length} orders wait for payment; pay or cancel one of them first.`,
    {
      details: { orders: unpaid.map(({ _id, code }) => ({ id: String(_id), code })) },
    },
  );
}

type SoldProduct = Pick<Product, '_id' | 'slug' | 'title' | 'archivedAt'>;

interface CatalogueItems {
  variants: Map<string, Variant>;
  products: Map<string, SoldProduct>;
}

const PRODUCT_PROJECTION = [{ $project: { slug: 1, title: 1, archivedAt: 1 } }];

async function readCatalogueItems(db: Database, cart: Cart, session: ClientSession): Promise<CatalogueItems> {
  const variants = await driverCollection(db.variants)
    .aggregate<Variant & { product: SoldProduct[] }>(
      [
        { $match: { _id: { $in: cart.items.map(({ variantId }) => variantId) } } },
        {
          $lookup: {
            from: 'products',
            localField: 'productId',
            foreignField: '_id',
            pipeline: PRODUCT_PROJECTION,
            as: 'product',
          },
        },
      ],
      { session },
    )
    .toArray();
  return {
    variants: new Map(variants.map((variant) => [String(variant._id), variant])),
    products: new Map(variants.flatMap(({ product }) => product.map((one) => [String(one._id), one] as const))),
  };
}

/** The order as it would stand, or the reason why it cannot. Pure. */
export function composeOrder(input: PlaceOrderInput, cart: Pick<Cart, 'items'>, goods: CatalogueItems): Order {
  assertInStock(cart, goods);
  const items = cart.items.map(({ variantId, quantity }) => toItem(variantId, quantity, goods));
  const currency = singleCurrency(goods);
  const subtotal = sum(items.map(({ lineTotal }) => lineTotal));
  const total = sum([subtotal, input.shippingFee]);
  assertTotal(input, total, currency);
  const { now, reservationMinutes, code } = input;
  const expiresAt = new Date(
    now.getTime() + (reservationMinutes > 0 ? reservationMinutes * 60_000 : EXPIRY_WITHOUT_HOLD_MS),
  );
  const firstVerify = verifyDueAt(now, 0);
  const reference = referenceOf(code, 1);
  const frozen = {
    items,
    contactSnapshot: input.contact,
    shippingAddressSnapshot: input.shippingAddress,
    currency,
    subtotal,
    shippingFee: input.shippingFee,
    total,
  };
  return {
    _id: new newObjectId(),
    code,
    userId: input.userId,
    ...frozen,
    snapshotHash: snapshotHash(frozen),
    status: 'pending',
    version: 1,
    checkoutKey: input.checkoutKey,
    checkoutInputHash: hashOf(input.shippingAddress),
    txRef: reference,
    payments: [{ reference, status: 'created', createdAt: now, initializeUntil: claimUntil(now) }],
    refunds: [],
    disputes: [],
    paymentStatus: 'unpaid',
    reservation: reservationMinutes > 0 ? 'reserved' : 'none',
    createdAt: now,
    expiresAt,
    history: [
      {
        seq: 1,
        at: now,
        actor: 'customer',
        from: null,
        to: { status: 'pending', paymentStatus: 'unpaid' },
        reason: 'order placed',
      },
    ],
    settlement: { attempts: 0 },
    verifyDueAt: firstVerify < expiresAt ? firstVerify : expiresAt,
    verifyStep: 0,
  };
}

/** `ord-<code>-<n>`, n from 1: within Paystack's alphabet, and recognisably ours on a shared account. */
export function referenceOf(code: string, n: number): string {
  return `ord-${code}-${n}`;
}

function isPurchasable(variantId: Types.ObjectId, { variants, products }: CatalogueItems): boolean {
  const variant = variants.get(String(variantId));
  const product = variant && products.get(String(variant.productId));
  return variant !== undefined && product !== undefined && !variant.archivedAt && !product.archivedAt;
}

function assertInStock(cart: Pick<Cart, 'items'>, goods: CatalogueItems): void {
  const shortages: Shortage[] = quantitiesByVariant(cart.items)
    .map(({ variantId, quantity }) => {
      const variant = goods.variants.get(String(variantId));
      const available = isPurchasable(variantId, goods) ? (variant?.stock ?? 0) : 0;
      return { variantId: String(variantId), sku: variant?.sku ?? '', requested: quantity, available };
    })
    .filter(({ requested, available }) => available < requested);
  if (shortages.length === 0) return;
  throw new AppError('INSUFFICIENT_STOCK', 'Some of these items are no longer available in that quantity.', {
    details: { shortages },
  });
}

function toItem(variantId: Types.ObjectId, quantity: number, { variants, products }: CatalogueItems): OrderItem {
  const variant = variants.get(String(variantId));
  const product = variant && products.get(String(variant.productId));
  if (!variant || !product) throw new Error(`Variant ${variantId} passed the stock check and is missing.`);
  return {
    variantId,
    quantity,
    unitPrice: variant.price,
    lineTotal: multiply(variant.price, quantity),
    productSnapshot: { productId: product._id, slug: product.slug, title: product.title },
    variantSnapshot: { sku: variant.sku, title: variant.title },
  };
}

function singleCurrency({ variants }: CatalogueItems): Currency {
  const [currency, ...others] = new Set([...variants.values()].map((variant) => variant.currency));
  if (currency === undefined || others.length > 0)
    throw invalidInput('cart', 'the items are priced in different currencies; keep those of one');
  return currency;
}

function assertTotal(input: PlaceOrderInput, total: number, currency: Currency): void {
  if (input.expectedTotal !== undefined && input.expectedTotal !== total) {
    throw new AppError(
      'PRICE_CHANGED',
      `The total is now ${formatMoney({ amount: total, currency })}; look at the cart and check out again.`,
      {
        details: { expectedTotal: input.expectedTotal, total, currency },
      },
    );
  }
  if (total < MINIMUM_CHARGE[currency] || total > MAXIMUM_TOTAL) {
    const [least, most] = [MINIMUM_CHARGE[currency], MAXIMUM_TOTAL].map((amount) => formatMoney({ amount, currency }));
    throw invalidInput(
      'cart',
      `a total of ${formatMoney({ amount: total, currency })} cannot be charged; it must be from ${least} to ${most}`,
    );
  }
}

/** Conditional, variants in the order of their ids; whoever finds too little takes nothing at all. */
async function reserveStock(db: Database, order: Order, session: ClientSession): Promise<void> {
  const quantities = quantitiesByVariant(order.items).sort((a, b) =>
    String(a.variantId) < String(b.variantId) ? -1 : 1,
  );
  for (const { variantId, quantity } of quantities) {
    const { matchedCount } = await db.variants.updateOne(
      { _id: variantId, stock: { $gte: quantity } },
      { $inc: { stock: -quantity, reserved: quantity } },
      { session },
    );
    if (matchedCount === 1) continue;
    const sku = order.items.find((item) => String(item.variantId) === String(variantId))?.variantSnapshot.sku ?? '';
    const shortages = [{ variantId: String(variantId), sku, requested: quantity, available: 0 }];
    throw new AppError('INSUFFICIENT_STOCK', 'Some of these items are no longer available in that quantity.', {
      details: { shortages },
    });
  }
}
