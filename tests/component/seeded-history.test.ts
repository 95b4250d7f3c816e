/** The orders of the shop that `npm start` seeds: their stories count on the lines that they ordered, and on no others. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openHistoryShop } from '../../dev/history/history-shop.ts';
import { Life } from '../../dev/history/life.ts';
import { SeededRandom } from '../../dev/history/seeded-random.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test('an order of a customer who left another one unpaid has its own lines alone', async () => {
  const { ctx, sandbox, mailbox } = app;
  const now = ctx.clock.now();
  const shop = await openHistoryShop({ ctx, sandbox, mailbox, random: new SeededRandom(1) }, now);
  const place = async (minutes: number, sku: string, quantity: number) => {
    const lines = [{ sku, quantity }];
    const life = new Life(shop, { at: now.getTime() + minutes * 60_000, customer: shop.ada, lines });
    await life.place();
    const order = await driverCollection(app.db.orders).findOne({ txRef: life.order.reference });
    return order?.items.map((item) => [item.variantSnapshot.sku, item.quantity]);
  };
  expect(await place(0, 'ANK-IND', 2)).toEqual([['ANK-IND', 2]]);
  expect(await place(1, 'GAR-2', 1)).toEqual([['GAR-2', 1]]);
});
