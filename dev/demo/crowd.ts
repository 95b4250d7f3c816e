import { setTimeout as delay } from 'node:timers/promises';
import { createUser } from '../../models/accounts/create-user.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { ScenarioError } from './assert.ts';
import { openPage, pressButton, returnFromPayment } from './browser.ts';
import { apiErrorCode, createClient } from './client.ts';
import type { DemoShop } from './demo-shop.ts';
import { newCheckoutKey, Shopper } from './shopper.ts';

export interface Visit {
  /** `paid`: a charge was made. `refused`: checkout failed for lack of stock, before any charge. */
  outcome: 'paid' | 'refused';
}

const VISIT_TIMEOUT_MS = 90_000;
/** Between two attempts of one shopper, plus a random part of the jitter. */
const RETRY_PAUSE_MS = 100;
const RETRY_JITTER_MS = 400;
const POLL_MS = 100;

/** Many shoppers who buy at the same time and retry when the shop is busy. */
export class Crowd {
  readonly #shop: DemoShop;
  readonly #shoppers: readonly Shopper[];

  private constructor(shop: DemoShop, shoppers: readonly Shopper[]) {
    this.#shop = shop;
    this.#shoppers = shoppers;
  }

  /** Creates the accounts and tokens without passwords: hashing two hundred of them takes longer than the sale. */
  static async create(shop: DemoShop, size: number): Promise<Crowd> {
    const { ctx, url } = shop;
    const auth = createAuth(ctx);
    const shoppers: Shopper[] = [];
    for (let number = 1; number <= size; number += 1) {
      const person = { name: `Shopper ${number}`, email: `shopper${number}@example.com` };
      const user = await createUser(ctx.db, person, ctx.clock.now());
      const { token } = await auth.issue(user);
      shoppers.push(new Shopper(url, { ...person, token, client: createClient(url, token) }));
    }
    return new Crowd(shop, shoppers);
  }

  /** Every shopper buys one unit. Resolves once each has paid and returned to the shop, or was refused. */
  rush(variantId: string): Promise<Visit[]> {
    return Promise.all(this.#shoppers.map((shopper) => visit(shopper, variantId)));
  }

  /** Resolves once no order is pending, no refund is open and every email is sent. */
  async untilAtRest(): Promise<void> {
    const { db } = this.#shop.ctx;
    const deadline = performance.now() + VISIT_TIMEOUT_MS;
    for (;;) {
      const [order, email] = await Promise.all([
        db.orders.exists({
          $or: [{ status: 'pending' }, { refunds: { $elemMatch: { state: { $ne: 'processed' } } } }],
        }),
        db.emails.exists({ state: 'queued' }),
      ]);
      if (order === null && email === null) return;
      if (performance.now() > deadline) throw new ScenarioError('the sale did not come to rest in time');
      await delay(POLL_MS);
    }
  }
}

async function visit(shopper: Shopper, variantId: string): Promise<Visit> {
  const checkoutKey = newCheckoutKey();
  await withRetries(() => addToCart(shopper, variantId));
  const page = await withRetries(() =>
    shopper.checkOut(checkoutKey).catch((error: unknown) => {
      if (apiErrorCode(error) === 'INSUFFICIENT_STOCK') return null;
      throw error;
    }),
  );
  if (page === null) return { outcome: 'refused' };
  const callback = await withRetries(() => pressButton(page.authorizationUrl, 'duplicate-webhook'));
  const comeBack = async () => openPage(await withRetries(() => returnFromPayment(callback)));
  await Promise.all([comeBack(), comeBack()]);
  return { outcome: 'paid' };
}

/** Idempotent: a retry after a lost reply adds nothing. */
async function addToCart({ client }: Shopper, variantId: string): Promise<void> {
  const { lines } = await client.cart.get.query();
  if (lines.length === 0) await client.cart.addItem.mutate({ variantId, quantity: 1 });
}

/** Retries every error, as a shopper who reloads the page does. `attempt` returns final refusals instead of throwing. */
async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + VISIT_TIMEOUT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(RETRY_PAUSE_MS + Math.random() * RETRY_JITTER_MS);
  }
}
