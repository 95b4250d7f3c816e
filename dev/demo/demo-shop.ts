import { randomBytes } from 'node:crypto';
import { type Environment, readEnv, withSecretFiles } from '../../server/config/config.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import type { Mail, Mailbox } from '../mailbox/mailbox.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { SEED_CUSTOMER, SEED_STAFF, seedShop } from '../seed/seed.ts';
import { ensurePages } from '../start/built-pages.ts';
import { type LocalServer, startLocalServer } from '../start/local-server.ts';
import { assert } from './assert.ts';
import type { Client } from './client.ts';
import type { Reporter } from './reporter.ts';
import { Shopper, signIn } from './shopper.ts';

export interface DemoShop {
  reporter: Reporter;
  url: string;
  ctx: AppContext;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  /** Moves the clock that the shop, its worker, the sandbox and the mailbox share, and what the sandbox does with time. */
  advanceClock(durationMs: number): void;
  /** The seeded customer, signed in. */
  ada(): Promise<Shopper>;
  /** Registers a new customer. */
  register(name: string, email: string): Promise<Shopper>;
  /** The client of the seeded staff account. */
  staff(): Promise<Client>;
  /** Free units of a variant, read from the database and not through the API. */
  stockOf(sku: string): Promise<number>;
  variantId(sku: string): Promise<string>;
  /** Resolves once the email of this kind about this order has arrived. */
  mailAbout(orderId: string, kind: string): Promise<Mail>;
}

/** Limits high enough for every scenario, and a sweep each second so that its work is seen at once. */
const DEMO_ENVIRONMENT: Environment = {
  PORT: '0',
  CALLS_PER_MINUTE: '1000000',
  SIGN_INS_PER_MINUTE: '10000',
  MAX_IN_FLIGHT: '10000',
  SWEEP_SECONDS: '1',
  // Scenarios move the clock by days, and a token must outlive that.
  STAFF_SESSION_HOURS: '720',
  LOG_LEVEL: 'silent',
};
const REFUND_STEP_MS = 100;
const MAIL_TIMEOUT_MS = 20_000;

export interface DemoShopOptions {
  /** Overrides single variables of DEMO_ENVIRONMENT. */
  env?: Environment;
  refundStepMs?: number;
  /** Builds and serves the pages of shoppers as well. */
  withPages?: boolean;
}

/**
 * Runs the steps against a whole shop on free ports with a new database, and removes both, also after a failure. Of the
 * machine's environment it reads MONGODB_URI only.
 */
export async function withDemoShop(
  reporter: Reporter,
  options: DemoShopOptions,
  runSteps: (shop: DemoShop) => Promise<void>,
): Promise<void> {
  const { MONGODB_URI = '', MONGODB_URI_FILE = '' } = readEnv();
  const database = withSecretFiles({ MONGODB_URI, MONGODB_URI_FILE });
  const shop = await reporter.step('The shop starts: MongoDB, Paystack’s sandbox, a mailbox, web and worker', () =>
    startLocalServer({
      env: { ...DEMO_ENVIRONMENT, ...database, ...options.env },
      folder: null,
      ports: { sandbox: 0, mailbox: 0 },
      log: (line) => reporter.note(line),
      refundStepMs: options.refundStepMs ?? REFUND_STEP_MS,
      ...(options.withPages === true ? { pages: () => ensurePages((line) => reporter.note(line)) } : {}),
      dbName: `orders-demo-${randomBytes(4).toString('hex')}`,
    }),
  );
  try {
    await seedShop(shop.ctx.db, { currency: shop.ctx.config.currency, now: shop.ctx.clock.now() });
    await runSteps(demoShop(shop, reporter));
  } finally {
    // A database on the server of MONGODB_URI would remain.
    if (shop.mongo === null) await shop.ctx.db.connection.dropDatabase();
    await shop.stop();
  }
}

function demoShop(shop: LocalServer, reporter: Reporter): DemoShop {
  const { ctx, url, sandbox, mailbox } = shop;
  assert(sandbox !== null && mailbox !== null, 'the demo needs the sandbox and the mailbox');
  const variantOf = async (sku: string) => {
    const variant = await ctx.db.variants.findOne({ sku }).lean();
    assert(variant !== null, `there is no ${sku}`);
    return variant;
  };
  return {
    reporter,
    url,
    ctx,
    sandbox,
    mailbox,
    advanceClock: (durationMs) => {
      sandbox.advanceClock(durationMs);
    },
    ada: () => Shopper.signIn(url, SEED_CUSTOMER),
    register: (name, email) => Shopper.register(url, { name, email, password: randomBytes(12).toString('hex') }),
    staff: async () => (await signIn(url, SEED_STAFF)).client,
    stockOf: async (sku) => (await variantOf(sku)).stock,
    variantId: async (sku) => String((await variantOf(sku))._id),
    mailAbout: (orderId, kind) =>
      mailbox.waitFor(({ key }) => key?.startsWith(`${orderId}:${kind}:`) === true, { timeoutMs: MAIL_TIMEOUT_MS }),
  };
}
