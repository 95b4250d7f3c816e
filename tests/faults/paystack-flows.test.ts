/** Checkout, verification, sweep and refund under each fault of Paystack's API (G1–G7). */
import { expect, test } from '@jest/globals';
import type { ApiRoute, FaultRule } from '../../dev/paystack-sandbox/src/index.ts';
import { runRefundsOnce } from '../../jobs/process-refunds.ts';
import { systemRandom } from '../../server/context/system-ports.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { eventually } from '../support/eventually.ts';
import { ADDRESS } from '../support/orders.ts';
import {
  buy,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  MINUTE_MS,
  newCheckoutKey,
  orderOf,
  paySilently,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { PAYSTACK_KEY } from '../support/test-app.ts';

type Fault = FaultRule['fault'];

const API_FAULTS: [string, Fault][] = [
  ['never answers', { kind: 'hang' }],
  ['sends its answer one byte at a time', { kind: 'drip', byteEveryMs: 500 }],
  ['resets the connection', { kind: 'drop' }],
  ['answers 500', { kind: 'status', status: 500 }],
  ['answers 429', { kind: 'status', status: 429, retryAfterSeconds: 30 }],
  ['cuts its JSON short', { kind: 'malformed' }],
  ['sends a page of HTML with 200', { kind: 'html', status: 200 }],
  ['answers status "false" after it did the work', { kind: 'override', body: { status: 'false' } }],
  ['sends 60 MB', { kind: 'huge', bytes: 60_000_000 }],
  ['redirects elsewhere', { kind: 'redirect', to: 'http://127.0.0.1:1/' }],
];

/** The deadlines are 5 s for calls of shoppers and 8 s for a verification by the sweep; the rest is reserve. */
const CALL_WITHIN_MS = 5_500 + 3_000;
const SWEEP_WITHIN_MS = 8_000 + 6_000;
/** Twenty seconds in production; shorter here for a faster test. */
const REFUND_DEADLINE_MS = 2_000;
const REFUNDS_WITHIN_MS = 3 * REFUND_DEADLINE_MS + 3_000;

async function startShopWithShortDeadlines(): Promise<Shop> {
  const shop = await startTestShop();
  shop.ctx.paystack = createPaystackService({
    secretKey: PAYSTACK_KEY,
    baseUrl: shop.sandbox.url,
    clock: shop.clock,
    random: systemRandom,
    log: shop.ctx.log,
    deadlinesMs: { createRefund: REFUND_DEADLINE_MS, listRefunds: REFUND_DEADLINE_MS },
  });
  return shop;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const beganAt = performance.now();
  const result = await work;
  expect(performance.now() - beganAt).toBeLessThan(ms);
  return result;
}

const breakRoute = (shop: Shop, route: ApiRoute, fault: Fault) => shop.sandbox.script({ route, fault });

async function checkoutHeals(shop: Shop, fault: Fault): Promise<void> {
  const item = await stockVariant(shop.db, { stock: 5 });
  const shopper = await shop.signUp();
  await shopper.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
  const checkoutKey = newCheckoutKey();
  const start = () => shopper.client.orders.initializePayment.mutate({ shippingAddress: ADDRESS, checkoutKey });

  const repair = breakRoute(shop, 'initialize', fault);
  const refusal = await within(CALL_WITHIN_MS, errorCodeOf(start()));
  expect(['GATEWAY_UNAVAILABLE', 'GATEWAY_REJECTED']).toContain(refusal);
  expect(await shop.db.orders.find({ userId: shopper.id }).lean()).toMatchObject([
    { status: 'pending', paymentStatus: 'unpaid' },
  ]);

  repair();
  // A call that timed out may still hold its claim for a moment.
  const placed = await eventually('the same key to open a page', () => start().catch(() => null), 20_000);
  expect(await shop.db.orders.countDocuments({ userId: shopper.id })).toBe(1);
  await paySilently(shop, placed.txRef);
  expect(await returnFromPaystack(shop, placed.txRef)).toMatchObject({ httpStatus: 200, status: 'paid' });
  await work(shop);
  expect((await orderOf(shop, placed)).status).toBe('confirmed');
}

async function verifyHeals(shop: Shop, fault: Fault): Promise<void> {
  const checkout = await checkOut(shop);
  await paySilently(shop, checkout.txRef);
  const repair = breakRoute(shop, 'verify', fault);
  const answer = await within(CALL_WITHIN_MS, returnFromPaystack(shop, checkout.txRef));
  // An unknown result is `pending`; never an error, `paid` or `failed`.
  expect(answer).toEqual({ httpStatus: 200, status: 'pending' });
  await within(SWEEP_WITHIN_MS, sweepAfter(shop, 2 * MINUTE_MS));
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'pending', paymentStatus: 'unpaid' });

  repair();
  await sweepAfter(shop, 15 * MINUTE_MS);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
}

async function refundHeals(shop: Shop, fault: Fault): Promise<void> {
  const bought = await buy(shop);
  await shop.staff.client.admin.cancel.mutate({ id: bought.orderId, restockRest: true });
  const round = () => within(REFUNDS_WITHIN_MS, runRefundsOnce(shop.ctx));
  const expectOpen = async () =>
    expect(await orderOf(shop, bought)).toMatchObject({ status: 'cancelled', paymentStatus: 'refunding' });

  const repairList = breakRoute(shop, 'refund.list', fault);
  await round();
  // Without the list of Paystack's refunds, sending one could duplicate it.
  expect(shop.sandbox.requests({ route: 'refund.create', reference: bought.txRef })).toEqual([]);
  await expectOpen();
  repairList();

  shop.clock.advance(HOUR_MS);
  const repairCreate = breakRoute(shop, 'refund.create', fault);
  await round();
  await expectOpen();
  repairCreate();

  shop.clock.advance(HOUR_MS);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, bought.txRef)).toEqual([{ amount: bought.amount, status: 'processed' }]);
  expect((await orderOf(shop, bought)).paymentStatus).toBe('refunded');
}

test.concurrent.each(API_FAULTS)(
  'while Paystack %s, checkout, verification and refund end in bounded time and decide nothing; afterwards they succeed',
  async (_, fault) => {
    const shop = await startShopWithShortDeadlines();
    try {
      await checkoutHeals(shop, fault);
      await verifyHeals(shop, fault);
      await refundHeals(shop, fault);
      await expectAllConsistent(shop);
    } finally {
      await shop.stop();
    }
  },
  120_000,
);
