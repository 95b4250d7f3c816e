/** A sender claims several emails at a time, and each email has one sender even if several claim concurrently. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { newEmail } from '../../models/messaging/email-document.ts';
import { claimDueEmails } from '../../models/messaging/email-outbox.ts';
import { settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

const EARLY = new Date('2030-01-01T00:00:00Z');
const NOW = new Date('2030-01-01T01:00:00Z');

async function queue(count: number): Promise<string[]> {
  await driverCollection(db.emails).deleteMany({});
  const emails = Array.from({ length: count }, (_, index) =>
    newEmail(new Types.ObjectId(), 'order_confirmed', 4, {}, new Date(EARLY.getTime() + index)),
  );
  await driverCollection(db.emails).insertMany(emails);
  return emails.map(({ _id }) => _id);
}

test('six concurrent senders claim each email once', async () => {
  const keys = await queue(12);
  const claims = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => claimDueEmails(db, name, NOW, 12)));
  const claimed = claims.flatMap(({ emails }) => emails.map(({ _id }) => _id));
  expect(claimed.sort()).toEqual(keys.sort());
});

test('a settlement claims as many emails as its process can send, and leaves the others to any sender', async () => {
  await driverCollection(db.emails).deleteMany({});
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  for (let order = 0; order < 3; order += 1) await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
  await settlePaidOrders(db, {
    holder: 'claims',
    now: () => NOW,
    budgetMs: 5_000,
    waitForLease: true,
    refundIdFor: () => 'r1',
    emailClaims: () => ({ claimant: 'settlement', limit: 2 }),
  });
  const { emails } = await claimDueEmails(db, 'job', NOW, 12);
  expect(emails).toHaveLength(1);
  const later = await claimDueEmails(db, 'next', new Date(NOW.getTime() + 60_000), 12);
  expect(later.emails.map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
});

test('the longest due are claimed first, as stored in the outbox, and are due again a minute later', async () => {
  const keys = await queue(5);
  const { emails, noneLeft } = await claimDueEmails(db, 'first', NOW, 3);
  expect(emails.map(({ _id }) => _id)).toEqual(keys.slice(0, 3));
  expect(noneLeft).toBe(false);
  const stored = await driverCollection(db.emails)
    .find({ claimedBy: 'first' }, { sort: { _id: 1 } })
    .toArray();
  expect([...emails].sort((a, b) => (a._id < b._id ? -1 : 1))).toEqual(stored);
  expect(stored.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  expect(await claimDueEmails(db, 'second', NOW, 3)).toMatchObject({ emails: [{}, {}], noneLeft: true });
  expect(await claimDueEmails(db, 'third', NOW, 3)).toEqual({ emails: [], noneLeft: true });
  const later = await claimDueEmails(db, 'fourth', new Date(NOW.getTime() + 60_000), 8);
  expect(later.emails.map(({ attempts }) => attempts)).toEqual([2, 2, 2, 2, 2]);
});
