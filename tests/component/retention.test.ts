/**
 * Finished jobs, sent emails and applied webhooks are deleted after their retention. Pending work and orders are not.
 */
import { expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { buy, startTestShop, sweep } from '../support/shopping.ts';
import { uniqueDatabaseName } from '../support/test-mongo.ts';

const MINUTE_S = 60;
const DAY_S = 24 * 3_600;

test('what the server removes is done with, and what waits carries none of the dates by which it removes', async () => {
  const shop = await startTestShop();
  try {
    await buy(shop);
    const expiring: Record<string, [field: string, seconds: number][]> = {};
    for (const { name } of await shop.db.connection.listCollections()) {
      for (const { key, expireAfterSeconds } of await shop.db.connection.collection(name).indexes()) {
        if (expireAfterSeconds === undefined) continue;
        expiring[name] = [...(expiring[name] ?? []), [Object.keys(key).join(), expireAfterSeconds]];
      }
    }
    expect(expiring).toEqual({
      [JOBS_COLLECTION]: [
        ['lastFinishedAt', 15 * MINUTE_S],
        ['failedAt', DAY_S],
      ],
      disputefiles: [['at', 60 * DAY_S]],
      emails: [['sentAt', 90 * DAY_S]],
      invitations: [['expiresAt', 7 * DAY_S]],
      onetimelinks: [['expiresAt', 7 * DAY_S]],
      pictures: [['expiresAt', 0]],
      sessions: [['until', 0]],
      signinlimits: [['expire', 0]],
      webhookevents: [['appliedAt', 90 * DAY_S]],
    });
    // MongoDB's TTL index deletes only documents with the date, which a pending one lacks.
    expect(await shop.db.emails.countDocuments({ state: { $ne: 'sent' }, sentAt: { $exists: true } })).toBe(0);
    expect(await shop.db.webhookEvents.countDocuments({ dueAt: { $exists: true }, appliedAt: { $exists: true } })).toBe(
      0,
    );
    expect(await shop.db.webhookEvents.countDocuments({ appliedAt: { $exists: true } })).toBe(1);
  } finally {
    await shop.stop();
  }
});

test("the jobs' own come back with the next sweep when their collection was dropped", async () => {
  const shop = await startTestShop({ dbName: uniqueDatabaseName() });
  try {
    await shop.db.connection.collection(JOBS_COLLECTION).drop();
    await sweep(shop);
    const indexes = await shop.db.connection.collection(JOBS_COLLECTION).indexes();
    expect(indexes.filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)).toHaveLength(2);
  } finally {
    await shop.stop();
  }
});
