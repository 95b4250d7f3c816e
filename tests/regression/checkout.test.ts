import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mongoose, { Types } from 'mongoose';
import { Bulkhead } from '../../models/bulkhead.ts';
import { addToCart } from '../../models/cart/change-cart.ts';
import type { PlaceOrderInput } from '../../models/checkout/compose-order.ts';
import { placeOrder } from '../../models/checkout/place-order.ts';
import type { Database } from '../../models/db/database.ts';
import { isAppError } from '../../models/errors.ts';
import { classifyError } from '../../server/http/classify-error.ts';
import { claimantAt, makeCatalogue, openOwnDatabase } from '../support/orders.ts';
import { ADDRESS } from '../support/shopping.ts';

describe('a bulkhead', () => {
  test('runs up to its limit at once, in order of arrival, also after a failure', async () => {
    const bulkhead = new Bulkhead(1, 10);
    const seen: string[] = [];
    const call = (name: string) =>
      bulkhead.run(async () => {
        seen.push(`${name} in`);
        await Promise.resolve();
        seen.push(`${name} out`);
        if (name === 'b') throw new Error(name);
      }, Number.POSITIVE_INFINITY);
    const results = await Promise.allSettled(['a', 'b', 'c'].map(call));
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('a checkout whose caller has gone', () => {
  // Checkouts that reserve stock wait in a queue. Those whose callers had been answered 503 still ran, and reserved
  // stock for no one.

  const NEVER = Number.POSITIVE_INFINITY;

  /** A bulkhead of one, occupied until `leave` is called. */
  function startOccupied(longest: number): { bulkhead: Bulkhead; leave: () => void; gone: Promise<void> } {
    const bulkhead = new Bulkhead(1, longest);
    let leave: () => void = () => undefined;
    const occupant = new Promise<void>((resolve) => {
      leave = resolve;
    });
    return { bulkhead, leave: () => leave(), gone: bulkhead.run(() => occupant, NEVER) };
  }

  test('a call whose deadline has passed is refused without work, and the next one runs', async () => {
    const { bulkhead, leave, gone } = startOccupied(10);
    const done: string[] = [];
    const call = (name: string, giveUpAt: number) =>
      bulkhead.run(async () => {
        done.push(name);
      }, giveUpAt);
    const late = call('late', performance.now() - 1);
    const punctual = call('in time', NEVER);
    leave();
    await expect(late).rejects.toMatchObject({ code: 'OVERLOADED', details: { retryAfterMs: expect.any(Number) } });
    await Promise.all([gone, punctual]);
    expect(done).toEqual(['in time']);
  });

  test('a call is refused at once when the queue is full, and the queue goes on', async () => {
    const { bulkhead, leave, gone } = startOccupied(1);
    const waiting = bulkhead.run(async () => 'served', NEVER);
    await expect(bulkhead.run(async () => 'served', NEVER)).rejects.toMatchObject({ code: 'OVERLOADED' });
    leave();
    await gone;
    expect(await waiting).toBe('served');
    expect(await bulkhead.run(async () => 'served', NEVER)).toBe('served');
  });
});

describe('concurrent checkouts of one shopper', () => {
  // With reservations they conflict on the cart. Twenty repeats of one checkout used up their attempts and ended as INTERNAL. Different
  // checkouts in one millisecond did not conflict at all, so more than five unpaid orders were possible.

  let db: Database;
  beforeAll(async () => {
    db = await openOwnDatabase();
  });
  afterAll(() => db.connection.close());

  async function shopperWithCart(reservationMinutes = 0): Promise<(checkoutKey: string) => PlaceOrderInput> {
    const [variant] = await makeCatalogue(db);
    if (!variant) throw new Error('no variant was made');
    const userId = new Types.ObjectId();
    const now = new Date();
    await addToCart(db, userId, { variantId: variant._id, price: variant.price, currency: variant.currency }, 1);
    return (checkoutKey) => ({
      userId,
      contact: { email: 'ada@example.com', name: 'Ada Obi' },
      shippingAddress: { ...ADDRESS, phoneE164: '+2348031234567' },
      checkoutKey,
      sent: {},
      shippingFees: [{ amount: 0, currency: 'NGN' }],
      reservationMinutes,
      code: new Types.ObjectId().toHexString().toUpperCase(),
      now,
      claimant: claimantAt(now),
    });
  }

  test('forty concurrent repeats of one checkout all return the one order', async () => {
    const input = await shopperWithCart();
    const placed = await Promise.all(Array.from({ length: 40 }, () => placeOrder(db, input('the-same-checkout'))));
    expect(new Set(placed.map(({ order }) => String(order._id))).size).toBe(1);
    expect(placed.filter(({ created }) => created)).toHaveLength(1);
  });

  test('ten that reserve stock create five orders, and the others are refused with the reason', async () => {
    const input = await shopperWithCart(15);
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
});
