/** The work that waits for staff. Every count is bounded and answered by an index. */
import { MAX_COUNT } from '../contract/limits.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import { countFailedEmails } from '../messaging/failed-emails.ts';
import { ATTENTION_INDEX } from '../order/order-schema.ts';
import { LIST_CONDITIONS } from '../order/queries/order-lists.ts';
import { countUpTo } from '../order/queries/search-orders.ts';

export interface Waiting {
  count: number;
  at: Date | null;
}

export interface Today {
  /** `at`: when the oldest of them was placed. */
  toShip: Waiting;
  unpaid: number;
  needsAttention: number;
  /** `at`: the nearest deadline. */
  disputes: Waiting;
  failedEmails: number;
}

const ATTENTION = ['settlement.parkedAt', 'reviewSince', 'refundAttentionSince', 'stuckSince'].map((field) => ({
  [field]: { $exists: true },
}));

/** `domain`: of the shop's key; orders that were charged in the other one are not counted. */
export async function readToday(db: Database, { domain, now }: { domain: 'test' | 'live'; now: Date }): Promise<Today> {
  const isOurs = { payments: { $not: { $elemMatch: { domain: domain === 'live' ? 'test' : 'live' } } } };
  const toShip = { ...LIST_CONDITIONS.to_ship, ...isOurs };
  const disputed = { disputeAnswerBy: { $exists: true }, ...isOurs };
  const hint = { hint: ATTENTION_INDEX };
  const [count, oldest, unpaid, needsAttention, disputes, first, failedEmails] = await Promise.all([
    countUpTo(db, toShip),
    driverCollection(db.orders).findOne(toShip, { projection: { createdAt: 1 }, sort: { _id: 1 }, ...READ_MAJORITY }),
    countUpTo(db, LIST_CONDITIONS.unpaid),
    countUpTo(db, { $or: ATTENTION, ...isOurs }, hint),
    countUpTo(db, disputed, hint),
    driverCollection(db.orders).findOne(disputed, {
      projection: { disputeAnswerBy: 1 },
      sort: { disputeAnswerBy: 1 },
      ...hint,
      ...READ_MAJORITY,
    }),
    countFailedEmails(db, now, MAX_COUNT + 1),
  ]);
  return {
    toShip: { count, at: oldest?.createdAt ?? null },
    unpaid,
    needsAttention,
    disputes: { count: disputes, at: first?.disputeAnswerBy ?? null },
    failedEmails,
  };
}
