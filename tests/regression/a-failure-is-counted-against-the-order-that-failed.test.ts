/**
 * A failed order was looked up again after its transaction, by a later clock: one that came due meanwhile, and stood
 * before it in the queue, was blamed in its stead.
 */
import { expect, test } from '@jest/globals';
import { getOrder } from '../../models/order/find-order.ts';
import { MAX_BATCH, settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';

test('an order that comes due while another one fails alone is not blamed for it', async () => {
  const db = await openOwnDatabase();
  try {
    const [variant] = await makeCatalogue(db, { stock: 3 });
    if (!variant) throw new Error('no variant was made');
    const now = new Date();
    const [early, later] = [new Date(now.getTime() - 60_000), new Date(now.getTime() + 60_000)];
    const resting = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now: early });
    const rest = { 'settlement.retryAt': later, 'settlement.attempts': 3 };
    await db.orders.updateOne({ _id: resting._id }, { $set: rest });
    // More than there is, so that it would have to be given its money back, of which its document says nothing any more.
    const damaged = await makePaidOrder(db, { lines: [{ variant, quantity: 3 }], now });
    await db.variants.updateOne({ _id: variant._id }, { $set: { stock: 1 } });
    await db.orders.collection.updateOne({ _id: damaged._id }, { $unset: { 'payments.0.amount': 1 } });

    // The first batch and each half of it read the clock once; the batch of one is the last of them.
    let readings = 0;
    const batches = 1 + Math.log2(MAX_BATCH);
    const result = await settlePaidOrders(db, {
      holder: 'test',
      now: () => {
        readings += 1;
        return readings > batches ? later : now;
      },
      budgetMs: 20_000,
      waitForLease: true,
      refundIdFor: () => 'refund',
    });

    expect(result).toEqual({ confirmed: 1, cancelled: 0, parked: 0, ended: 'drained' });
    expect((await getOrder(db, damaged._id)).settlement).toMatchObject({ attempts: 1 });
    const settled = await getOrder(db, resting._id);
    expect(settled).toMatchObject({ status: 'confirmed', version: resting.version + 1 });
  } finally {
    await db.connection.close();
  }
});
