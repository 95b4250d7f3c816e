/**
 * A paid order whose document was damaged (its charge without an amount) could not be settled, and could not even have
 * that failure counted: each run ended there, and whoever had paid after it waited for ever.
 */
import { expect, test } from '@jest/globals';
import { getOrder } from '../../models/order/find-order.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase, settleAll } from '../support/orders.ts';

test('an order that is damaged beyond any decided change rests, and those behind it settle', async () => {
  const db = await openOwnDatabase();
  try {
    const [variant] = await makeCatalogue(db, { stock: 3 });
    if (!variant) throw new Error('no variant was made');
    const [early, late] = [new Date(Date.now() - 60_000), new Date()];
    // More than there is, so that it would have to be given its money back.
    const damaged = await makePaidOrder(db, { lines: [{ variant, quantity: 3 }], now: early });
    const others = await Promise.all(
      [1, 2].map(() => makePaidOrder(db, { lines: [{ variant, quantity: 1 }], now: late })),
    );
    await db.variants.updateOne({ _id: variant._id }, { $set: { stock: 2 } });
    await db.orders.collection.updateOne({ _id: damaged._id }, { $unset: { 'payments.0.amount': 1 } });

    expect(await settleAll(db)).toEqual({ confirmed: 2, cancelled: 0, parked: 0, ended: 'drained' });
    const after = await getOrder(db, damaged._id);
    expect(after).toMatchObject({ status: 'pending', paymentStatus: 'paid', version: damaged.version + 1 });
    expect(after.settlement).toMatchObject({ attempts: 1, lastError: expect.stringContaining('without a charge') });
    for (const { _id } of others) expect((await getOrder(db, _id)).status).toBe('confirmed');
  } finally {
    await db.connection.close();
  }
});
