/** The search rows are a convenience of staff: what goes wrong with them holds up no order. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { alerts, buy, expectAllConsistent, orderOf, type Shop, startTestShop, sweep } from '../support/shopping.ts';

let mongo: FaultyMongo;
let shop: Shop;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  shop = await startTestShop({ env: { MONGODB_URI: mongo.uri }, context: { appName: VICTIM } });
});
afterAll(async () => {
  await shop.stop();
  await mongo.stop();
});

const NOT_WRITABLE = 96;

test('a search row that cannot be written delays nothing, is logged and counted, and is written by the sweep', async () => {
  const namespace = `${shop.db.connection.name}.ordersearch`;
  await mongo.fail({ failCommands: ['update'], namespace, errorCode: NOT_WRITABLE });
  const bought = await buy(shop);
  await shop.ctx.search.idle();
  expect((await orderOf(shop, bought)).status).toBe('confirmed');
  const failures = shop.logged.filter(({ event }) => event === 'search_write_failed');
  expect(failures).toEqual(failures.map(() => expect.objectContaining({ level: 'warn', count: 1 })));
  expect(failures.length).toBeGreaterThan(0);
  const counted = await shop.ctx.events.registry.getSingleMetric('search_write_failures_total')?.get();
  expect(counted?.values[0]?.value).toBe(failures.length);
  expect(alerts(shop)).toEqual([]);
  const row = () => driverCollection(shop.db.orderSearch).findOne({ _id: new Types.ObjectId(bought.orderId) });
  expect(await row()).toBeNull();

  await mongo.heal();
  const { found } = await sweep(shop);
  expect(found.search).toBe(1);
  expect((await row())?.t).toContain('st:confirmed');
  await expectAllConsistent(shop);
});

test('a process that stops writes the search rows that it has queued', async () => {
  const bought = await buy(shop);
  shop.ctx.search.add(new Types.ObjectId(bought.orderId));
  const rows = driverCollection(shop.db.orderSearch);
  await shop.ctx.search.stop();
  expect((await rows.findOne({ _id: new Types.ObjectId(bought.orderId) }))?.t).toContain('st:confirmed');
});
