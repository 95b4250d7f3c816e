/** orders.watch over server-sent events: the owner gets the order and each change, within limits and through faults. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { SubscriptionLimiter } from '../../server/live/subscription-limiter.ts';
import { checkout, fillCart, makeVariants, order, pay } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { openOrderStream } from '../support/order-stream.ts';
import { unknownId } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ worker: true });
});
afterAll(() => app.stop());

const placeOne = async (where = app) => order(where, [[(await makeVariants(where, {}))[0], 1]]);

test('the order comes at once, then each change until it is confirmed, newer ones only', async () => {
  const { shopper, orderId, txRef } = await placeOne();
  const stream = await openOrderStream(app, { token: shopper.token, id: orderId });
  const seen = [await stream.next()];
  expect(seen).toMatchObject([{ id: orderId, status: 'pending', paymentStatus: 'unpaid' }]);
  await pay(app, txRef);
  while (seen.at(-1)?.status !== 'confirmed') seen.push(await stream.next());
  stream.close();
  const versions = seen.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  expect(seen.at(-1)).toEqual(await shopper.client.orders.get.query({ id: orderId }));
});

test('the process that changes an order tells its own watchers in memory, before the change stream does', async () => {
  const { shopper, orderId, txRef } = await placeOne();
  const stream = await openOrderStream(app, { token: shopper.token, id: orderId });
  await stream.next();
  const told: (number | null)[] = [];
  const leave = app.ctx.changeFeed.subscribe(new Types.ObjectId(orderId), (version) => told.push(version));
  await pay(app, txRef);
  const seen = [await stream.next()];
  while (seen.at(-1)?.status !== 'confirmed') seen.push(await stream.next());
  await eventually('the change stream', () => told.includes(seen.at(-1)?.version ?? 0));
  leave();
  stream.close();
  // In memory no version is known: of the payment and of the settlement.
  expect(told.filter((version) => version === null)).toHaveLength(2);
});

test('each watcher gets the changes of its own order and of no other', async () => {
  const [one, other] = [await placeOne(), await placeOne()];
  const watch = ({ shopper, orderId }: typeof one) => openOrderStream(app, { token: shopper.token, id: orderId });
  const streams = await Promise.all([watch(one), watch(one), watch(other)]);
  for (const stream of streams) expect((await stream.next()).status).toBe('pending');
  await one.shopper.client.orders.cancel.mutate({ id: one.orderId });
  for (const stream of streams.slice(0, 2)) {
    expect(await stream.next()).toMatchObject({ id: one.orderId, status: 'cancelled' });
  }
  await other.shopper.client.orders.cancel.mutate({ id: other.orderId });
  expect(await streams[2]?.next()).toMatchObject({ id: other.orderId, status: 'cancelled' });
  for (const stream of streams) stream.close();
});

test('another customer gets the same reply as for an unknown id; without a token a watch is refused', async () => {
  const { orderId } = await placeOne();
  const stranger = await app.signUp();
  for (const id of [orderId, unknownId()]) {
    const events = await (await openOrderStream(app, { token: stranger.token, id })).rest();
    expect(events.filter(({ event }) => event === 'data')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ event: 'serialized-error', data: { data: { code: 'NOT_FOUND' } } });
  }
  const events = await (await openOrderStream(app, { id: orderId })).rest();
  expect(events.at(-1)).toMatchObject({ event: 'serialized-error', data: { data: { code: 'UNAUTHENTICATED' } } });
});

test.each(['token', 'access_token', 'connectionParams', 'authorization'])(
  'a token in the URL, as %s, is refused although it is a good one',
  async (parameter) => {
    const { shopper, orderId } = await placeOne();
    const { status } = await openOrderStream(app, { id: orderId, query: `&${parameter}=${shopper.token}` });
    expect(status).toBe(400);
  },
);

test('a sixth stream of one user is refused, and one that is closed makes room', async () => {
  const { shopper, orderId } = await placeOne();
  const open = async () => {
    const stream = await openOrderStream(app, { token: shopper.token, id: orderId });
    return stream.next().then(
      () => stream,
      () => null,
    );
  };
  const five = await Promise.all(Array.from({ length: 5 }, open));
  expect(five).not.toContain(null);
  const sixth = await (await openOrderStream(app, { token: shopper.token, id: orderId })).rest();
  expect(sixth.at(-1)).toMatchObject({ data: { data: { code: 'RATE_LIMITED', details: { retryAfterMs: 5_000 } } } });
  five[0]?.close();
  const again = await eventually('a free seat', open);
  for (const stream of [...five, again]) stream?.close();
  // Refused and ended streams have released their places in the limiter.
  await eventually('all seats', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, open));
    for (const stream of all) stream?.close();
    return !all.includes(null);
  });
});

test('a stream ends cleanly after a quarter of an hour and releases its place', async () => {
  expect(app.ctx.subscriptionLimiter.lifetimeMs).toBe(15 * 60_000);
  const { shopper, orderId } = await placeOne();
  const usual = app.ctx.subscriptionLimiter;
  app.ctx.subscriptionLimiter = new SubscriptionLimiter(100);
  try {
    const open = () => openOrderStream(app, { token: shopper.token, id: orderId });
    // Twice the limit: the second five streams open after the first five have closed.
    for (let round = 0; round < 2; round += 1) {
      const streams = await Promise.all(Array.from({ length: 5 }, open));
      const ends = await Promise.all(streams.map((stream) => stream.rest()));
      for (const events of ends) expect(events.map(({ event }) => event)).toEqual(['connected', 'data', 'return']);
    }
  } finally {
    app.ctx.subscriptionLimiter = usual;
  }
});

test('a change arrives although the change stream was killed at the server', async () => {
  const { shopper, orderId } = await placeOne();
  const stream = await openOrderStream(app, { token: shopper.token, id: orderId });
  await stream.next();
  const killed = await eventually('the change stream’s cursor', () => killChangeStreams(app));
  expect(killed).toBeGreaterThan(0);
  await shopper.client.orders.cancel.mutate({ id: orderId });
  expect((await stream.next()).status).toBe('cancelled');
  stream.close();
});

test('stopping the process ends every stream in good order, and at once', async () => {
  const closing = await startTestApp();
  const { shopper, orderId } = await placeOne(closing);
  await fillCart(shopper, [[(await makeVariants(closing, {}))[0], 1]]);
  const second = await checkout(shopper);
  const streams = [];
  for (const id of [orderId, second.orderId])
    streams.push(await openOrderStream(closing, { token: shopper.token, id }));
  for (const stream of streams) await stream.next();
  const startedAt = performance.now();
  const [, ...ends] = await Promise.all([closing.stop(), ...streams.map((stream) => stream.rest())]);
  expect(ends.map((events) => events.at(-1)?.event)).toEqual(['return', 'return']);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

/** Kills the cursors of this app's change streams and returns their number. */
async function killChangeStreams({ db }: TestApp): Promise<number> {
  const admin = db.connection.getClient().db('admin');
  const ns = `${db.connection.name}.orders`;
  const operations = await admin
    .aggregate<{ cursor?: { cursorId: bigint; tailable?: boolean } }>([
      { $currentOp: { allUsers: true, idleCursors: true } },
      { $match: { ns, 'cursor.tailable': true } },
    ])
    .toArray();
  const cursors = operations.flatMap(({ cursor }) => (cursor === undefined ? [] : [cursor.cursorId]));
  if (cursors.length > 0) await db.connection.db?.command({ killCursors: 'orders', cursors });
  return cursors.length;
}
