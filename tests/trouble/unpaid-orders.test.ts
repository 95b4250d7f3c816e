/** Without reservations, checkouts of one instant may pass the limit of unpaid orders; the account's call limit bounds them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { ADDRESS, newCheckoutKey } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

const CALLS_PER_MINUTE = 12;
const clock = fakeClock();
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ context: { clock }, env: { CALLS_PER_MINUTE: String(CALLS_PER_MINUTE) } });
});
afterAll(() => app.stop());

test('sixty checkouts at once place no more orders than the account has calls, and a later one is refused', async () => {
  const { client, id } = await app.signUp();
  const { variantId } = await stockVariant(app.db, { stock: 100 });
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  const checkOut = () =>
    client.orders.initializePayment.mutate({ shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() });
  const outcomes = await Promise.allSettled(Array.from({ length: 60 }, checkOut));
  const placed = await app.db.orders.countDocuments({ userId: new Types.ObjectId(id) });
  expect(placed).toBe(outcomes.filter(({ status }) => status === 'fulfilled').length);
  expect(placed).toBeGreaterThanOrEqual(5);
  expect(placed).toBeLessThanOrEqual(CALLS_PER_MINUTE);
  const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.data?.code] : []));
  expect(new Set(codes)).toEqual(
    new Set(codes.includes('TOO_MANY_UNPAID_ORDERS') ? ['RATE_LIMITED', 'TOO_MANY_UNPAID_ORDERS'] : ['RATE_LIMITED']),
  );
  clock.advance(120_000);
  await expect(checkOut()).rejects.toMatchObject({ data: { code: 'TOO_MANY_UNPAID_ORDERS' } });
});
