import { join, relative } from 'node:path';
import type { Clock } from '../../jobs/ports.ts';
import { type Environment, toConfig } from '../../server/config/config.ts';
import type { AppContext } from '../../server/context/app-context.ts';
import type { AddedHistory } from '../history/add-history.ts';
import { MovedClock } from '../history/moved-clock.ts';
import { openingTime } from '../history/opening-time.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { EmbeddedMongo } from '../mongod/embedded-mongo.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import type { BuiltPages } from './built-pages.ts';
import type { FakesOptions } from './fakes.ts';
import { assertPortFree, findFreePort } from './ports.ts';
import { makeSecrets, openSecrets } from './secrets.ts';
import { StartError } from './start-error.ts';
import type { ShopDatabase } from './unfinished-history.ts';

export interface LocalServerOptions extends FakesOptions {
  /** The program's variables that are set; defaults of development apply to the others. */
  env: Environment;
  /** Lines for people, such as the progress of a download. */
  log: (line: string) => void;
  /** Used instead of the database that MONGODB_URI names. */
  dbName?: string;
  /** An empty database gets the history of a shop first, if Paystack and the mailbox are fakes. The signal stops the playing of it. */
  history?: AbortSignal;
  /** Resolves to the folders of the built storefront and desk, null where there is none. Runs while the database starts. */
  pages?: () => Promise<BuiltPages>;
}

export interface LocalServer {
  ctx: AppContext;
  url: string;
  /** The URL of /livez, /readyz and /metrics. */
  opsUrl: string;
  /** null if MONGODB_URI names a server; `sandbox` and `mailbox` are null if their keys are set. */
  mongo: EmbeddedMongo | null;
  sandbox: PaystackSandbox | null;
  mailbox: Mailbox | null;
  storefrontDir: string | null;
  deskDir: string | null;
  /** Stops the server first, then the fakes and the database. May be repeated. */
  stop(): Promise<void>;
}

const DATABASE = 'orders';

/**
 * Starts web and worker in one process, with a fake for each external service whose variable is not set. Resolves once
 * the web answers and the worker runs. Throws StartError, ConfigError or UnsuitableServerError; then nothing is left running.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { env, folder } = options;
  const { port, opsPort } = await choosePorts(options);
  const { jwtSecret, paystackSecretKey } = folder === null ? makeSecrets() : await openSecrets(folder);
  const closers: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    // Loading the program takes as long as starting mongod, so both run at once.
    const [mongo, { startServer }, fakes, { storefrontDir, deskDir }] = await allOrFirstError([
      isSet(env.MONGODB_URI) ? null : openMongo(options, closers),
      import('../../server/process/start.ts'),
      import('./fakes.ts'),
      options.pages?.() ?? { storefrontDir: null, deskDir: null },
    ]);
    const dbName = options.dbName ?? (mongo === null ? undefined : DATABASE);
    const machine = new MovedClock();
    const database = { uri: mongo?.uri ?? env.MONGODB_URI ?? '', dbName, isEmbedded: mongo !== null };
    await beginAnew(options, database);
    const history = await planHistory(options, database);
    if (history !== null) machine.moveTo(history.opensAt);
    // After the database: only its lock on the folder detects a second shop there.
    const sandbox = isSet(env.PAYSTACK_SECRET_KEY)
      ? null
      : await fakes.openSandbox({ ...options, secretKey: paystackSecretKey, clock: machine }, closers);
    // The shop's time is the sandbox's, so that moving that one on lets days pass in both.
    const clock: Clock = { now: () => sandbox?.time() ?? new Date() };
    const mailbox = isSet(env.SENDGRID_API_KEY) ? null : await fakes.openMailbox({ ...options, clock }, closers);
    const config = toConfig({
      ...developmentDefaults(port, env.CURRENCY),
      OPS_PORT: String(opsPort),
      ...(mongo === null ? {} : { MONGODB_URI: mongo.uri }),
      ...(sandbox === null ? {} : { PAYSTACK_SECRET_KEY: paystackSecretKey }),
      ...(mailbox === null ? {} : { SENDGRID_API_KEY: 'SG.mailbox' }),
      JWT_SECRET: jwtSecret,
      DRAIN_SECONDS: '0',
      ...withoutEmpty(env),
      NODE_ENV: 'development',
      PORT: String(port),
    });
    const context = {
      migrate: true,
      ...(dbName === undefined ? {} : { dbName }),
      clock,
      ...(sandbox === null ? {} : { paystackBaseUrl: sandbox.url }),
      ...(mailbox === null ? {} : { sendgridBaseUrl: mailbox.url }),
    };
    if (history !== null && sandbox !== null && mailbox !== null)
      await history.play({ config, overrides: context, sandbox, mailbox, clock: machine });
    const server = await startServer(config, {
      ...context,
      ...(storefrontDir === null ? {} : { storefrontDir }),
      ...(deskDir === null ? {} : { deskDir }),
    });
    closers.push(server.stop);
    const url = server.url ?? config.publicUrl;
    sandbox?.setWebhookUrl(`${url}/webhooks/paystack`);
    return { ctx: server.ctx, url, opsUrl: server.opsUrl, mongo, sandbox, mailbox, storefrontDir, deskDir, stop };
  } catch (error) {
    await stop();
    throw isSet(env.MONGODB_URI) ? error : await inTermsOfFolder(error, folder);
  }
}

type Played = Pick<AddedHistory, 'config' | 'overrides' | 'sandbox' | 'mailbox' | 'clock'>;

interface PlannedHistory {
  /** ms */
  opensAt: number;
  play(shop: Played): Promise<void>;
}

