/**
 * `npm start`: the whole shop on this machine. What the person has not set is stood in for, kept under .data/ so that a
 * restart continues, and named in the table that is printed. Never production: it refuses live keys, because its
 * staff account's password is in this repository.
 */
import { relative } from 'node:path';
import { readEnv, withSecretFiles } from '../../server/config/config.ts';
import { stopOnSignals } from '../../server/process/shutdown.ts';
import { SEED_CUSTOMER, SEED_STAFF, type SeedOutcome, seedShop } from '../seed/seed.ts';
import { PROJECT_FOLDER, readDevelopmentSettings } from './environment.ts';
import { type LocalShop, startLocalShop } from './local-shop.ts';
import { failToStart } from './report-failure.ts';
import { StartError } from './start-error.ts';
import { ensureStorefront } from './storefront-build.ts';

/** Slow enough to watch a refund go through its states, fast enough to wait for it. */
const REFUND_STEP_MS = 1_500;

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const env = withSecretFiles(readEnv());
  const { sandboxPort, mailboxPort, dataFolder, asksForProduction } = readDevelopmentSettings();
  if (asksForProduction) {
    throw new StartError(
      'npm start is the shop for development: unset NODE_ENV, or run production by `npm run build` and `npm run serve`.',
    );
  }
  if (env.PAYSTACK_SECRET_KEY?.startsWith('sk_live_')) {
    throw new StartError(
      'PAYSTACK_SECRET_KEY is a live key, and this shop is for development: set a test key (sk_test_…), or none for the sandbox.',
    );
  }
  const shop = await startLocalShop({
    env,
    folder: dataFolder,
    ports: { sandbox: sandboxPort, mailbox: mailboxPort },
    log: say,
    refundStepMs: REFUND_STEP_MS,
    storefront: () => ensureStorefront(say),
  });
  stopOnSignals(shop.ctx.log, shop.stop);
  const { db, config, clock } = shop.ctx;
  const seeded = await seedShop(db, { currency: config.currency, now: clock.now() });
  printTable(shop, seeded, relative(PROJECT_FOLDER, dataFolder) || '.');
}

function printTable(shop: LocalShop, seeded: SeedOutcome, folder: string): void {
  const seconds = (performance.now() / 1000).toFixed(1);
  const rows: [string, string, string][] = [
    ['shop', shop.url, shop.storefrontDir === null ? 'web and worker; no storefront is built' : 'web and worker'],
    ['jobs', `${shop.url}/agendash`, 'Agendash, for staff'],
    ['MongoDB', ...whereMongoIs(shop, folder)],
    ['Paystack', ...whereOr(shop.sandbox, 'Paystack', 'PAYSTACK_SECRET_KEY', 'a sandbox, no money moves')],
    ['email', ...whereOr(shop.mailbox, 'SendGrid', 'SENDGRID_API_KEY', 'a mailbox, open it to read the mails')],
  ];
  say(`\nThe shop is ready after ${seconds} s.\n`);
  printColumns(rows);
  say('');
  if (seeded === 'foreign') say('  The database holds data of its own, so no goods and no accounts were added to it.');
  else printColumns([SEED_CUSTOMER, SEED_STAFF].map(({ role, email, password }) => [role, email, password]));
  say(`\nCtrl-C stops all of it. What the stand-ins know stays in ${folder}; delete that folder to begin anew.\n`);
}

function whereMongoIs({ mongo }: LocalShop, folder: string): [string, string] {
  if (mongo === null) return ['at MONGODB_URI', 'yours'];
  return [
    `${mongo.uri.replace('/?', '/orders?')}`,
    `stand-in: an embedded replica set in ${folder}; or set MONGODB_URI`,
  ];
}

function whereOr(standIn: { url: string } | null, real: string, variable: string, what: string): [string, string] {
  return standIn === null
    ? [real, `the real one, by ${variable}`]
    : [standIn.url, `stand-in: ${what}; or set ${variable}`];
}

function printColumns(rows: readonly (readonly [string, string, string])[]): void {
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  for (const [first, second, third] of rows) {
    say(`  ${first.padEnd(width(0))}  ${second.padEnd(width(1))}  ${third}`);
  }
}

await main().catch(failToStart);
