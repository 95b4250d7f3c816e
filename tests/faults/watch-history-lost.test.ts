/** orders.watch after ChangeStreamHistoryLost (code 286), from which no driver resumes, and while no stream can be opened. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { makeVariants, order } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { assertInvariants } from '../support/invariants.ts';
import { openOrderStream } from '../support/order-stream.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const HISTORY_LOST = 286;

let mongo: FaultyMongo;
let app: TestApp;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  app = await startTestApp({ env: { MONGODB_URI: mongo.uri }, context: { appName: VICTIM } });
}, 60_000);
afterEach(async () => {
  await mongo.heal();
  await assertInvariants(app);
});
afterAll(async () => {
  await app.stop();
  await mongo.stop();
});

const onOrders = (failCommands: string[]) => ({
  failCommands,
  namespace: `${app.db.connection.name}.orders`,
  errorCode: HISTORY_LOST,
});
/** Logged failures of the change stream. */
const breaks = () => app.logged.filter(({ source }) => source === 'order watch').length;

async function watchNewOrder() {
  const [item] = await makeVariants(app, {});
  const { shopper, orderId } = await order(app, [[item, 1]]);
  const stream = await openOrderStream(app, { token: shopper.token, id: orderId });
  expect((await stream.next()).status).toBe('pending');
  return { shopper, orderId, stream };
}

test('a change in the lost history reaches watchers, because they read again when the stream reopens', async () => {
  const { shopper, orderId, stream } = await watchNewOrder();
  const before = breaks();
  await mongo.fail(onOrders(['getMore']), 1);
  await shopper.client.orders.cancel.mutate({ id: orderId });
  expect((await stream.next()).status).toBe('cancelled');
  await eventually('the stream to break', () => breaks() > before);
  stream.close();
});

test('while no change stream can be opened, orders continue; a change made meanwhile arrives once one can', async () => {
  const { shopper, orderId, stream } = await watchNewOrder();
  const before = breaks();
  await mongo.fail(onOrders(['aggregate', 'getMore']));
  await eventually('three openings to fail', () => breaks() >= before + 3);
  await shopper.client.orders.cancel.mutate({ id: orderId });
  await mongo.heal();
  expect((await stream.next()).status).toBe('cancelled');
  stream.close();
});

test('a process that loses the history again and again stays alive and backs off', async () => {
  const { stream } = await watchNewOrder();
  const before = breaks();
  const beganAt = performance.now();
  await mongo.fail(onOrders(['aggregate', 'getMore']));
  await eventually('five openings to fail', () => breaks() >= before + 5);
  // The back-off between two openings is 250 ms.
  expect(performance.now() - beganAt).toBeGreaterThan(4 * 250);
  expect((await fetch(`${app.opsUrl}/livez`)).status).toBe(200);
  stream.close();
});
