/**
 * Cart → order, once per checkoutKey: one insertion, or one transaction where stock is reserved. The order keeps prices,
 * titles and addresses as immutable snapshots. Its payment is in models/checkout/payment-attempt.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Types } from 'mongoose';
import { Bulkhead } from '../bulkhead.ts';
import type { Cart } from '../cart/cart-document.ts';
import { findCart } from '../cart/write-cart.ts';
import { findVariants, readVariants, type VariantsById } from '../catalogue/find-variants.ts';
import { MAX_UNPAID_ORDERS } from '../contract/limits.ts';
import { anyOf, batchLoader } from '../db/batching/batch-loader.ts';
import { failuresOf } from '../db/batching/write-failures.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { isTransient } from '../db/mongo-errors.ts';
import { inTransaction } from '../db/transaction.ts';
import { DEADLINES } from '../deadlines.ts';
import { AppError } from '../errors.ts';
import type { Order } from '../order/order-document.ts';
import { newClaim } from './attempt-claim.ts';
import { composeOrder, type PlaceOrderInput } from './compose-order.ts';
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
 * - INVALID_INPUT: a line without a price in the cart's currency, one without a shipping fee, a total that cannot be charged
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
      const reserved = () => inTransaction(db, (session) => insertReserved(db, input, session), { attempts: 1 });
      const queued = () => stockReservationQueue.run(reserved, startedAt + DEADLINES.reservationQueue);
      return { order: await (input.reservationMinutes > 0 ? queued() : insertUnreserved(db, input)), created: true };
    } catch (error) {
      // Another checkout of this shopper committed first; if it had the same key, the next read finds its order.
      if (isTransient(error) && performance.now() < giveUpAt) {
        await delay(Math.random() * MAX_RETRY_PAUSE_MS);
        continue;
      }
      // A call with the same key may have come first, or the reply to this one's write was lost: read the order.
      const winner = await findByCheckoutKey(db, input);
      if (!winner) throw error;
      return placed(winner, input);
    }
  }
}

/** An order with this call's code was created by this call, by a commit whose reply was lost. */
function placed(order: Order, { code }: PlaceOrderInput): { order: Order; created: boolean } {
  return { order, created: order.code === code };
}

/** Several round trips and one insertion. Nothing of the shopper is locked: see the limit of unpaid orders in assertFewUnpaid. */
async function insertUnreserved(db: Database, input: PlaceOrderInput): Promise<Order> {
  const cart = input.cart ?? (await findCart(db, input.userId));
  const ids = cart.items.map(({ variantId }) => variantId);
  const [variants, unpaid] = await Promise.all([findVariants(db, ids), findUnpaidOrders(db, input.userId)]);
  assertNotEmpty(cart);
  assertFewUnpaid(unpaid);
  const order = toPlacedOrder(input, cart, variants);
  await insertOrder(db, order);
  return order;
}

const insertOrder = batchLoader(async (db: Database, orders: readonly Order[]) => {
  const failures = await failuresOf(() => driverCollection(db.orders).insertMany([...orders], { ordered: false }));
  return orders.map((_, index) => failures.get(index) ?? true);
});

async function insertReserved(db: Database, input: PlaceOrderInput, session: ClientSession): Promise<Order> {
  // The first write, so that checkouts of one shopper conflict here and run one after the other. Strictly later than before:
  // an equal value would be no write, and two checkouts of one millisecond would not conflict.
  const lastCheckoutAt = { $max: [input.now, { $add: ['$lastCheckoutAt', 1] }] };
  const cart = await driverCollection(db.carts).findOneAndUpdate(
    { _id: input.userId },
    [{ $set: { lastCheckoutAt } }],
    { session, returnDocument: 'after' },
  );
  assertNotEmpty(cart);
  assertFewUnpaid(await readUnpaidOrders(db, [input.userId], session));
  const ids = cart.items.map(({ variantId }) => variantId);
  const order = toPlacedOrder(input, cart, await readVariants(db, ids, session));
  await reserveStock(db, order, session);
  await driverCollection(db.orders).insertOne(order, { session });
  return order;
}

function toPlacedOrder(input: PlaceOrderInput, cart: Cart, variants: VariantsById): Order {
  const composed = composeOrder(input, cart, variants);
  const claim = newClaim(input.claimant);
  return { ...composed, payments: composed.payments.map((attempt) => ({ ...attempt, claim })) };
}

function assertNotEmpty(cart: Cart | null): asserts cart is Cart {
  if (!cart || cart.items.length === 0)
    throw new AppError('CART_EMPTY', 'The cart is empty; add something before checking out.');
}

type UnpaidOrder = Pick<Order, '_id' | 'code' | 'userId'>;

const findUnpaidOrders = batchLoader(async (db: Database, userIds: readonly Types.ObjectId[]) => {
  const orders = await readUnpaidOrders(db, userIds);
  return userIds.map((userId) => orders.filter((order) => order.userId.equals(userId)));
});

/** Oldest first. A shopper has few: the limit, and what was placed at one instant. */
function readUnpaidOrders(
  db: Database,
  userIds: readonly Types.ObjectId[],
  session?: ClientSession,
): Promise<UnpaidOrder[]> {
  return driverCollection(db.orders)
    .find<UnpaidOrder>(
      { userId: anyOf(userIds), status: 'pending', paymentStatus: 'unpaid' },
      { projection: { code: 1, userId: 1 }, sort: { _id: 1 }, ...(session === undefined ? {} : { session }) },
    )
    .toArray();
}

/**
 * Exact where stock is reserved, because those checkouts of one shopper run one after the other. Without reservations,
 * checkouts of the same instant may pass it together: at most as many as the account may call in a burst.
 */
function assertFewUnpaid(unpaid: readonly UnpaidOrder[]): void {
  if (unpaid.length < MAX_UNPAID_ORDERS) return;
  throw new AppError(
    'TOO_MANY_UNPAID_ORDERS',
    `${unpaid.length} orders wait for payment; pay or cancel one of them first.`,
    {
      details: { orders: unpaid.map(({ _id, code }) => ({ id: String(_id), code })) },
    },
  );
}
