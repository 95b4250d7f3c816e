/** A fresh database for one round, with fill, audit and discard. */
import { runAudit } from '../../models/audit/audit.ts';
import type { Database } from '../../models/db/database.ts';
import type { Round } from './contest.ts';
import { storePaidOrders, storeShop } from './fill.ts';
import { composeShop, type Load } from './load.ts';
import type { MongoServer } from './mongo-server.ts';

export interface RoundDatabase extends Omit<Round, 'settle'> {
  db: Database;
  /** Stores more paid orders. The next audit requires all to be confirmed and checks only the new ones in full. */
  fill(load: Load): Promise<void>;
}

export async function openRoundDatabase(server: MongoServer): Promise<RoundDatabase> {
  const db = await server.openFresh();
  const shop = composeShop(new Date());
  await storeShop(db, shop, new Date());
  let orders = 0;
  /** The time of the first fill after the last audit. */
  let since: Date | undefined;
  return {
    db,
    serverPids: server.pids,
    async fill(load) {
      since ??= new Date();
      await storePaidOrders(db, shop, load, new Date());
      orders += load.orders;
    },
    async audit() {
      await assertSettled(db, orders, since);
      since = undefined;
    },
    discard: () => server.discard(db),
  };
}

/** Throws unless all orders are confirmed and the consistency checks pass for those created after `since`. */
export async function assertSettled(db: Database, orders: number, since?: Date): Promise<void> {
  const confirmed = await db.orders.countDocuments({ status: 'confirmed' });
  if (confirmed !== orders) throw new Error(`${confirmed} of ${orders} orders were confirmed.`);
  await assertConsistent(db, since);
}

/** No job sends emails or refunds here, so waiting ones are no violation within this time. */
const GRACE_MS = 24 * 3600_000;

/** Throws on any violation, in the orders created after `since` or in the stock. */
export async function assertConsistent(db: Database, since?: Date): Promise<void> {
  const scope = since === undefined ? {} : { since };
  const { clean, checks } = await runAudit(db, { now: new Date(), domain: 'test', graceMs: GRACE_MS, ...scope });
  if (clean) return;
  const violated = checks.filter(({ violationCount }) => violationCount > 0);
  throw new Error(`Violations after a round: ${JSON.stringify(violated, null, 2).slice(0, 2_000)}`);
}
