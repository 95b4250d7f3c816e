/**
 * The claim of a payment attempt has an owner. A slow call whose claim ran out leaves the claim of its successor alone,
 * and the claim's time counts from its write.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Claimant } from '../../models/checkout/attempt-claim.ts';
import {
  abandonPaymentAttempt,
  claimPaymentAttempt,
  releasePaymentAttempt,
  storePaymentPage,
} from '../../models/checkout/payment-attempt.ts';
import type { Database } from '../../models/db/database.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import type { Order } from '../../models/order/order-document.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { makeCatalogue, openOwnDatabase, placeOrderOf } from '../support/orders.ts';

const PLACED_AT = new Date('2026-03-01T10:00:00Z');
/** The claim of the slow call has run out. */
const LATER = new Date(PLACED_AT.getTime() + DEADLINES.attemptClaim + 1);

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

const claimant = (by: string, now: Date): Claimant => ({ by, clock: () => now });
const attemptOf = async ({ _id }: Order) => (await getOrder(db, _id)).payments[0];

async function place(by: Claimant): Promise<Order> {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  return placeOrderOf(db, { lines: [{ variant, quantity: 1 }], now: PLACED_AT, claimant: by });
}

/** An order whose first attempt was claimed by `slow`, and after that claim's end by `successor`. */
async function claimedBySuccessor(): Promise<Order> {
  const order = await place(claimant('slow', PLACED_AT));
  const next = await claimPaymentAttempt(db, order._id, claimant('successor', LATER));
  expect(next).toMatchObject({ step: 'call', attempt: { reference: order.txRef, claim: { by: 'successor' } } });
  return order;
}

test('until its claim ends, an attempt is one call’s alone, and a released one is claimed at once', async () => {
  const order = await place(claimant('first', PLACED_AT));
  expect(await claimPaymentAttempt(db, order._id, claimant('second', PLACED_AT))).toMatchObject({ step: 'wait' });
  await releasePaymentAttempt(db, order._id, { reference: order.txRef, by: 'first' }, PLACED_AT);
  expect(await attemptOf(order)).not.toHaveProperty('claim');
  expect(await claimPaymentAttempt(db, order._id, claimant('second', PLACED_AT))).toMatchObject({ step: 'call' });
});

test('a slow call whose claim ran out releases no claim of its successor', async () => {
  const order = await claimedBySuccessor();
  await releasePaymentAttempt(db, order._id, { reference: order.txRef, by: 'slow' }, LATER);
  expect(await attemptOf(order)).toMatchObject({ status: 'created', claim: { by: 'successor' } });
  expect(await claimPaymentAttempt(db, order._id, claimant('third', LATER))).toMatchObject({ step: 'wait' });
});

test('a slow call whose claim ran out does not abandon the attempt of its successor', async () => {
  const order = await claimedBySuccessor();
  await abandonPaymentAttempt(db, order._id, { reference: order.txRef, by: 'slow' }, LATER);
  expect(await attemptOf(order)).toMatchObject({ status: 'created', claim: { by: 'successor' } });
  await abandonPaymentAttempt(db, order._id, { reference: order.txRef, by: 'successor' }, LATER);
  expect((await attemptOf(order))?.status).toBe('abandoned');
});

test('the page of a slow call is stored, because Paystack gives only one, and it ends the successor’s claim', async () => {
  const order = await claimedBySuccessor();
  await storePaymentPage(
    db,
    order,
    order.txRef,
    { authorizationUrl: 'https://checkout.example/page', accessCode: 'page' },
    LATER,
  );
  expect(await attemptOf(order)).toMatchObject({ status: 'initialized' });
  expect(await attemptOf(order)).not.toHaveProperty('claim');
  expect(await claimPaymentAttempt(db, order._id, claimant('successor', LATER))).toMatchObject({ step: 'show' });
});

test('a claim lasts its whole time from its write, however long the call waited before', async () => {
  // The checkout began at PLACED_AT and reached its commit at LATER.
  const order = await place({ by: 'waited', clock: () => LATER });
  const until = new Date(LATER.getTime() + DEADLINES.attemptClaim);
  expect((await attemptOf(order))?.claim).toEqual({ by: 'waited', until });
});
