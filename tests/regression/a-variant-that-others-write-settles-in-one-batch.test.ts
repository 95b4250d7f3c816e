/**
 * A bug once: on a busy machine the reads of a batch took longer than the pause between two of others' writes to its variant, so
 * that no batch of more than a few orders ever committed. After a conflict the variants are written before anything is read.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../models/db/database.ts';
import { settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { afterSearchingOrders } from '../support/interleaving.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';

const ORDERS = 20;
/** A write to what a transaction has taken waits for its end; this one gives up, so that the transaction can go on. */
const PATIENCE_MS = 20;

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

test('a variant that somebody writes after each reading of a batch costs one retry, whatever the size of the batch', async () => {
  const [variant] = await makeCatalogue(db, { stock: 1_000 });
  if (!variant) throw new Error('no variant was made');
  for (let made = 0; made < ORDERS; made += 1) await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
  let writes = 0;
  const meddle = async () => {
    writes += 1;
    await db.variants
      .updateOne({ _id: variant._id }, { title: `Written ${writes}` })
      .maxTimeMS(PATIENCE_MS)
      .catch(() => undefined);
  };
  const batches: number[] = [];
  const failures: string[] = [];
  const result = await settlePaidOrders(afterSearchingOrders(db, meddle), {
    holder: 'the one who settles',
    now: () => new Date(),
    budgetMs: 10_000,
    waitForLease: true,
    refundIdFor: () => 'none',
    onBatch: ({ settled }) => batches.push(settled.length),
    onFailure: (_, consequence) => failures.push(consequence),
  });
  expect(result).toEqual({ confirmed: ORDERS, cancelled: 0, parked: 0, ended: 'drained' });
  expect(batches).toEqual([ORDERS]);
  expect(failures).toEqual(['retried']);
  expect(await db.variants.findById(variant._id).lean()).toMatchObject({ stock: 1_000 - ORDERS, lockCount: 1 });
});
