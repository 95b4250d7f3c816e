/**
 * Cart → order in one transaction, once per checkoutKey. The order keeps prices, titles and addresses as immutable
 * snapshots. Its payment is in models/checkout/payment-attempt.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Types } from 'mongoose';
import { Bulkhead } from '../bulkhead.ts';
import type { Cart } from '../cart/cart-document.ts';
import type { Variant } from '../catalogue/variant.ts';
import { MAX_UNPAID_ORDERS } from '../contract/limits.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { CommitOutcomeUnknownError, isDuplicateKey, isTransient } from '../db/mongo-errors.ts';
import { inTransaction } from '../db/transaction.ts';
import { DEADLINES } from '../deadlines.ts';
import { AppError } from '../errors.ts';
import type { Order } from '../order/order-document.ts';
import { newClaim } from './attempt-claim.ts';
import { type CatalogueItems, composeOrder, type PlaceOrderInput, type ProductProjection } from './compose-order.ts';
import { findByCheckoutKey } from './find-by-checkout-key.ts';
import { reserveStock } from './reserve-stock.ts';

/** Concurrent checkouts of one shopper conflict at the cart: the losers wait a random part of this and retry, in ms. */
const MAX_RETRY_PAUSE_MS = 50;
/** At some 10 ms each, more could not run before DEADLINES.reservationQueue. */
const MAX_QUEUED_RESERVATIONS = 400;

/**
 * Checkouts with a reservation write the variant, so those of a flash sale would abort each other by write conflicts.
 * One at a time per process, some 10 ms each. Measured: 200 shoppers buy 50 units in 6 s one at a time, in 75 s four at a
 * time. Without a queue it takes over 90 s.
 */
const stockReservationQueue = new Bulkhead(1, MAX_QUEUED_RESERVATIONS);

/**
 * The order of this checkoutKey: an existing one, or a new one from the cart. `claimant` has the claim of a new
 * order's first attempt (models/checkout/attempt-claim). May be repeated and raced: one order is created. Throws
 * - CHECKOUT_KEY_REUSED: the same key with other input
 * - CART_EMPTY, INSUFFICIENT_STOCK, PRICE_CHANGED, TOO_MANY_UNPAID_ORDERS
 * - INVALID_INPUT: mixed currencies, one without a shipping fee, a total that cannot be charged
 * - OVERLOADED: the queue of reservations is full
 */
export async function placeOrder(db: Database, input: PlaceOrderInput): Promise<{ order: Order; created: boolean }> {
  const startedAt = performance.now();
  const giveUpAt = startedAt + DEADLINES.checkoutRetries;
  // Without reservations, insert first and let the unique index on checkoutKey report a repeat. With them the insert is
  // queued, so look for an existing order first.
  let looksFirst = input.reservationMinutes > 0;
  for (;;) {
    const existing = looksFirst ? await findByCheckoutKey(db, input) : null;
    if (existing) return placed(existing, input);
    looksFirst = true;
    try {
      const attempt = () => inTransaction(db, (session) => insertOrder(db, input, session), { attempts: 1 });
      const queued = () => stockReservationQueue.run(attempt, startedAt + DEADLINES.reservationQueue);
      return { order: await (input.reservationMinutes > 0 ? queued() : attempt()), created: true };
    } catch (error) {
      // Another checkout of this shopper committed first; if it had the same key, the next read finds its order.
      if (isTransient(error) && performance.now() < giveUpAt) {
        await delay(Math.random() * MAX_RETRY_PAUSE_MS);
        continue;
      }
      // A call with the same key may have committed first, or the reply to this one's commit was lost: read the order.
      const mayExist = isDuplicateKey(error) || error instanceof AppError || error instanceof CommitOutcomeUnknownError;
      const winner = mayExist ? await findByCheckoutKey(db, input) : null;
      if (!winner) throw error;
      return placed(winner, input);
    }
  }
}

/** An order with this call's code was created by this call, by a commit whose reply was lost. */
function placed(order: Order, { code }: PlaceOrderInput): { order: Order; created: boolean } {
  return { order, created: order.code === code };
}

async function insertOrder(db: Database, input: PlaceOrderInput, session: ClientSession): Promise<Order> {
  // The first write, so that checkouts of one shopper conflict here and run one after the other. Strictly later than before:
  // an equal value would be no write, and two checkouts of one millisecond would not conflict.
  const lastCheckoutAt = { $max: [input.now, { $add: ['$lastCheckoutAt', 1] }] };
  const cart = await driverCollection(db.carts).findOneAndUpdate(
    { _id: input.userId },
    [{ $set: { lastCheckoutAt } }],
    { session, returnDocument: 'after' },
  );
  if (!cart || cart.items.length === 0)
    throw new AppError('CART_EMPTY', 'The cart is empty; add something before checking out.');
  await assertFewUnpaid(db, input.userId, session);
  const catalogue = await readCatalogueItems(db, cart, session);
  const composed = composeOrder(input, cart, catalogue);
  const claim = newClaim(input.claimant);
  const order = { ...composed, payments: composed.payments.map((attempt) => ({ ...attempt, claim })) };
  if (order.reservation === 'reserved') await reserveStock(db, order, session);
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

const PRODUCT_PROJECTION = [{ $project: { slug: 1, title: 1, archivedAt: 1 } }];

async function readCatalogueItems(db: Database, cart: Cart, session: ClientSession): Promise<CatalogueItems> {
  const variants = await driverCollection(db.variants)
    .aggregate<Variant & { product: ProductProjection[] }>(
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
