/** The shoppers of a year: they buy, leave, are declined, pay twice or pay too little. */

import type { PayOptions } from '../../dev/paystack-sandbox/src/index.ts';
import { initializePayment } from '../../jobs/payments/initialize-payment.ts';
import { verifyPayment } from '../../jobs/payments/verify-payment.ts';
import { addToCart } from '../../models/cart/change-cart.ts';
import { AppError } from '../../models/errors.ts';
import type { SeededRandom } from '../faults/chaos/random.ts';
import { ADDRESS } from '../support/orders.ts';
import { newKey, type Shopper, type YearShop } from './shop.ts';

/** Orders that are bought at once. */
const CONCURRENCY = 12;

export interface Purchases {
  count: number;
  /** Each is paid once, as it should be. */
  calm: boolean;
}

/** Buys `count` orders and returns the references of those that were paid. */
export async function buyMany(shop: YearShop, random: SeededRandom, { count, calm }: Purchases): Promise<string[]> {
  const paid: string[] = [];
  for (let bought = 0; bought < count; bought += CONCURRENCY) {
    // Each another shopper: two checkouts of one run one after the other.
    const shoppers = random.shuffle(shop.shoppers).slice(0, Math.min(CONCURRENCY, count - bought));
    const purchases = await Promise.all(shoppers.map((shopper) => buy(shop, random, shopper, calm).catch(orGiveUp)));
    paid.push(...purchases.flat());
  }
  await shop.sandbox.webhooksIdle();
  return paid;
}

/** Paystack does not answer, or too many orders wait for payment. */
function orGiveUp(error: unknown): string[] {
  if (error instanceof AppError) return [];
  throw error;
}

async function buy(shop: YearShop, random: SeededRandom, shopper: Shopper, calm: boolean): Promise<string[]> {
  const { ctx, sandbox } = shop;
  await fillCart(shop, random, shopper);
  const checkoutKey = newKey();
  const open = () =>
    initializePayment(ctx, { user: shopper, shippingAddress: ADDRESS, checkoutKey, sent: { checkoutKey } });
  const { reference } = await open();
  if (calm) {
    sandbox.pay(reference);
    return [reference];
  }
  if (random.chance(0.04)) return [];
  const payment: PayOptions = {
    webhook: random.chance(0.04) ? 'lose' : random.chance(0.03) ? 'duplicate' : 'send',
    ...(random.chance(0.003) ? { capture: { amount: 50_000 } } : {}),
  };
  if (!random.chance(0.04)) {
    sandbox.pay(reference, payment);
    return [reference];
  }
  sandbox.pay(reference, { card: 'declined' });
  await verifyPayment(ctx, reference, 'redirect');
  const { reference: second } = await open();
  const pages = random.chance(0.3) ? [...new Set([second, reference])] : [second];
  for (const page of pages) sandbox.pay(page, payment);
  return pages;
}

async function fillCart({ ctx, variants }: YearShop, random: SeededRandom, shopper: Shopper): Promise<void> {
  const chosen = random.chance(0.7) ? [random.pick(variants)] : random.shuffle(variants).slice(0, random.integer(2, 3));
  for (const { _id, price, currency } of chosen)
    await addToCart(ctx.db, shopper.id, { variantId: _id, price, currency }, random.integer(1, 3));
}
