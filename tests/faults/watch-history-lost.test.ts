/**
 * orders.watch when the database can no longer tell what happened (ChangeStreamHistoryLost, code 286, which no driver
 * resumes from), or cannot be followed at all for a while: watchers hear every change all the same, some a little later.
 */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { makeGoods, order } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { watchOrder } from '../support/watching.ts';

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
/** How often the process has noticed that the stream broke. */
const breaks = () => app.logged.filter(({ source }) => source === 'order watch').length;

async function watchNewOrder() {
  const [goods] = await makeGoods(app, {});
  const { shopper, orderId } = await order(app, [[goods, 1]]);
  const stream = await watchOrder(app, { token: shopper.token, id: orderId });
  expect((await stream.next()).status).toBe('pending');
  return { shopper, orderId, stream };
}

test('a change that fell into lost history is heard, because watchers read again when the stream is opened anew', async () => {
  const { shopper, orderId, stream } = await watchNewOrder();
  const before = breaks();
  await mongo.fail(onOrders(['getMore']), 1);
  await shopper.client.orders.cancel.mutate({ id: orderId });
  expect((await stream.next()).status).toBe('cancelled');
  await eventually('the stream to break', () => breaks() > before);
  stream.close();
});

test('while no stream can be opened at all, orders go on; a change made meanwhile is heard once one can', async () => {
  const { shopper, orderId, stream } = await watchNewOrder();
  const before = breaks();
  await mongo.fail(onOrders(['aggregate', 'getMore']));
  await eventually('three openings to fail', () => breaks() >= before + 3);
  await shopper.client.orders.cancel.mutate({ id: orderId });
  await mongo.heal();
  expect((await stream.next()).status).toBe('cancelled');
  stream.close();
});

test('a process that loses history again and again neither ends nor hammers the database', async () => {
  const { stream } = await watchNewOrder();
  const before = breaks();
  const beganAt = performance.now();
  await mongo.fail(onOrders(['aggregate', 'getMore']));
  await eventually('five openings to fail', () => breaks() >= before + 5);
  // A pause of 250 ms lies between two openings.
  expect(performance.now() - beganAt).toBeGreaterThan(4 * 250);
  expect((await fetch(`${app.url}/livez`)).status).toBe(200);
  stream.close();
});
