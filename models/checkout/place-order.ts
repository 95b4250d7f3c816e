/**
 * placeOrder: cart → order, in one transaction, once per checkoutKey. The order keeps everything it was sold on as
 * immutable snapshots. How it is paid is models/checkout/payment-attempt.
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
import { type CatalogueItems, composeOrder, type PlaceOrderInput, type SoldProduct } from './compose-order.ts';
import { findByCheckoutKey } from './find-by-checkout-key.ts';
import { reserveStock } from './reserve-stock.ts';

/** Checkouts of one shopper meet at the cart: losers wait a random part of this and look again, for so long in all, in ms. */
const CROWD_PAUSE_MS = 50;
/** At some 10 ms each, more than these are not served in that time. */
const MAX_QUEUED_RESERVATIONS = 400;

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
  const giveUpAt = startedAt + DEADLINES.checkoutRetries;
  // The first time the order is just made: where it stands already, that fails and nothing is changed. Who would have to
  // stand in line for that looks before.
  let looksFirst = input.reservationMinutes > 0;
  for (;;) {
    const standing = looksFirst ? await findByCheckoutKey(db, input) : null;
    if (standing) return existingOrder(standing, input);
    looksFirst = true;
    try {
      const attempt = () => inTransaction(db, (session) => insertOrder(db, input, session), { attempts: 1 });
      const queued = () => stockReservationQueue.run(attempt, startedAt + DEADLINES.reservationQueue);
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
