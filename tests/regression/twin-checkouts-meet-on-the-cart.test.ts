/**
 * Checkouts of one shopper at the same moment conflict on the cart. Twenty repeats of one checkout used up their attempts
 * against each other, although the first had long placed the order, and the last were answered INTERNAL. Different ones of
 * one millisecond did not conflict at all, so that the limit of five unpaid orders did not hold.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { Types } from 'mongoose';
import { addToCart } from '../../models/cart/change-cart.ts';
import { type PlaceOrderInput, placeOrder } from '../../models/checkout/place-order.ts';
import type { Database } from '../../models/db/database.ts';
import { isAppError } from '../../models/errors.ts';
import { classifyError } from '../../server/http/wire-error.ts';
import { ADDRESS, makeCatalogue, openOwnDatabase } from '../support/orders.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

async function shopperWithCart(): Promise<(checkoutKey: string) => PlaceOrderInput> {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  const userId = new Types.ObjectId();
  const now = new Date();
  await addToCart(db, userId, { variantId: variant._id, price: variant.price, currency: variant.currency }, 1);
  return (checkoutKey) => ({
    userId,
    contact: { email: 'ada@example.com', name: 'Ada Obi' },
    shippingAddress: ADDRESS,
    checkoutKey,
    shippingFee: 0,
    reservationMinutes: 0,
    code: new Types.ObjectId().toHexString().toUpperCase(),
    now,
  });
}

test('forty repeats of one checkout at once all get the one order', async () => {
  const input = await shopperWithCart();
  const placed = await Promise.all(Array.from({ length: 40 }, () => placeOrder(db, input('the-same-checkout'))));
  expect(new Set(placed.map(({ order }) => String(order._id))).size).toBe(1);
  expect(placed.filter(({ created }) => created)).toHaveLength(1);
});

test('ten different checkouts of one shopper at once make five orders, and tell the rest why not', async () => {
  const input = await shopperWithCart();
  const calls = Array.from({ length: 10 }, (_, index) => placeOrder(db, input(`another-checkout-${index}`)));
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(5);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(isAppError(outcome.reason, 'TOO_MANY_UNPAID_ORDERS')).toBe(true);
  }
});

test('a write conflict that outlasts all attempts is answered as "try again", not as a bug', () => {
  const conflict = new mongoose.mongo.MongoServerError({
    message: 'WriteConflict',
    code: 112,
  });
  expect(classifyError(conflict, 'r1')).toMatchObject({ httpStatus: 503, wire: { code: 'OVERLOADED' } });
});
