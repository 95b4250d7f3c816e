/**
 * Who places an order has its first payment attempt claimed. When the reply to the order's own commit was lost, the order
 * that is found then is still the caller's, who must not wait for himself until the claim runs out.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { ADDRESS, newCheckoutKey } from '../support/shopping.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let mongo: FaultyMongo;
let shop: TestApp;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  shop = await startTestApp({ env: { MONGODB_URI: mongo.uri }, context: { appName: VICTIM } });
}, 30_000);
afterAll(async () => {
  await shop.stop();
  await mongo.stop();
});

test('the page opens with the one order of the checkout, within the same call', async () => {
  const { client } = await shop.signUp();
  const { variantId } = await stockGoods(shop.db, { stock: 5 });
  await client.cart.addItem.mutate({ variantId, quantity: 1 });
  // Carried out, and answered with an error each time that the commit is asked about.
  const unanswered = { code: 64, errmsg: 'waiting for replication timed out' };
  await mongo.fail({ failCommands: ['commitTransaction'], writeConcernError: unanswered });
  const checkout = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  const opened = client.orders.initializePayment.mutate(checkout);
  await expect(opened).resolves.toMatchObject({ orderId: expect.any(String) });
  await mongo.heal();
  const page = await opened;
  expect(page.authorizationUrl).toBe(shop.sandbox.checkoutUrl(page.txRef));
  expect(await shop.db.orders.find({}, { code: 1 }).lean()).toMatchObject([{ code: page.code }]);
});
