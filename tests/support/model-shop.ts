/**
 * The real side of the model-based test: one server that serves many short lives of a shop. Each life begins with an empty
 * database and a fresh Paystack, and has no Agenda: what jobs would hurry along is done by commands, or by nobody until
 * the end, when everything comes to rest.
 */

import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { runReconcileOnce } from '../../jobs/reconcile.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Order } from '../../models/order/order-document.ts';
import { isInReview } from '../../models/order/payment-status.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import type { Goods } from './shop-goods.ts';
import { HOUR_MS, type Shop, startTestShop, sweep } from './shopping.ts';
import { PAYSTACK_KEY, type SignedIn } from './test-app.ts';

export interface ModelShop extends Shop {
  shoppers: readonly SignedIn[];
  goods: readonly Goods[];
}

export interface ModelServer {
  /** A shop in which nothing has happened yet. The one before is over. */
  begin(options: { stock: number; reservationMinutes: number }): Promise<ModelShop>;
  stop(): Promise<void>;
}

const SHOPPERS = 3;
export const GOODS = 2;
export const PRICE = 100_000;

export async function startModelServer(): Promise<ModelServer> {
  const shop = await startTestShop();
  const shoppers = await Promise.all(Array.from({ length: SHOPPERS }, () => shop.signUp()));
  // Some thousand requests a test: what they log is nobody's to read.
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
      const goods = await stockUp(shop, stock);
      return Object.assign({ ...shop }, { sandbox: current, shoppers, goods });
    },
    async stop() {
      await current?.close();
      await shop.stop();
    },
  };
}

/** Everything but the users goes. */
async function empty(shop: Shop): Promise<void> {
  const { users: _, connection, ...collections } = shop.db;
  await Promise.all(
    Object.values(collections).map((model) => connection.collection(model.collection.name).deleteMany({})),
  );
  shop.mailbox.clear();
  shop.mailbox.clearScript();
  shop.logged.length = 0;
}

/** Without retries of its own, whose pauses are real time. */
function speakTo(ctx: AppContext, baseUrl: string): void {
  const { clock, random, log } = ctx;
  const retry = { attempts: 1, baseMs: 1, capMs: 1 };
  ctx.paystack = createPaystackService({ secretKey: PAYSTACK_KEY, baseUrl, clock, random, log, retry });
}

async function stockUp({ db, clock }: Shop, stock: number): Promise<Goods[]> {
  const now = clock.now();
  const product = await createProduct(
    db,
    { slug: 'thing', title: 'Thing', description: 'One.', category: 'Things' },
    { actor: 'system', now },
  );
  const goods: Goods[] = [];
  for (let n = 1; n <= GOODS; n += 1) {
    const input = {
      productId: product._id,
      sku: `THING-${n}`,
      title: `No. ${n}`,
      price: PRICE,
      currency: 'NGN',
      stock,
    } as const;
    const variant = await createVariant(db, input, { actor: 'system', now });
    goods.push({ productId: String(product._id), slug: 'thing', variantId: String(variant._id), sku: input.sku });
  }
  return goods;
}

/** Faults end, what was held is sent, and time passes until nothing is left to be done. */
export async function comeToRest(shop: ModelShop): Promise<void> {
  shop.sandbox.clearScript();
  shop.mailbox.clearScript();
  shop.sandbox.clearWebhookRules();
  await shop.sandbox.webhooksIdle();
  await shop.sandbox.releaseWebhooks({ order: 'shuffled' });
  await endDisputes(shop);
  // Past every order's time: each is now asked about for the last time. The list tells of payments on those that had ended.
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

/** The banks decide: what is disputed waits for them, rightly, for as long as they take. */
async function endDisputes({ sandbox }: ModelShop): Promise<void> {
  for (const { id, status } of sandbox.ledger().disputes)
    if (status !== 'resolved') sandbox.resolveDispute(id, 'declined');
  await sandbox.webhooksIdle();
}

/** Staff give back what nobody decided about. */
async function endReviews({ db, staff }: ModelShop): Promise<void> {
  const orders = await db.orders.find({ reviewSince: { $exists: true } }).lean<Order[]>();
  for (const { _id, payments } of orders)
    for (const { reference } of payments.filter(isInReview))
      await staff.client.admin.resolveReview.mutate({ id: String(_id), reference, resolution: 'refund' });
}

/** More than any story needs; then the books tell what never ended. */
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

/** Thrown where a worker dies. */
export class WorkerDied extends Error {}

export type DeathAfter = 'verify' | 'listRefunds' | 'createRefund' | 'send';

/** The context of a worker that dies as soon as a call of this kind has been answered, well or badly: its reply is never used. */
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
