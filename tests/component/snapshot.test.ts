/** inSnapshot: all reads see one point in time. If the server no longer has that snapshot, a newer one is used. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runAudit } from '../../models/audit/audit.ts';
import type { Database } from '../../models/db/database.ts';
import { inSnapshot } from '../../models/db/transaction.ts';
import { type FaultyMongo, startFaultyMongo } from '../support/faulty-mongo.ts';
import { makeCatalogue } from '../support/orders.ts';

const SNAPSHOT_TOO_OLD = 239;
let mongo: FaultyMongo;
let db: Database;

beforeAll(async () => {
  mongo = await startFaultyMongo();
  db = await mongo.openVictim('snapshot');
  await makeCatalogue(db, { stock: 1 });
});
afterAll(() => mongo.stop());

/** The server refuses this connection's next `times` aggregates with the error of an expired snapshot. */
async function failNext(times: number): Promise<void> {
  await mongo.fail({ failCommands: ['aggregate'], errorCode: SNAPSHOT_TOO_OLD }, times);
}

test('every read sees the same instant, whatever is written meanwhile', async () => {
  const stocks = await inSnapshot(db, async (session) => {
    const before = await db.variants.findOne().session(session).lean();
    await db.variants.updateOne({}, { $inc: { stock: 5 } });
    const after = await db.variants.findOne().session(session).lean();
    return [before?.stock, after?.stock];
  });
  expect(stocks).toEqual([1, 1]);
  expect((await db.variants.findOne().lean())?.stock).toBe(6);
  await db.variants.updateOne({}, { $inc: { stock: -5 } });
});

test('a snapshot that has grown too old is replaced by a newer one', async () => {
  await failNext(2);
  expect(await runAudit(db, { now: new Date() })).toMatchObject({ clean: true });
});

test('any other error is not taken for an old snapshot', async () => {
  let runs = 0;
  const failing = inSnapshot(db, async () => {
    runs += 1;
    throw new Error('something else');
  });
  await expect(failing).rejects.toThrow('something else');
  expect(runs).toBe(1);
});
