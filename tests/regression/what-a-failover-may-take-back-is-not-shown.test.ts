/**
 * A primary that dies takes with it what no majority has. An order that was shown as paid, from such a primary, was unpaid
 * again for seconds; now nothing is shown before a majority has it.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { ADDRESS, newCheckoutKey } from '../support/shopping.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let mongo: EmbeddedMongo;
let admin: MongoClient;
let shop: TestApp;
beforeAll(async () => {
  mongo = await startEmbeddedMongo({ dbPath: 'in memory' });
  admin = await MongoClient.connect(mongo.uri);
  shop = await startTestApp({ env: { MONGODB_URI: mongo.uri } });
}, 30_000);
afterAll(async () => {
  await shop.stop();
  await admin.close();
  await mongo.stop();
});

/** As while the others of the set do not answer: what is written is there, and nobody else has it. */
const commitNothing = (mode: 'alwaysOn' | 'off') =>
  admin.db('admin').command({ configureFailPoint: 'disableSnapshotting', mode });

test('an order is shown as a majority has it, to its owner and to staff, alone and in lists', async () => {
  const { client } = await shop.signUp();
  const { admin: staff } = (await shop.signUp({ role: 'staff' })).client;
  const { variantId } = await stockGoods(shop.db, { stock: 5 });
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  const checkout = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const { orderId: id, code } = await client.orders.initializePayment.mutate(checkout);
  const shown = async () => [
    (await client.orders.get.query({ id })).paymentStatus,
    (await client.orders.list.query({})).items[0]?.paymentStatus,
    (await staff.order.query({ id })).paymentStatus,
    (await staff.orders.query({ code })).items[0]?.paymentStatus,
  ];
  await commitNothing('alwaysOn');
  await driverCollection(shop.db.orders).updateOne(
    { code },
    { $set: { paymentStatus: 'paid' } },
    { writeConcern: { w: 1 } },
  );
  expect(await shown()).toEqual(['unpaid', 'unpaid', 'unpaid', 'unpaid']);
  await commitNothing('off');
  // The next commit carries the one before with it.
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  expect(await shown()).toEqual(['paid', 'paid', 'paid', 'paid']);
});
