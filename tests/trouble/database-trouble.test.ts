import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { type EmbeddedMongo, startEmbeddedMongo } from '../../dev/mongod/embedded-mongo.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { AdaptiveConcurrencyLimit } from '../../server/http/load-shedding.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { ADDRESS, newCheckoutKey } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

describe('a checkout whose insertion got no reply', () => {
  // The repeat finds the caller’s own order, whose payment attempt is already claimed. It must not wait for that claim
  // to expire.

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

  test('the same call returns the payment page of the one order', async () => {
    const { client } = await shop.signUp();
    const { variantId } = await stockVariant(shop.db, { stock: 5 });
    await client.cart.addItem.mutate({ variantId, quantity: 1 });
    // The insertion is carried out, and each reply to it is an error.
    const unanswered = { code: 64, errmsg: 'waiting for replication timed out' };
    await mongo.fail({ failCommands: ['insert'], writeConcernError: unanswered });
    const checkout = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
    const opened = client.orders.initializePayment.mutate(checkout);
    await expect(opened).resolves.toMatchObject({ orderId: expect.any(String) });
    await mongo.heal();
    const page = await opened;
    expect(page.authorizationUrl).toBe(shop.sandbox.checkoutUrl(page.txRef));
    expect(await shop.db.orders.find({}, { code: 1 }).lean()).toMatchObject([{ code: page.code }]);
  });
});

describe('writes that a failover could roll back', () => {
  // An order was shown as paid before a majority had the write; when the primary died it was unpaid again for
  // seconds.

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

  /** As while no secondary replies: writes are applied on the primary alone. */
  const commitNothing = (mode: 'alwaysOn' | 'off') =>
    admin.db('admin').command({ configureFailPoint: 'disableSnapshotting', mode });

  test('an order is shown as a majority has it, to its owner and to staff, alone and in lists', async () => {
    const { client } = await shop.signUp();
    const { admin: staff } = (await shop.signUp({ role: 'owner' })).client;
    const { variantId } = await stockVariant(shop.db, { stock: 5 });
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
    // The next majority commit includes the write before it.
    await client.cart.addItem.mutate({ variantId, quantity: 1 });
    expect(await shown()).toEqual(['paid', 'paid', 'paid', 'paid']);
  });
});

describe('requests on a slow machine', () => {
  // Two hundred concurrent requests can take seconds on a slow machine, each answered after its deadline. The limit
  // therefore follows the measured round trip.

  describe('the limit of requests in flight', () => {
    test('is the configured one while the probe is fast, whatever is in flight', () => {
      const limit = new AdaptiveConcurrencyLimit(200);
      for (let n = 0; n < 50; n += 1) limit.afterProbe(20, 199);
      expect(limit.current).toBe(200);
    });

    test('loses a fifth by one slow probe, and begins anew after a pause: an idle shop admits sixty at once', () => {
      const limit = new AdaptiveConcurrencyLimit(200);
      limit.afterProbe(500, 1);
      expect(limit.current).toBe(160);
      limit.afterProbe(20, 1);
      limit.afterProbe(500, 1);
      expect(limit.current).toBeGreaterThan(120);
      limit.reset();
      expect(limit.current).toBe(200);
    });

    test('falls with each further slow probe from what is in flight, and never below an eighth', () => {
      const limit = new AdaptiveConcurrencyLimit(200);
      for (let n = 0; n < 2; n += 1) limit.afterProbe(500, 100);
      expect(limit.current).toBe(80);
      for (let n = 0; n < 50; n += 1) limit.afterProbe(500, 1);
      expect(limit.current).toBe(25);
    });

    test('is back at the configured one within seconds of fast probes', () => {
      const limit = new AdaptiveConcurrencyLimit(200);
      for (let n = 0; n < 50; n += 1) limit.afterProbe(500, 1);
      for (let n = 0; n < 40; n += 1) limit.afterProbe(5, 10);
      expect(limit.current).toBe(200);
    });
  });

  describe('a shop whose database has become slow', () => {
    const WORKERS = 36;
    let mongo: FaultyMongo;
    let app: TestApp;
    beforeAll(async () => {
      mongo = await startFaultyMongo();
      app = await startTestApp({
        env: { MONGODB_URI: mongo.uri, MAX_IN_FLIGHT: '40' },
        context: { appName: VICTIM },
      });
    }, 60_000);
    afterAll(async () => {
      await app.stop();
      await mongo.stop();
    });

    async function statusesOf(token: string, rounds: number): Promise<number[]> {
      const statuses: number[] = [];
      const worker = async () => {
        for (let round = 0; round < rounds; round += 1) {
          const reply = await fetch(`${app.url}/trpc/orders.list?input={}`, {
            headers: { authorization: `Bearer ${token}` },
          });
          await reply.arrayBuffer();
          statuses.push(reply.status);
        }
      };
      await Promise.all(Array.from({ length: WORKERS }, worker));
      return statuses;
    }

    test('refuses some requests at once instead of letting all wait, although fewer are in flight than configured', async () => {
      const { token } = await app.signUp();
      await mongo.fail({ failCommands: ['find', 'aggregate', 'ping'], blockConnection: true, blockTimeMS: 300 });
      const slow = await statusesOf(token, 6);
      await mongo.heal();
      expect(new Set(slow)).toEqual(new Set([200, 503]));
      expect((await fetch(`${app.opsUrl}/livez`)).status).toBe(200);
    });
  });
});
