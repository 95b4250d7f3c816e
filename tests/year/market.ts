/** The shop as customers and Paystack see it: a web process of its own, and the sandbox. */
import { SeededRandom } from '../../dev/history/seeded-random.ts';
import type { AddedVariant } from '../../models/cart/change-cart.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';
import { doNothingAlone } from './done-by-the-year.ts';
import { SharedClock } from './shared-clock.ts';

export interface MarketOptions {
  seed: number;
  /** Of the shop, which has made its collections. */
  dbName: string;
  webhookUrl: string;
  clockMemory: SharedArrayBuffer;
}

export interface Market extends TestApp {
  random: SeededRandom;
  clock: SharedClock;
  customers: readonly SignedIn[];
  variants: readonly AddedVariant[];
  /** References of charges that somebody refunded at Paystack's dashboard. */
  refundedOutside: string[];
}

const CUSTOMERS = 500;
const VARIANTS = 20;

export async function openMarket({ seed, dbName, webhookUrl, clockMemory }: MarketOptions): Promise<Market> {
  const clock = new SharedClock(clockMemory);
  const app = await startTestApp({ dbName, context: { clock } });
  doNothingAlone(app.ctx, app.sandbox.url);
  app.sandbox.setWebhookUrl(webhookUrl);
  app.sandbox.setSwitches({ secondRefundWhilePending: 'accepted' });
  const customers: SignedIn[] = [];
  for (let n = 1; n <= CUSTOMERS; n += 1) customers.push(await app.signUp({ email: `customer${n}@example.com` }));
  const variants = await stockUp(app, clock);
  const random = new SeededRandom(seed);
  return Object.assign(app, { random, clock, customers, variants, refundedOutside: [] });
}

async function stockUp({ db }: TestApp, clock: SharedClock): Promise<AddedVariant[]> {
  const by = { actor: 'system', now: clock.now() } as const;
  const product = await createProduct(
    db,
    { slug: 'thing', title: 'Thing', description: 'One.', category: 'Things' },
    by,
  );
  const variants: AddedVariant[] = [];
  for (let n = 1; n <= VARIANTS; n += 1) {
    const price = 50_000 + n * 33_333;
    // The last one sells out.
    const stock = n === VARIANTS ? 300 : 1_000_000;
    const input = {
      productId: product._id,
      sku: `THING-${n}`,
      title: `No. ${n}`,
      price,
      currency: 'NGN',
      stock,
    } as const;
    const { _id } = await createVariant(db, input, by);
    variants.push({ variantId: _id, price, currency: 'NGN' });
  }
  return variants;
}
