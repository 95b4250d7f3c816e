/** The flash sale of `npm run demo -- --flash-sale` with fewer shoppers, with and without reservations. */
import { afterEach, expect, test } from '@jest/globals';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  ADDRESS,
  expectAllConsistent,
  finishRefunds,
  newCheckoutKey,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  stockOf,
  work,
} from '../support/shopping.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';

const SHOPPERS = 40;
const UNITS = 10;

let shop: Shop;
afterEach(() => shop.stop());

test.each([
  ['without reservations all pay, ten orders are confirmed and thirty are refunded', 0, SHOPPERS],
  ['with reservations ten pay and are confirmed, and thirty are refused before payment', 15, UNITS],
] as const)(
  'forty shoppers at once for ten units, each webhook and redirect twice: %s',
  async (_, reservationMinutes, paying) => {
    shop = await startTestShop({ env: { STOCK_HOLD_MINUTES: String(reservationMinutes) } });
    const item = await stockVariant(shop.db, { stock: UNITS });
    // Payments start after the last checkout; on a slow machine late checkouts would otherwise be refused as sold out.
    const pages = await Promise.all(Array.from({ length: SHOPPERS }, () => checkOutOne(item)));
    const paid = pages.filter((txRef) => txRef !== null);
    expect(paid).toHaveLength(paying);
    await Promise.all(paid.map(payFor));
    await shop.sandbox.webhooksIdle();
    await work(shop);
    await finishRefunds(shop);

    expect(await shop.db.orders.countDocuments({ status: 'confirmed' })).toBe(UNITS);
    expect(await shop.db.orders.countDocuments({ status: 'cancelled' })).toBe(paying - UNITS);
    expect(await stockOf(shop, item)).toEqual({ stock: 0, reserved: 0 });
    const refunds = paid.map((txRef) => refundsAtPaystack(shop, txRef).map(({ status }) => status));
    expect(refunds.filter((one) => one.length === 0)).toHaveLength(UNITS);
    expect(refunds.filter((one) => one.length > 0)).toEqual(Array(paying - UNITS).fill(['processed']));
    const confirmations = shop.mailbox.mails().filter(({ key }) => key?.includes(':order_confirmed:'));
    expect(confirmations).toHaveLength(UNITS);
    await expectAllConsistent(shop);
  },
);

/** Resolves with the reference, or with null if the stock is sold out. */
async function checkOutOne({ variantId }: StockedVariant): Promise<string | null> {
  const { client } = await shop.signUp();
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  return (await openPage(client, newCheckoutKey()))?.txRef ?? null;
}

async function payFor(txRef: string): Promise<void> {
  shop.sandbox.pay(txRef, { webhook: 'duplicate' });
  // A payment enqueues the settlement; here the test runs it, concurrently with the other payments.
  const settled = runSettlementOnce(shop.ctx);
  await Promise.all([returnFromPaystack(shop, txRef), returnFromPaystack(shop, txRef), settled]);
}

/** Retries with the same key while the server is overloaded. */
async function openPage(client: Shop['staff']['client'], checkoutKey: string): Promise<{ txRef: string } | null> {
  for (;;) {
    try {
      return await client.orders.initializePayment.mutate({ shippingAddress: ADDRESS, checkoutKey });
    } catch (error) {
      const code = codeOf(error);
      if (code === 'INSUFFICIENT_STOCK') return null;
      if (code !== 'OVERLOADED' && code !== 'GATEWAY_UNAVAILABLE') throw error;
    }
  }
}

function codeOf(error: unknown): unknown {
  const data = error instanceof Error && 'data' in error ? error.data : null;
  return typeof data === 'object' && data !== null && 'code' in data ? data.code : null;
}
