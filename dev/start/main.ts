/**
 * `npm start`: the shop with a fake for each external service that is not configured. It refuses live keys, because the
 * password of its staff account is in this repository.
 */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { misspeltHints, readEnv, withSecretFiles } from '../../server/config/config.ts';
import { stopOnSignals } from '../../server/process/shutdown.ts';
import { TEAM } from '../history/people.ts';
import { type SeedAccount, type SeedOutcome, seedShop } from '../seed/seed.ts';
import { ensurePages } from './built-pages.ts';
import { describeAccounts } from './describe-accounts.ts';
import { PROJECT_FOLDER, readDevelopmentSettings } from './environment.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { failToStart } from './report-failure.ts';
import { StartError } from './start-error.ts';

/** Slow enough to see each state of a refund on its page. */
const REFUND_STEP_MS = 1_500;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const print = (line: string) => console.log(line);

/** Throws StartError for an unknown option. */
function readOptions(): { empty: boolean } {
  try {
    return parseArgs({ args: process.argv.slice(3), options: { empty: { type: 'boolean', default: false } } }).values;
  } catch {
    throw new StartError('npm start takes one option: `npm start -- --empty` starts a new shop without a history.');
  }
}

async function main(): Promise<void> {
  const { empty } = readOptions();
  const env = withSecretFiles(readEnv());
  const { sandboxPort, mailboxPort, dataFolder, isProduction } = readDevelopmentSettings();
  if (isProduction) {
    throw new StartError(
      'npm start is the shop for development: unset NODE_ENV, or run production by `npm run build` and `npm run serve`.',
    );
  }
  if (env.PAYSTACK_SECRET_KEY?.startsWith('sk_live_')) {
    throw new StartError(
      'PAYSTACK_SECRET_KEY is a live key, and this shop is for development: set a test key (sk_test_…), or none for the sandbox.',
    );
  }
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of STOP_SIGNALS) process.on(signal, abort);
  const shop = await startLocalServer({
    env,
    folder: dataFolder,
    ports: { sandbox: sandboxPort, mailbox: mailboxPort },
    log: print,
    refundStepMs: REFUND_STEP_MS,
    pages: () => ensurePages(print),
    ...(empty ? {} : { history: stop.signal }),
  });
  for (const signal of STOP_SIGNALS) process.off(signal, abort);
  for (const hint of misspeltHints()) shop.ctx.log.warn(hint);
  stopOnSignals(shop.ctx.log, shop.stop);
  const { db, config, clock } = shop.ctx;
  const seeded = await seedShop(db, { currency: config.currency, now: clock.now() });
  const hasTeam = (await db.users.exists({ email: TEAM[0]?.email ?? '' })) !== null;
  printTable(shop, { seeded, team: hasTeam ? TEAM : [], folder: relative(PROJECT_FOLDER, dataFolder) || '.' });
}

interface Started {
  seeded: SeedOutcome;
  /** Of the history. */
  team: readonly SeedAccount[];
  folder: string;
}

function printTable(shop: LocalServer, { seeded, team, folder }: Started): void {
  const seconds = (performance.now() / 1000).toFixed(1);
  const rows: [string, string, string][] = [
    ['shop', shop.url, shop.storefrontDir === null ? 'web and worker; no storefront is built' : 'web and worker'],
    ['desk', `${shop.url}/desk`, shop.deskDir === null ? 'not built' : 'the pages of staff'],
    ['jobs', `${shop.url}/agendash`, 'Agendash, for staff'],
    ['health', `${shop.opsUrl}/readyz`, 'also /livez and /metrics, for operators'],
    ['MongoDB', ...describeMongo(shop, folder)],
    ['Paystack', ...describeService(shop.sandbox, 'Paystack', 'PAYSTACK_SECRET_KEY', 'a sandbox, no money moves')],
    ...describeClock(shop),
    ['email', ...describeService(shop.mailbox, 'SendGrid', 'SENDGRID_API_KEY', 'a mailbox, open it to read the mails')],
  ];
  print(`\nThe shop is ready after ${seconds} s.\n`);
  printColumns(rows);
  print('');
  const accounts = describeAccounts(shop.ctx.config, seeded, team);
  if ('sentence' in accounts) print(`  ${accounts.sentence}`);
  else printColumns(accounts.rows);
  print(`\nCtrl-C stops all of it. The data stays in ${folder}; delete that folder to start again from nothing.\n`);
}

function describeMongo({ mongo }: LocalServer, folder: string): [string, string] {
  if (mongo === null) return ['at MONGODB_URI', 'yours'];
  return [`${mongo.uri.replace('/?', '/orders?')}`, `embedded: a replica set in ${folder}; or set MONGODB_URI`];
}

function describeClock({ sandbox }: LocalServer): [string, string, string][] {
  if (sandbox === null) return [];
  return [
    ['clock', `${sandbox.url}/__sandbox/clock`, 'days pass for shop and sandbox: POST {"advanceMs": 86400000} as JSON'],
  ];
}

function describeService(fake: { url: string } | null, real: string, variable: string, what: string): [string, string] {
  return fake === null ? [real, `the real one, by ${variable}`] : [fake.url, `fake: ${what}; or set ${variable}`];
}

function printColumns(rows: readonly (readonly [string, string, string])[]): void {
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  for (const [first, second, third] of rows) {
    print(`  ${first.padEnd(width(0))}  ${second.padEnd(width(1))}  ${third}`);
  }
}

await main().catch(failToStart);
