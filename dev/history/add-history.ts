/** Decides whether a shop that starts gets a history, and plays it in a context of its own, before anybody can reach the shop. */
import { openDatabase } from '../../models/db/database.ts';
import type { Config } from '../../server/config/config.ts';
import { type ContextOverrides, createContext } from '../../server/context/create-context.ts';
import { createLogger } from '../../server/observability/logger.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { PaystackSandbox } from '../paystack-sandbox/src/index.ts';
import type { MovedClock } from './moved-clock.ts';
import { HISTORY_DAYS } from './opening-time.ts';
import { playHistory } from './play-history.ts';

/** False for a database with accounts or products, whose history is its own. */
export async function isEmptyDatabase(uri: string, dbName: string | undefined): Promise<boolean> {
  const db = await openDatabase(uri, dbName === undefined ? {} : { dbName });
  try {
    const found = await Promise.all([db.users.exists({}), db.products.exists({}), db.orders.exists({})]);
    return found.every((one) => one === null);
  } finally {
    await db.connection.close();
  }
}

export interface AddedHistory {
  config: Config;
  overrides: ContextOverrides;
  sandbox: PaystackSandbox;
  mailbox: Mailbox;
  clock: MovedClock;
  endsAt: Date;
  signal: AbortSignal;
  /** Lines for people. */
  log: (line: string) => void;
}

const DAYS_A_LINE = 20;

/** Afterwards the clock is the machine's. */
export async function addHistory({ config, overrides, log, ...played }: AddedHistory): Promise<void> {
  log(`Playing ${HISTORY_DAYS} days of a shop, once, so that there is something to see; \`--empty\` leaves them out.`);
  const { ctx, close } = await createContext(
    // The people of the history call the API faster than any person, and the sandbox offers every way to pay.
    { ...config, paymentChannels: [], limits: { ...config.limits, callsPerMinute: 1_000_000 } },
    // Refused emails, disputes and reviews are a part of the history, and nothing to warn of.
    { ...overrides, log: createLogger({ level: 'silent', pretty: false }) },
  );
  try {
    await playHistory({
      ...played,
      ctx,
      onDay: (day) => {
        if (day > 0 && day % DAYS_A_LINE === 0) log(`  day ${day} of ${HISTORY_DAYS}`);
      },
    });
  } finally {
    played.mailbox.clearScript();
    played.clock.letGo();
    await close();
  }
}
