/**
 * A flash sale, as `npm run demo -- --flash-sale` tells it, with a smaller crowd: whoever comes first is served, every webhook
 * and every redirect comes twice and all at once, and the shop sells exactly what it has, with and without holds.
 */
import { afterEach, expect, test } from '@jest/globals';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { type Goods, stockGoods } from '../support/shop-goods.ts';
import {
  ADDRESS,
  expectBooksInOrder,
  finishRefunds,
  newCheckoutKey,
  refundsAtPaystack,
  returnFromPaystack,
  type Shop,
  startTestShop,
  stockOf,
  work,
} from '../support/shopping.ts';

const SHOPPERS = 40;
const UNITS = 10;

let shop: Shop;
afterEach(() => shop.stop());

test.each([
  ['without holds everybody pays, ten are served and thirty get their money back', 0, SHOPPERS],
  ['with holds ten pay and are served, and thirty are refused before they pay', 15, UNITS],
] as const)(
  'forty shoppers at once for ten units, each webhook and redirect twice: %s',
  async (_, reservationMinutes, paying) => {
    shop = await startTestShop({ env: { STOCK_HOLD_MINUTES: String(reservationMinutes) } });
    const goods = await stockGoods(shop.db, { stock: UNITS });
    // All check out at once and then pay at once: on a slow machine some would else come when all is sold, and not pay.
    const pages = await Promise.all(Array.from({ length: SHOPPERS }, () => checkOutOne(goods)));
    const paid = pages.filter((txRef) => txRef !== null);
    expect(paid).toHaveLength(paying);
    await Promise.all(paid.map(payFor));
    await shop.sandbox.webhooksIdle();
    await work(shop);
    await finishRefunds(shop);

    expect(await shop.db.orders.countDocuments({ status: 'confirmed' })).toBe(UNITS);
    expect(await shop.db.orders.countDocuments({ status: 'cancelled' })).toBe(paying - UNITS);
    expect(await stockOf(shop, goods)).toEqual({ stock: 0, reserved: 0 });
    const refunds = paid.map((txRef) => refundsAtPaystack(shop, txRef).map(({ status }) => status));
    expect(refunds.filter((one) => one.length === 0)).toHaveLength(UNITS);
    expect(refunds.filter((one) => one.length > 0)).toEqual(Array(paying - UNITS).fill(['processed']));
    const confirmations = shop.mailbox.mails().filter(({ key }) => key?.includes(':order_confirmed:'));
    expect(confirmations).toHaveLength(UNITS);
    await expectBooksInOrder(shop);
  },
);

/** One shopper's unit in the cart and the page to pay it: its reference, or null where the shop has none left. */
async function checkOutOne({ variantId }: Goods): Promise<string | null> {
  const { client } = await shop.signUp();
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  return (await openPage(client, newCheckoutKey()))?.txRef ?? null;
}

async function payFor(txRef: string): Promise<void> {
  shop.sandbox.pay(txRef, { webhook: 'duplicate' });
  // Paying wakes the settlement; here its job is a call of ours, beside everybody else's.
  const settled = runSettlementOnce(shop.ctx);
  await Promise.all([returnFromPaystack(shop, txRef), returnFromPaystack(shop, txRef), settled]);
}

/** Comes again for as long as the shop says that it is busy; the key names the same checkout. */
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
