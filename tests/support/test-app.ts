/**
 * A complete app for one test, in this process: web process, database, sandbox, mailbox, and a worker if needed.
 * Tests replace configuration and external dependencies only. Two apps share nothing.
 */

import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import { type Mailbox, startMailbox } from '../../dev/mailbox/mailbox.ts';
import { type PaystackSandbox, startPaystackSandbox } from '../../dev/paystack-sandbox/src/index.ts';
import type { Clock } from '../../jobs/ports.ts';
import { createUser } from '../../models/accounts/create-user.ts';
import type { Role } from '../../models/contract/permissions.ts';
import type { Database } from '../../models/db/database.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { hashPassword } from '../../server/auth/passwords.ts';
import { type Config, type Environment, toConfig } from '../../server/config/config.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import type { ContextOverrides } from '../../server/context/create-context.ts';
import type { LateWork } from '../../server/context/late-work.ts';
import { systemClock } from '../../server/context/system-ports.ts';
import { createLogger } from '../../server/observability/logger.ts';
import { startServer } from '../../server/process/start.ts';
import type { AppRouter } from '../../server/trpc/router.ts';
import { letLongTimersGo } from './short-lived-timers.ts';
import { giveBackDatabase, takeDatabaseName, testMongoUri } from './test-mongo.ts';

export interface TestAppOptions {
  /** Environment variables, as an operator would set them. */
  env?: Environment;
  /** Fields of the configuration that have no variable or need finer values. */
  config?: Partial<Config>;
  /**
   * The external dependencies: clock, random, paystack, mailer. The sandbox and the mailbox share the clock. `name` is
   * the connections' appName in MongoDB.
   */
  context?: Pick<ContextOverrides, 'clock' | 'random' | 'paystack' | 'mailer' | 'appName'>;
  /** Also runs jobs and timers in this process. */
  worker?: boolean;
  /** The folder of a built storefront, served at /. */
  storefrontDir?: string;
  /** The folder of the built desk, served at /desk. */
  deskDir?: string;
  /** A database that the test made, or changes the guards of; by default an empty one, which is given back at the end. */
  dbName?: string;
}

export type Client = TRPCClient<AppRouter>;

export interface NewUser {
  email?: string;
  name?: string;
  role?: Role;
}

export interface SignedIn {
  id: string;
  email: string;
  token: string;
  client: Client;
}

export interface TestApp {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** Serves /livez, /readyz and /metrics. */
  opsUrl: string;
  ctx: AppContext;
  db: Database;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  /** All log lines so far, parsed. */
  logged: Record<string, unknown>[];
  /** A client over HTTP; anonymous without a token. */
  client(token?: string): Client;
  /** Inserts a new user with the password PASSWORD and signs a token, without the sign-up procedure. */
  signUp(user?: NewUser): Promise<SignedIn>;
  /** Closes everything. May be repeated. */
  stop(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';
export const PAYSTACK_KEY = 'sk_test_0123456789abcdef0123456789abcdef01234567';
const SENDGRID_KEY = 'SG.test.key';

/** Starts an app in some 200 ms. Each test starts its own, or shares one that its tests cannot disturb. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  if (options.worker) letLongTimersGo();
  const clock = options.context?.clock ?? systemClock;
  const [sandbox, mailbox] = await Promise.all([
    startPaystackSandbox({ secretKey: PAYSTACK_KEY, clock }),
    startMailbox({ apiKey: SENDGRID_KEY, clock }),
  ]);
  const closeStandIns = () => Promise.all([sandbox.close(), mailbox.close()]);
  const logged: Record<string, unknown>[] = [];
  const dbName = options.dbName ?? takeDatabaseName();
  let isOwned = options.dbName === undefined;
  const shop = await startServer(configOf(options), {
    log: createLogger({ level: 'debug', pretty: false }, { write: (line) => logged.push(JSON.parse(line)) }),
    clock,
    ...options.context,
    paystackBaseUrl: sandbox.url,
    sendgridBaseUrl: mailbox.url,
    dbName,
    migrate: true,
    ...(options.storefrontDir === undefined ? {} : { storefrontDir: options.storefrontDir }),
    ...(options.deskDir === undefined ? {} : { deskDir: options.deskDir }),
  }).catch(async (error: unknown) => {
    await closeStandIns();
    throw error;
  });
  const { ctx } = shop;
  const url = shop.url ?? '';
  // The port is known only now; callback URLs are made from it per request.
  ctx.config.publicUrl = url;
  // Tests count the emails of what they do.
  ctx.defaultSettings.newOrdersMinutes = 0;
  return {
    url,
    opsUrl: shop.opsUrl,
    ctx,
    db: ctx.db,
    sandbox: { ...sandbox, ...untilMarked(sandbox, ctx.lateWork) },
    mailbox,
    logged,
    client: (token) => clientOf(url, token),
    signUp: (user) => signUp(ctx, url, user),
    async stop() {
      await shop.stop();
      await closeStandIns();
      if (isOwned) await giveBackDatabase(dbName);
      isOwned = false;
    },
  };
}

/** No reply to a webhook waits for its mark in the inbox. Tests do, so that no later sweep takes the event for unapplied. */
function untilMarked(
  { webhooksIdle, resendWebhook }: PaystackSandbox,
  marks: LateWork,
): Pick<PaystackSandbox, 'webhooksIdle' | 'resendWebhook'> {
  return {
    webhooksIdle: () => webhooksIdle().then(() => marks.ended()),
    async resendWebhook(id) {
      const delivery = await resendWebhook(id);
      await marks.ended();
      return delivery;
    },
  };
}

/** Limits that no test reaches by accident, and timers that no test waits for. */
function configOf({ env, config, worker = false }: TestAppOptions): Config {
  const set = toConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    OPS_PORT: '0',
    DRAIN_SECONDS: '0',
    ROLES: worker ? 'web,worker' : 'web',
    MONGODB_URI: testMongoUri(),
    PAYSTACK_SECRET_KEY: PAYSTACK_KEY,
    SENDGRID_API_KEY: SENDGRID_KEY,
    STOREFRONT_URL: 'http://storefront.example',
    SHOP_NAME: 'Test Shop',
    SHIPPING_FEE: 'NGN 1500',
    CALLS_PER_MINUTE: '1000000',
    SIGN_INS_PER_MINUTE: '10000',
    MAX_IN_FLIGHT: '10000',
    ...env,
  });
  return { ...set, ...config };
}

/** Hashing takes tens of milliseconds by design, so all users share one hash. */
let passwordHash: Promise<string> | undefined;
let users = 0;

async function signUp(ctx: AppContext, url: string, user: NewUser = {}): Promise<SignedIn> {
  users += 1;
  passwordHash ??= hashPassword(PASSWORD);
  const { email = `user${users}@example.com`, name = 'Ada Obi', role = 'customer' } = user;
  const made = await createUser(ctx.db, { email, name, role, passwordHash: await passwordHash }, ctx.clock.now());
  const { token } = await createAuth(ctx).issue(made);
  return { id: String(made._id), email, token, client: clientOf(url, token) };
}

function clientOf(url: string, token?: string): Client {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/trpc`, headers, maxItems: 10 })] });
}

/** A clock that stands still until a test advances it. */
export function fakeClock(start = new Date()): Clock & { advance(ms: number): void } {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
  };
}