/** null without the option, for a shop that has a past, and with a service that is no fake. */
async function planHistory(
  { env, folder, history: signal, log }: LocalServerOptions,
  database: ShopDatabase,
): Promise<PlannedHistory | null> {
  if (signal === undefined || isSet(env.PAYSTACK_SECRET_KEY) || isSet(env.SENDGRID_API_KEY)) return null;
  const { hasSandboxRecords } = await import('./fakes.ts');
  // The sandbox of another shop has a clock and payments of its own.
  if (folder !== null && hasSandboxRecords(folder)) return null;
  const { addHistory, isEmptyDatabase } = await import('../history/add-history.ts');
  if (!(await isEmptyDatabase(database.uri, database.dbName))) return null;
  const { noteHistoryBegins, noteHistoryEnds } = await import('./unfinished-history.ts');
  const { waitForJournal } = await import('../mongod/journal.ts');
  const endsAt = new Date();
  return {
    opensAt: openingTime(endsAt),
    play: async (shop) => {
      if (folder !== null) await noteHistoryBegins(folder, database);
      // After a crash it begins anew.
      if (database.isEmbedded) await waitForJournal(database.uri, false);
      await addHistory({ ...shop, endsAt, signal, log });
      if (database.isEmbedded) await waitForJournal(database.uri, true);
      if (signal.aborted) throw new StartError('Stopped; the next start plays the days from the first one on.');
      if (folder !== null) await noteHistoryEnds(folder);
    },
  };
}

/** After a start that was stopped while it played a history, nothing of that is left. */
async function beginAnew({ folder, log }: LocalServerOptions, database: ShopDatabase): Promise<void> {
  if (folder === null) return;
  const { dropUnfinishedHistory } = await import('./unfinished-history.ts');
  if (await dropUnfinishedHistory(folder, database)) log('The last start was stopped early: the shop begins anew.');
}

/** For a database in our own folder, the remedy is to delete that folder. */
async function inTermsOfFolder(error: unknown, folder: string | null): Promise<unknown> {
  const { OtherReleaseLineError } = await import('../../models/db/migrations/schema-version.ts');
  if (folder === null || !(error instanceof OtherReleaseLineError)) return error;
  const path = relative(process.cwd(), folder) || '.';
  return new StartError(
    `The data in ${path} were written by ${error.writer}, which this program does not read: delete that folder to begin anew.`,
  );
}

const isSet = (value: string | undefined) => value !== undefined && value.trim() !== '';

/** An empty variable counts as not set, so that it does not override a default. */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => isSet(value)));
}

/** Loopback, unless HOST is set: the seeded passwords are public. */
function developmentDefaults(port: number, currency = 'NGN'): Environment {
  const url = `http://127.0.0.1:${port}`;
  return {
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    STOREFRONT_URL: url,
    SHOP_NAME: 'Ọjà Market',
    EMAIL_FROM: 'orders@oja-market.example',
    // The seeded catalogue is priced in naira, whatever the currency of new prices is.
    SHIPPING_FEE: /^(?:NGN)?$/.test(currency.trim()) ? 'NGN 1500' : `NGN 1500, ${currency.trim()} 5`,
    LOG_LEVEL: 'warn',
  };
}

/** PUBLIC_URL must be known before the server listens, so a free port is chosen here and not by the system. */
async function choosePorts({ env, ports }: LocalServerOptions): Promise<{ port: number; opsPort: number }> {
  // toConfig reports a malformed PORT together with all other problems.
  const port = /^\d{1,5}$/.test(env.PORT ?? '') ? Number(env.PORT) : 3000;
  const host = isSet(env.HOST) && env.HOST !== undefined ? { host: env.HOST } : {};
  // With a free port for shoppers, a second shop on the machine is meant.
  const opsPort = isSet(env.OPS_PORT) ? Number(env.OPS_PORT) : port === 0 ? 0 : 3001;
  if (port <= 65_535) await assertPortFree({ variable: 'PORT', port, ...host });
  if (opsPort <= 65_535) await assertPortFree({ variable: 'OPS_PORT', port: opsPort, ...host });
  if (!isSet(env.PAYSTACK_SECRET_KEY)) await assertPortFree({ variable: 'SANDBOX_PORT', port: ports.sandbox });
  if (!isSet(env.SENDGRID_API_KEY)) await assertPortFree({ variable: 'MAILBOX_PORT', port: ports.mailbox });
  return { port: port === 0 ? await findFreePort() : port, opsPort };
}

async function openMongo(
  { folder, log }: LocalServerOptions,
  closers: (() => Promise<void>)[],
): Promise<EmbeddedMongo> {
  const { startEmbeddedMongo } = await import('../mongod/embedded-mongo.ts');
  const mongo = await startEmbeddedMongo({ dbPath: folder === null ? 'ephemeral' : join(folder, 'mongo'), log });
  closers.push(mongo.stop);
  return mongo;
}

/** Promise.all that waits for every promise also after a failure, so that the caller can close what has started. */
async function allOrFirstError<T extends readonly unknown[]>(
  values: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(values);
  return Promise.all(values);
}
