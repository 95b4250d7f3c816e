/**
 * Where a story takes place: a whole shop on free ports that keeps nothing, with a clock that a story may move on, and the
 * people who act in it. Whatever happens, the stage is cleared.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../jobs/ports.ts';
import { type Environment, readEnv, withSecretFiles } from '../../server/config/config.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import type { Mail, Mailbox } from '../mailbox/mailbox.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { SEED_CUSTOMER, SEED_STAFF, seedShop } from '../seed/seed.ts';
import { type LocalShop, startLocalShop } from '../start/local-shop.ts';
import { assert } from './assert.ts';
import type { Client } from './client.ts';
import type { Reporter } from './reporter.ts';
import { Shopper, signIn } from './shopper.ts';

export interface Scenario {
  reporter: Reporter;
  url: string;
  ctx: AppContext;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  /** Time passes for the shop, its worker, Paystack and the mailbox alike. */
  moveOn(durationMs: number): void;
  /** The seeded customer, signed in. */
  ada(): Promise<Shopper>;
  /** A new customer, registered. */
  register(name: string, email: string): Promise<Shopper>;
  /** A staff member's client. */
  staff(): Promise<Client>;
  /** Free units of a variant, from the database and not from the shop's own answers. */
  stockOf(sku: string): Promise<number>;
  variantId(sku: string): Promise<string>;
  /** The email of this kind about this order; waits for it. */
  mailAbout(orderId: string, kind: string): Promise<Mail>;
}

/** Limits that no story meets by accident, and a worker's rounds often enough to watch them. */
const STAGE_ENVIRONMENT: Environment = {
  PORT: '0',
  CALLS_PER_MINUTE: '1000000',
  SIGN_INS_PER_MINUTE: '10000',
  MAX_IN_FLIGHT: '10000',
  SWEEP_SECONDS: '1',
  // Stories move the clock by days; signing in again is no part of them.
  JWT_LIFETIME_MINUTES: '43200',
  LOG_LEVEL: 'silent',
};
const REFUND_STEP_MS = 100;
const MAIL_PATIENCE_MS = 20_000;

export interface ScenarioOptions {
  /** On top of the stage's own. */
  env?: Environment;
  refundStepMs?: number;
}

/** Opens a stage, plays on it and clears it, also when the story fails. Of the environment only MONGODB_URI is heeded. */
export async function runScenario(
  reporter: Reporter,
  options: ScenarioOptions,
  play: (stage: Scenario) => Promise<void>,
): Promise<void> {
  const clock = movableClock();
  const { MONGODB_URI = '', MONGODB_URI_FILE = '' } = readEnv();
  const database = withSecretFiles({ MONGODB_URI, MONGODB_URI_FILE });
  const shop = await reporter.step('A shop opens: MongoDB, Paystack’s sandbox, a mailbox, web and worker', () =>
    startLocalShop({
      env: { ...STAGE_ENVIRONMENT, ...database, ...options.env },
      folder: null,
      ports: { sandbox: 0, mailbox: 0 },
      log: (line) => reporter.note(line),
      refundStepMs: options.refundStepMs ?? REFUND_STEP_MS,
      clock,
      dbName: `orders-demo-${randomBytes(4).toString('hex')}`,
    }),
  );
  try {
    await seedShop(shop.ctx.db, { currency: shop.ctx.config.currency, now: clock.now() });
    await play(stageIn(shop, clock, reporter));
  } finally {
    // On a server of somebody else's the stage leaves nothing behind.
    if (shop.mongo === null) await shop.ctx.db.connection.dropDatabase();
    await shop.stop();
  }
}

function stageIn(shop: LocalShop, clock: MovableClock, reporter: Reporter): Scenario {
  const { ctx, url, sandbox, mailbox } = shop;
  assert(sandbox !== null && mailbox !== null, 'a stage has a sandbox and a mailbox');
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
    moveOn: clock.moveOn,
    ada: () => Shopper.signIn(url, SEED_CUSTOMER),
    register: (name, email) => Shopper.register(url, { name, email, password: randomBytes(12).toString('hex') }),
    staff: async () => (await signIn(url, SEED_STAFF)).client,
    stockOf: async (sku) => (await variantOf(sku)).stock,
    variantId: async (sku) => String((await variantOf(sku))._id),
    mailAbout: (orderId, kind) =>
      mailbox.waitFor(({ key }) => key?.startsWith(`${orderId}:${kind}:`) === true, { timeoutMs: MAIL_PATIENCE_MS }),
  };
}

interface MovableClock extends Clock {
  moveOn(durationMs: number): void;
}

/** The real time plus what a story has let pass. */
function movableClock(): MovableClock {
  let passedMs = 0;
  return {
    now: () => new Date(Date.now() + passedMs),
    moveOn: (durationMs) => {
      passedMs += durationMs;
    },
  };
}
