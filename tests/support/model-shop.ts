/**
 * The real side of the model-based test: one server, on which each story begins with an empty database and a fresh
 * sandbox. Agenda's wake-ups are off, so that only commands and comeToRest() do work.
 */

import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Order } from '../../models/order/order-document.ts';
import { isInReview } from '../../models/order/payment-status.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { HOUR_MS, type Shop, startTestShop, sweep } from './shopping.ts';
import type { StockedVariant } from './stocked-variant.ts';
import { PAYSTACK_KEY, type SignedIn } from './test-app.ts';

export interface ModelShop extends Shop {
  shoppers: readonly SignedIn[];
  variants: readonly StockedVariant[];
}

export interface ModelServer {
  /** Empties the shop for the next story. */
  begin(options: { stock: number; reservationMinutes: number }): Promise<ModelShop>;
  stop(): Promise<void>;
}

const SHOPPERS = 3;
export const VARIANTS = 2;
export const PRICE = 100_000;

export async function startModelServer(): Promise<ModelServer> {
  const shop = await startTestShop();
  // A test sends thousands of requests, and no test reads their log.
  shop.ctx.log.level = 'silent';
  const nothing = async () => undefined;
  shop.ctx.jobs = { ...shop.ctx.jobs, enqueueSettlement: nothing, enqueueEmails: nothing, enqueueRefunds: nothing };
  let current: PaystackSandbox | null = null;
  return {
    async begin({ stock, reservationMinutes }) {
      await current?.close();
      current = await startPaystackSandbox({
        secretKey: PAYSTACK_KEY,
        clock: shop.clock,
        webhookUrl: `${shop.url}/webhooks/paystack`,
        webhookRetryScale: 0,
      });
      await empty(shop);
      speakTo(shop.ctx, current.url);
      shop.ctx.config.stockHoldMinutes = reservationMinutes;
      const variants = await stockUp(shop, stock);
      // Signed in anew, because the clock moves on over hundreds of stories and ends every session.
      const shoppers = await Promise.all(Array.from({ length: SHOPPERS }, () => shop.signUp()));
      const staff = await shop.signUp({ role: 'owner' });
      return Object.assign({ ...shop }, { sandbox: current, shoppers, staff, variants });
    },
    async stop() {
      await current?.close();
      await shop.stop();
    },
  };
}

/** Empties every collection except the users. */
async function empty(shop: Shop): Promise<void> {
  const { users: _, connection, ...collections } = shop.db;
  await Promise.all(
    Object.values(collections).map((model) => connection.collection(model.collection.name).deleteMany({})),
  );
  shop.mailbox.clear();
  shop.mailbox.clearScript();
  shop.logged.length = 0;
}

/** Without retries, because their pauses are real time. */
function speakTo(ctx: AppContext, baseUrl: string): void {
  const { clock, random, log } = ctx;
  const retry = { attempts: 1, baseMs: 1, capMs: 1 };
  ctx.paystack = createPaystackService({ secretKey: PAYSTACK_KEY, baseUrl, clock, random, log, retry });
}

async function stockUp({ db, clock }: Shop, stock: number): Promise<StockedVariant[]> {
  const now = clock.now();
  const product = await createProduct(
    db,
    { slug: 'thing', title: 'Thing', description: 'One.', category: 'Things' },
    { actor: 'system', now },
  );
  const variants: StockedVariant[] = [];
  for (let n = 1; n <= VARIANTS; n += 1) {
    const input = {
      productId: product._id,
      sku: `THING-${n}`,
      title: `No. ${n}`,
      price: PRICE,
      currency: 'NGN',
      stock,
    } as const;
    const variant = await createVariant(db, input, { actor: 'system', now });
    variants.push({ productId: String(product._id), slug: 'thing', variantId: String(variant._id), sku: input.sku });
  }
  return variants;
}

/** Ends all faults, sends the withheld webhooks, and advances the clock until no work is left. */
export async function comeToRest(shop: ModelShop): Promise<void> {
  shop.sandbox.clearScript();
  shop.mailbox.clearScript();
  shop.sandbox.clearWebhookRules();
  await shop.sandbox.webhooksIdle();
  await shop.sandbox.releaseWebhooks({ order: 'shuffled' });
  await endDisputes(shop);
  endReversals(shop);
  // Past each order's expiry, so that each is verified for the last time. Reconciliation finds payments of expired
  // orders.
  shop.clock.advance(26 * HOUR_MS);
  await runReconcileOnce(shop.ctx, { force: true });
  await sweep(shop);
  for (let round = 1; round <= MOST_ROUNDS && (await isBusy(shop)); round += 1) {
    await endReviews(shop);
    shop.sandbox.finishRefunds();
    await shop.sandbox.webhooksIdle();
    shop.clock.advance(6 * HOUR_MS);
    await sweep(shop);
  }
}

/** An order with an open dispute waits for the bank, so the bank decides. */
async function endDisputes({ sandbox }: ModelShop): Promise<void> {
  for (const { id, status } of sandbox.ledger().disputes)
    if (status !== 'resolved') sandbox.resolveDispute(id, 'declined');
  await sandbox.webhooksIdle();
}

/** Of a charge that Paystack calls reversed without a reason, nothing more went back than is known. */
function endReversals({ sandbox }: ModelShop): void {
  for (const { reference, status } of sandbox.ledger().charges)
    if (/^revers/i.test(status)) sandbox.setStatus(reference, 'success');
}

/** Refunds the payments still in review. */
async function endReviews({ db, staff }: ModelShop): Promise<void> {
  const orders = await db.orders.find({ reviewSince: { $exists: true } }).lean<Order[]>();
  for (const { _id, payments } of orders)
    for (const { reference, review } of payments.filter(isInReview)) {
      const isReversal = review?.cause === 'reversed_unexplained';
      const answer = isReversal
        ? ({ resolution: 'returned', returned: 0 } as const)
        : ({ resolution: 'refund' } as const);
      await staff.client.admin.resolveReview.mutate({ id: String(_id), reference, ...answer });
    }
}

/** More rounds than any story needs. The invariants then show unfinished work. */
const MOST_ROUNDS = 8;

async function isBusy({ db }: ModelShop): Promise<boolean> {
  const [order, email] = await Promise.all([
    db.orders.exists({
      $or: [
        { status: 'pending' },
        { reviewSince: { $exists: true } },
        { 'refunds.state': { $in: ['requested', 'pending'] } },
      ],
    }),
    db.emails.exists({ state: 'queued' }),
  ]);
  return order !== null || email !== null;
}

/** The worker's death at this point. */
export class WorkerDied extends Error {}

export type DeathAfter = 'verify' | 'listRefunds' | 'createRefund' | 'send';

/** The context of a worker that dies after a call of this kind has completed or failed, so its reply is never used. */
export function dyingWorker(ctx: AppContext, after: DeathAfter): AppContext {
  const die = async (call: Promise<unknown>): Promise<never> => {
    await call.catch(() => undefined);
    throw new WorkerDied(`died after ${after}`);
  };
  const { paystack, mailer } = ctx;
  switch (after) {
    case 'send':
      return { ...ctx, mailer: { send: (email) => die(mailer.send(email)) } };
    case 'verify':
      return { ...ctx, paystack: { ...paystack, verify: (reference) => die(paystack.verify(reference)) } };
    case 'listRefunds':
      return { ...ctx, paystack: { ...paystack, listRefunds: (input) => die(paystack.listRefunds(input)) } };
    case 'createRefund':
      return { ...ctx, paystack: { ...paystack, createRefund: (input) => die(paystack.createRefund(input)) } };
  }
}
