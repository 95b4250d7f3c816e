/** Many shoppers at once, who come again when the shop says that it is busy, as people do. */
import { setTimeout as delay } from 'node:timers/promises';
import { createUser } from '../../models/accounts/create-user.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { StoryError } from './assert.ts';
import { comeBack, pressButton } from './browser.ts';
import { createClient, refusalCode } from './client.ts';
import type { Scenario } from './scenario.ts';
import { newCheckoutKey, Shopper } from './shopper.ts';

export interface Visit {
  /** Whether this shopper's money was taken, or the shop had refused before. */
  outcome: 'paid' | 'refused';
}

const PATIENCE_MS = 90_000;
/** Between two tries of one shopper. */
const LEAST_PAUSE_MS = 100;
const SPREAD_MS = 400;
const LOOK_AGAIN_MS = 100;

export class Crowd {
  readonly #stage: Scenario;
  readonly #shoppers: readonly Shopper[];

  private constructor(stage: Scenario, shoppers: readonly Shopper[]) {
    this.#stage = stage;
    this.#shoppers = shoppers;
  }

  /** Accounts with tokens, by the short way: two hundred passwords are no part of the story. */
  static async gather(stage: Scenario, size: number): Promise<Crowd> {
    const { ctx, url } = stage;
    const auth = createAuth(ctx);
    const shoppers: Shopper[] = [];
    for (let number = 1; number <= size; number += 1) {
      const person = { name: `Shopper ${number}`, email: `shopper${number}@example.com` };
      const { _id } = await createUser(ctx.db, person, ctx.clock.now());
      const { token } = await auth.issue(_id);
      shoppers.push(new Shopper(url, { ...person, token, client: createClient(url, token) }));
    }
    return new Crowd(stage, shoppers);
  }

  /** Everybody wants one unit, at once. Resolves when each has paid and come back, or was refused. */
  rush(variantId: string): Promise<Visit[]> {
    return Promise.all(this.#shoppers.map((shopper) => visit(shopper, variantId)));
  }

  /** Resolves when no order waits for anything, no refund is under way and every email is sent. */
  async untilAtRest(): Promise<void> {
    const { db } = this.#stage.ctx;
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const [order, email] = await Promise.all([
        db.orders.exists({
          $or: [{ status: 'pending' }, { refunds: { $elemMatch: { state: { $ne: 'processed' } } } }],
        }),
        db.emails.exists({ state: 'queued' }),
      ]);
      if (order === null && email === null) return;
      if (performance.now() > deadline) throw new StoryError('the sale did not come to rest in time');
      await delay(LOOK_AGAIN_MS);
    }
  }
}

async function visit(shopper: Shopper, variantId: string): Promise<Visit> {
  const checkoutKey = newCheckoutKey();
  await patiently(() => wantOne(shopper, variantId));
  const page = await patiently(() =>
    shopper.checkOut(checkoutKey).catch((error: unknown) => {
      if (refusalCode(error) === 'INSUFFICIENT_STOCK') return null;
      throw error;
    }),
  );
  if (page === null) return { outcome: 'refused' };
  const callback = await patiently(() => pressButton(page.authorizationUrl, 'duplicate-webhook'));
  await Promise.all([patiently(() => comeBack(callback)), patiently(() => comeBack(callback))]);
  return { outcome: 'paid' };
}

/** Added once, also when the answer to the first try was lost. */
async function wantOne({ client }: Shopper, variantId: string): Promise<void> {
  const { lines } = await client.cart.get.query();
  if (lines.length === 0) await client.cart.addItem.mutate({ variantId, quantity: 1 });
}

/** A refusal for good is known to the caller; whatever else fails is tried again, like a shopper who reloads. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(LEAST_PAUSE_MS + Math.random() * SPREAD_MS);
  }
}
