/** A bug once: staff's retry of a parked order lived in its job alone, so a lost job lost it, and the history named nobody. */
import { expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { checkOut, expectBooksInOrder, orderOf, pay, startTestShop, sweep } from '../support/shopping.ts';

test('an order that staff retry settles although the job is lost, and the history says who did it', async () => {
  const shop = await startTestShop();
  try {
    const checkout = await checkOut(shop);
    await pay(shop, checkout.txRef);
    const settlement = { attempts: 8, lastError: 'Error: planted', parkedAt: shop.clock.now() };
    await shop.db.orders.updateOne({ code: checkout.code }, { $set: { settlement } });

    await shop.staff.client.admin.retrySettlement.mutate({ id: checkout.orderId });
    await shop.db.connection.collection(JOBS_COLLECTION).deleteMany({});
    await sweep(shop);

    const order = await orderOf(shop, checkout);
    expect(order.status).toBe('confirmed');
    expect(order.history.at(-2)).toMatchObject({ actor: shop.staff.id, reason: 'settlement is tried again' });
    await expectBooksInOrder(shop);
  } finally {
    await shop.stop();
  }
});
