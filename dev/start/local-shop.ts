/**
 * A whole shop in one process: web and worker as in production, and a stand-in for each part of the outside world whose
 * variable is not set. `npm start` keeps what the stand-ins know in a folder; the demo keeps nothing.
 * What fails while starting leaves nothing running. Called by main.ts and demo/stage.ts.
 */
import { join } from 'node:path';
import type { Clock } from '../../jobs/ports.ts';
import { type Environment, toConfig } from '../../server/config/config.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { EmbeddedMongo } from '../mongod/embedded-mongo.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import { assertPortFree, findFreePort } from './ports.ts';
import { makeSecrets, openSecrets } from './secrets.ts';

export interface LocalShopOptions {
  /** The program's variables that were set; development's own defaults stand in for the others. */
  env: Environment;
  /** Where the stand-ins keep what they know; null: nowhere. */
  folder: string | null;
  /** Of the stand-ins; 0 for a free one. */
  ports: { sandbox: number; mailbox: number };
  /** For people, about things that take long or that they should know. */
  log: (line: string) => void;
  /** The pause between the steps of a refund at the sandbox. */
  refundStepMs: number;
  /** Shared by the shop and the stand-ins; missing: each has its own. */
  clock?: Clock;
  /** The database's name, where MONGODB_URI's own must not be used. */
  dbName?: string;
  /** Gives a built storefront to serve at /, or null; called while the database starts. */
  storefront?: () => Promise<string | null>;
}

export interface LocalShop {
  ctx: AppContext;
  url: string;
  /** null where MONGODB_URI names a real one; likewise for the others. */
  mongo: EmbeddedMongo | null;
  sandbox: PaystackSandbox | null;
  mailbox: Mailbox | null;
  storefrontDir: string | null;
  /** Ends the shop first, then what it stood on. May be repeated. */
  stop(): Promise<void>;
}

const DATABASE = 'orders';

/** Resolves when the shop answers and its worker runs. Throws StartError, ConfigError or UnsuitableServerError. */
export async function startLocalShop(options: LocalShopOptions): Promise<LocalShop> {
  const { env, folder } = options;
  const port = await choosePort(options);
  const { jwtSecret, paystackSecretKey } = folder === null ? makeSecrets() : await openSecrets(folder);
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    // Loading the program takes as long as starting mongod; both at once.
    const [mongo, { startServer: startShop }, standIns, storefrontDir] = await allOrFirstError([
      isSet(env.MONGODB_URI) ? null : openMongo(options, closers),
      import('../../server/process/start.ts'),
      import('./fakes.ts'),
      options.storefront?.() ?? null,
    ]);
    // After the database: it alone notices that another shop runs from this folder.
    const sandbox = isSet(env.PAYSTACK_SECRET_KEY)
      ? null
      : await standIns.openSandbox({ ...options, secretKey: paystackSecretKey }, closers);
    const mailbox = isSet(env.SENDGRID_API_KEY) ? null : await standIns.openMailbox(options, closers);
    const config = toConfig({
      ...developmentDefaults(port),
      ...(mongo === null ? {} : { MONGODB_URI: mongo.uri }),
      ...(sandbox === null ? {} : { PAYSTACK_SECRET_KEY: paystackSecretKey }),
      ...(mailbox === null ? {} : { SENDGRID_API_KEY: 'SG.mailbox' }),
      JWT_SECRET: jwtSecret,
      DRAIN_SECONDS: '0',
      ...given(env),
      NODE_ENV: 'development',
      PORT: String(port),
    });
    const dbName = options.dbName ?? (mongo === null ? undefined : DATABASE);
    const shop = await startShop(config, {
      migrate: true,
      ...(dbName === undefined ? {} : { dbName }),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(sandbox === null ? {} : { paystackBaseUrl: sandbox.url }),
      ...(mailbox === null ? {} : { sendgridBaseUrl: mailbox.url }),
      ...(storefrontDir === null ? {} : { storefrontDir }),
    });
    closers.push(shop.stop);
    const url = shop.url ?? config.publicUrl;
    sandbox?.setWebhookUrl(`${url}/webhooks/paystack`);
    return { ctx: shop.ctx, url, mongo, sandbox, mailbox, storefrontDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const isSet = (value: string | undefined) => value !== undefined && value.trim() !== '';

/** An empty variable counts as not set, so that it does not hide a default. */
function given(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => isSet(value)));
}

/** Loopback only, unless HOST says otherwise: this shop's passwords are printed on its terminal. */
function developmentDefaults(port: number): Environment {
  const url = `http://127.0.0.1:${port}`;
  return {
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    STOREFRONT_URL: url,
    SHOP_NAME: 'Ọjà Market',
    EMAIL_FROM: 'orders@oja-market.example',
    SHIPPING_FEE: '1500',
    LOG_LEVEL: 'warn',
  };
}

/** Our own address has to be known before we listen, so a free port is chosen here and not by the system. */
async function choosePort({ env, ports }: LocalShopOptions): Promise<number> {
  // Bad values are told with all others by toConfig; here only the number matters.
  const wanted = /^\d{1,5}$/.test(env.PORT ?? '') ? Number(env.PORT) : 3000;
  const host = isSet(env.HOST) && env.HOST !== undefined ? { host: env.HOST } : {};
  if (wanted <= 65_535) await assertPortFree({ variable: 'PORT', port: wanted, ...host });
  if (!isSet(env.PAYSTACK_SECRET_KEY)) await assertPortFree({ variable: 'SANDBOX_PORT', port: ports.sandbox });
  if (!isSet(env.SENDGRID_API_KEY)) await assertPortFree({ variable: 'MAILBOX_PORT', port: ports.mailbox });
  return wanted === 0 ? findFreePort() : wanted;
}

async function openMongo({ folder, log }: LocalShopOptions, closers: (() => Promise<void>)[]): Promise<EmbeddedMongo> {
  const { startEmbeddedMongo } = await import('../mongod/embedded-mongo.ts');
  const mongo = await startEmbeddedMongo({ dbPath: folder === null ? 'ephemeral' : join(folder, 'mongo'), log });
  closers.push(mongo.stop);
  return mongo;
}

/** Waits for all also when one fails, so that what is still starting can be closed. */
async function allOrFirstError<T extends readonly unknown[]>(
  values: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(values);
  return Promise.all(values);
}
