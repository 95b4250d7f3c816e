import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { createJobs } from '../../jobs/agenda/agenda.ts';
import { SingleFlight } from '../../jobs/concurrency/single-flight.ts';
import { createEmailSender } from '../../jobs/email-sender.ts';
import type { Clock, Mailer, PaystackPort, Random } from '../../jobs/ports.ts';
import { createSearchIndexer } from '../../jobs/search/search-indexer.ts';
import { type Database, openDatabase } from '../../models/db/database.ts';
import { assertIndexesAndValidators } from '../../models/db/migrations/indexes-and-validators.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import { assertMigrationsFinished } from '../../models/db/migrations/run-migrations.ts';
import { assertSchemaVersion } from '../../models/db/migrations/schema-version.ts';
import { checkReplicaSet } from '../../models/db/topology.ts';
import { DEADLINES } from '../../models/deadlines.ts';
import { findRecipients } from '../../models/messaging/staff-email.ts';
import { defaultSettings } from '../../models/settings/settings.ts';
import { createOneTimeTokens } from '../auth/one-time-tokens.ts';
import { createSignInLimits } from '../auth/sign-in-limits.ts';
import type { Config } from '../config/config.ts';
import { renderReceipt } from '../documents/receipt.ts';
import { createEmailRendering } from '../email/email-rendering.ts';
import { createMailer } from '../email/mailer.ts';
import { createCallLimits } from '../http/call-limits.ts';
import { createChangeFeed } from '../live/change-feed.ts';
import { SubscriptionLimiter } from '../live/subscription-limiter.ts';
import { createEvents } from '../observability/events.ts';
import { createGauges } from '../observability/gauges.ts';
import { createLogger } from '../observability/logger.ts';
import { createPaystackService } from '../paystack/service.ts';
import type { AppContext } from './app-context.ts';
import { createDatabaseClock } from './database-clock.ts';
import { LateWork } from './late-work.ts';
import { createSettingsCache } from './settings-cache.ts';
import { systemClock, systemRandom } from './system-ports.ts';
import { trace } from './trace.ts';

/** A verify's result is reused for this long. */
const VERIFY_TTL_MS = 2_000;

export interface ContextOverrides {
  log?: Logger;
  clock?: Clock;
  random?: Random;
  paystack?: PaystackPort;
  mailer?: Mailer;
  /** Where the fakes of development and tests listen. */
  paystackBaseUrl?: string;
  sendgridBaseUrl?: string;
  /** Create collections and indexes instead of asserting that they exist: development and tests. */
  migrate?: boolean;
  dbName?: string;
  appName?: string;
}

export interface OpenContext {
  ctx: AppContext;
  /** Ends watchers and jobs, then closes the database. May be repeated. */
  close(): Promise<void>;
}

/**
 * Opens what a process needs. Overrides replace the seams that leave the process; no environment variable can. Rejects, with
 * nothing left open, when the database cannot be reached or is not prepared.
 */
export async function createContext(config: Config, overrides: ContextOverrides = {}): Promise<OpenContext> {
  const log = overrides.log ?? createLogger({ level: config.logLevel, pretty: config.prettyLogs });
  const events = createEvents(log);
  const db = await openDatabase(config.mongodbUri, {
    ...(overrides.dbName === undefined ? {} : { dbName: overrides.dbName }),
    ...(overrides.appName === undefined ? {} : { appName: overrides.appName }),
  });
  try {
    await checkServer(db, log);
    await (overrides.migrate ? migrate(db) : assertPrepared(db));
    const databaseClock = overrides.clock ? null : await createDatabaseClock(db.connection);
    const clock = overrides.clock ?? databaseClock ?? systemClock;
    const random = overrides.random ?? systemRandom;
    const jobs = await createJobs(db, events, trace);
    const changeFeed = createChangeFeed(db, events);
    const search = createSearchIndexer(db, events);
    const { shopName, emailReplyTo: replyTo, shopTimeZone: timeZone } = config;
    const defaults = defaultSettings({ shopName, replyTo });
    const settings = createSettingsCache(db, defaults, clock);
    const oneTimeTokens = config.auth.kind === 'own' ? createOneTimeTokens(config.auth.secret) : null;
    const ctx: AppContext = {
      config,
      db,
      clock,
      random,
      log,
      events,
      jobs,
      settings,
      oneTimeTokens,
      defaultSettings: defaults,
      search,
      changeFeed,
      emailSender: createEmailSender(),
      subscriptionLimiter: new SubscriptionLimiter(),
      limits: { ...createCallLimits({ config, clock }), ...createSignInLimits({ config, db, log }) },
      trace,
      warnings: new Set(),
      lateWork: new LateWork(),
      stopping: createStopping(),
      refreshGauges: createGauges({ db, clock, events }),
      verifications: new SingleFlight(VERIFY_TTL_MS, clock),
      paystack: overrides.paystack ?? paystackOf(config, overrides, { clock, random, log, events }),
      mailer: overrides.mailer ?? mailerOf(config, overrides),
      ...createEmailRendering({ config, settings, oneTimeTokens }),
      staffAddresses: () => findRecipients(db, defaults),
      newOrdersMinutes: async () => (await settings()).newOrdersMinutes ?? 1,
      renderReceipt: async (order) => renderReceipt(order, { ...(await settings()), timeZone }),
    };
    return {
      ctx,
      async close() {
        databaseClock?.stop();
        await changeFeed.stop();
        await jobs.stop();
        await search.stop();
        await db.connection.close();
      },
    };
  } catch (error) {
    await db.connection.close().catch(() => undefined);
    throw error;
  }
}

/** Throws NotMigratedError when the database lacks what `npm run migrate` creates. Reads only. */
async function assertPrepared(db: Database): Promise<void> {
  await assertSchemaVersion(db);
  await assertMigrationsFinished(db);
  await assertIndexesAndValidators(db);
}

/** A worker that dies inside a transaction blocks others for this long; the server's default is 60 s. */
const MOST_TRANSACTION_SECONDS = 5;

/** Throws UnsuitableServerError for a server without transactions; warns of one that keeps abandoned transactions too long. */
async function checkServer({ connection }: Database, log: Logger): Promise<void> {
  const { transactionLifetimeLimitSeconds: limit } = await checkReplicaSet(connection);
  if (limit !== null && limit <= MOST_TRANSACTION_SECONDS) return;
  const setting = limit === null ? 'cannot be read' : `is ${limit}`;
  log.warn(
    { component: 'mongodb' },
    `transactionLifetimeLimitSeconds of the MongoDB server ${setting}; set it to ${MOST_TRANSACTION_SECONDS}, so that a worker that dies does not block others for longer`,
  );
}

function paystackOf(
  config: Config,
  { paystackBaseUrl }: ContextOverrides,
  { clock, random, log, events }: Pick<AppContext, 'clock' | 'random' | 'log' | 'events'>,
): PaystackPort {
  return createPaystackService({
    secretKey: config.paystackSecretKey,
    ...(paystackBaseUrl === undefined ? {} : { baseUrl: paystackBaseUrl }),
    clock,
    random,
    log,
    observe: (call) => events.paystackCall(call),
  });
}

function mailerOf(config: Config, { sendgridBaseUrl }: ContextOverrides): Mailer {
  return createMailer({
    apiKey: config.sendgridApiKey,
    baseUrl: sendgridBaseUrl ?? config.sendgridBaseUrl,
    from: config.emailFrom,
    timeoutMs: DEADLINES.mail,
  });
}

/** A hundred waits may end with it at once, which Node would take for a leak. */
function createStopping(): AbortController {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  return stopping;
}
