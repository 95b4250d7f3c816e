/** A fresh shop in MongoDB for a round: filled as often as wished, audited by our own books, dropped in the end. */
import { runAudit } from '../../models/audit/audit.ts';
import type { Database } from '../../models/db/database.ts';
import type { Round } from './contest.ts';
import { storePaidOrders, storeShop } from './fill.ts';
import { composeShop, type Load } from './load.ts';
import type { MongoGround } from './mongo-ground.ts';

export interface MongoStage extends Omit<Round, 'settle'> {
  db: Database;
  /**
   * Makes more paid orders wait. The audit wants all of them confirmed; of what an audit has passed before, it looks at the
   * stock alone.
   */
  fill(load: Load): Promise<void>;
}

export async function openMongoStage(ground: MongoGround): Promise<MongoStage> {
  const db = await ground.openFresh();
  const shop = composeShop(new Date());
  await storeShop(db, shop, new Date());
  let orders = 0;
  /** When the first order came that no audit has looked at. */
  let since: Date | undefined;
  return {
    db,
    serverPids: ground.pids,
    async fill(load) {
      since ??= new Date();
      await storePaidOrders(db, shop, load, new Date());
      orders += load.orders;
    },
    async audit() {
      await assertSettled(db, orders, since);
      since = undefined;
    },
    discard: () => ground.discard(db),
  };
}

/** Every order confirmed, and nothing that the audit objects to in what was made since. */
export async function assertSettled(db: Database, orders: number, since?: Date): Promise<void> {
  const confirmed = await db.orders.countDocuments({ status: 'confirmed' });
  if (confirmed !== orders) throw new Error(`${confirmed} of ${orders} orders were confirmed.`);
  await assertBooks(db, since);
}

/** Nobody sends the emails here, and refunds and pages are of no account: that they wait is no fault. */
const GRACE_MS = 24 * 3600_000;

/** Throws unless the audit objects to nothing: to no order made since, and no stock. */
export async function assertBooks(db: Database, since?: Date): Promise<void> {
  const scope = since === undefined ? {} : { since };
  const { clean, checks } = await runAudit(db, { now: new Date(), domain: 'test', graceMs: GRACE_MS, ...scope });
  if (clean) return;
  const violated = checks.filter(({ violationCount }) => violationCount > 0);
  throw new Error(`The audit after a round found: ${JSON.stringify(violated, null, 2).slice(0, 2_000)}`);
}
