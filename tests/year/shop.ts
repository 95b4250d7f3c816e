/**
 * A shop on the sandbox's clock: web process, jobs called in turn, the sandbox, and a mailer that keeps the keys of what it took.
 * It has its own MongoDB server. Nothing waits for real time.
 */
import { randomBytes } from 'node:crypto';
import type { Types } from 'mongoose';
import type { Mail } from '../../dev/mailbox/mailbox.ts';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import type { Mailer } from '../../jobs/ports.ts';
import { createUser } from '../../models/accounts/create-user.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { toConfig } from '../../server/config/config.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { createPaystackService } from '../../server/paystack/service.ts';
import { startServer } from '../../server/process/start.ts';
import { startMongoServer } from '../bench/mongo-server.ts';

export const HOUR_MS = 3600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A Monday, so that the first payout follows on the next day. */
const OPENED_AT = new Date('2027-01-04T07:00:00Z');
const PAYSTACK_KEY = `sk_test_${'c'.repeat(40)}`;
const VARIANTS = 40;
/** Enough for every order, so that few are short of stock; the last variant has little. */
const STOCK = 100_000;
const SCARCE = 50;

export interface Shopper {
  id: Types.ObjectId;
  email: string;
  name: string;
}

export interface YearShop {
  ctx: AppContext;
  sandbox: PaystackSandbox;
  shoppers: readonly Shopper[];
  variants: readonly Variant[];
  /** A refund without a note of ours; Paystack may refuse it. Subunits. */
  refundAtDashboard(reference: string, amount: number): Promise<void>;
  /** As the mailbox of other tests. */
  mailbox: { mails(): Mail[] };
  stop(): Promise<void>;
}

export async function openYearShop(shopperCount: number): Promise<YearShop> {
  const mongo = await startMongoServer();
  const sandbox = await startPaystackSandbox({
    secretKey: PAYSTACK_KEY,
    clock: { now: () => OPENED_AT },
    refundStepMs: 20 * HOUR_MS,
    webhookRetryScale: 0,
  });
  const clock = { now: () => sandbox.time() };
  const { mailer, mails } = keepKeys(clock.now);
  const config = toConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_PORT: '0',
    DRAIN_SECONDS: '0',
    ROLES: 'web',
    MONGODB_URI: mongo.uri,
    PAYSTACK_SECRET_KEY: PAYSTACK_KEY,
    SENDGRID_API_KEY: 'SG.year.key',
    STOREFRONT_URL: 'http://storefront.example',
    SHOP_NAME: 'Year Shop',
    SHIPPING_FEE: 'NGN 1500',
    MAX_IN_FLIGHT: '10000',
  });
  const log = createLogger({ level: 'silent', pretty: false });
  const server = await startServer(config, {
    log,
    clock,
    mailer,
    paystackBaseUrl: sandbox.url,
    dbName: 'year',
    migrate: true,
  });
  const { ctx } = server;
  ctx.config.publicUrl = server.url ?? '';
  prepare(ctx, sandbox);
  return {
    ctx,
    sandbox,
    shoppers: await signUp(ctx, shopperCount),
    variants: await stockUp(ctx),
    async refundAtDashboard(transaction, amount) {
      await fetch(`${sandbox.url}/refund`, {
        method: 'POST',
        headers: { authorization: `Bearer ${PAYSTACK_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ transaction, amount, currency: 'NGN' }),
      });
    },
    mailbox: { mails },
    async stop() {
      await server.stop();
      await sandbox.close();
      await mongo.stop();
    },
  };
}

/** The year calls the jobs itself; no retry waits for real time; no reading outlives a move of the clock. */
function prepare(ctx: AppContext, sandbox: PaystackSandbox): void {
  const nothing = async () => undefined;
  ctx.jobs = { ...ctx.jobs, enqueueSettlement: nothing, enqueueEmails: nothing, enqueueRefunds: nothing };
  ctx.verifications = new SingleFlight(0, ctx.clock);
  const { clock, random, log } = ctx;
  const retry = { attempts: 1, baseMs: 1, capMs: 1 };
  ctx.paystack = createPaystackService({ secretKey: PAYSTACK_KEY, baseUrl: sandbox.url, clock, random, log, retry });
  sandbox.setWebhookUrl(`${ctx.config.publicUrl}/webhooks/paystack`);
}

function keepKeys(now: () => Date): { mailer: Mailer; mails: () => Mail[] } {
  const kept: { key: string; to: string; at: string }[] = [];
  return {
    mailer: {
      async send({ key, to }) {
        kept.push({ key, to, at: now().toISOString() });
        return { messageId: `m-${kept.length}` };
      },
    },
    mails: () => kept.map((mail) => ({ ...mail, subject: mail.key, text: '', html: '' }) as Mail),
  };
}

async function signUp({ db, clock }: AppContext, count: number): Promise<Shopper[]> {
  const shoppers: Shopper[] = [];
  for (let n = 0; n < count; n += 1) {
    const [email, name] = [`shopper-${n}@example.com`, `Shopper ${n}`];
    const { _id } = await createUser(db, { email, name, role: 'customer', passwordHash: 'none' }, clock.now());
    shoppers.push({ id: _id, email, name });
  }
  return shoppers;
}

async function stockUp({ db, clock }: AppContext): Promise<Variant[]> {
  const by = { actor: 'system', now: clock.now() } as const;
  const thing = { slug: 'thing', title: 'Thing', description: 'One.', category: 'Things' };
  const product = await createProduct(db, thing, by);
  const variants: Variant[] = [];
  for (let n = 1; n <= VARIANTS; n += 1) {
    const stock = n === VARIANTS ? SCARCE : STOCK;
    const price = 100_000 + n * 12_345;
    const input = {
      productId: product._id,
      sku: `THING-${n}`,
      title: `No. ${n}`,
      price,
      currency: 'NGN',
      stock,
    } as const;
    variants.push(await createVariant(db, input, by));
  }
  return variants;
}

export const newKey = () => randomBytes(12).toString('hex');
