/** A database that is slower than every deadline (D5). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { checkout, fillCart, makeVariants, newCheckoutKey, order, settled } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { type Timed, timedGet, timedWebhook } from './timed-calls.ts';

/** Procedures and REST reply within 5 s; the rest is reserve for a busy machine. */
const API_WITHIN_MS = 5_500 + 3_000;
/** Paystack waits 30 s. */
const WEBHOOK_WITHIN_MS = 28_000;

let mongo: FaultyMongo;
let app: TestApp;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  app = await startTestApp({
    worker: true,
    env: { MONGODB_URI: mongo.uri },
    config: { sweepEveryMs: 500 },
    context: { appName: VICTIM },
  });
}, 60_000);
afterEach(async () => {
  await mongo.heal();
});
afterAll(async () => {
  await app.stop();
  await mongo.stop();
});

const COMMANDS = ['find', 'aggregate', 'insert', 'update', 'delete', 'findAndModify', 'getMore', 'commitTransaction'];

test('while every command takes seven seconds, calls get 503 by their deadlines and webhooks a reply before Paystack gives up; afterwards the same key and webhook succeed', async () => {
  const [item] = await makeVariants(app, {});
  const bought = await order(app, [[item, 1]]);
  app.sandbox.pay(bought.txRef, { webhook: 'lose' });
  const shopper = await app.signUp();
  await fillCart(shopper, [[item, 1]]);
  const checkoutKey = newCheckoutKey();

  await mongo.fail({ failCommands: COMMANDS, blockConnection: true, blockTimeMS: 7_000 });
  const get = (path: string, token?: string) => timedGet(`${app.url}${path}`, token);
  const webhook = timedWebhook(app, bought.txRef);
  const [page, cart, verify, livez, readyz, refusal] = await Promise.all([
    get('/trpc/catalog.products?input={}'),
    get('/trpc/cart.get', shopper.token),
    get(`/orders/verify-payment/${bought.txRef}`),
    timedGet(`${app.opsUrl}/livez`),
    timedGet(`${app.opsUrl}/readyz`),
    checkout(shopper, { checkoutKey }).then(
      () => null,
      (error: { data?: { code?: string } }) => error.data?.code ?? String(error),
    ),
  ]);
  const expectRefused = (answer: Timed, withinMs: number) => {
    expect(answer.status).toBe(503);
    expect(answer.tookMs).toBeLessThan(withinMs);
  };
  for (const answer of [page, cart, verify]) expectRefused(answer, API_WITHIN_MS);
  expectRefused(readyz, API_WITHIN_MS);
  expect(livez.status).toBe(200);
  expect(livez.tookMs).toBeLessThan(2_000);
  expect(refusal).toBe('OVERLOADED');

  await mongo.heal();
  // Either the inbox stored it, or Paystack sends it again after the 503.
  expect([200, 503]).toContain((await webhook).status);
  expect((await webhook).tookMs).toBeLessThan(WEBHOOK_WITHIN_MS);
  const placed = await eventually(
    'the same checkout',
    () => checkout(shopper, { checkoutKey }).catch(() => null),
    30_000,
  );
  expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(1);
  await eventually(
    'the webhook to be accepted',
    async () => (await timedWebhook(app, bought.txRef)).status === 200,
    30_000,
  );
  app.sandbox.pay(placed.txRef);
  expect((await timedWebhook(app, placed.txRef)).status).toBe(200);
  for (const { orderId } of [bought, placed]) expect((await settled(app, orderId)).status).toBe('confirmed');
  await assertInvariants(app, { copies: 'allowed' });
}, 90_000);
