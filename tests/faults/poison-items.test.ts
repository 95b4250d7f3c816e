/**
 * One item that fails by its own fault is counted, backs off, is parked at the eighth failure and alerted. The others of
 * its loop are done in the same run, even with hundreds of such items before them.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mongo, type Types } from 'mongoose';
import { runWorkLoop } from '../../jobs/concurrency/work-loop.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Order } from '../../models/order/order-document.ts';
import { countOwnFailure } from '../../models/order/stuck/own-failures.ts';
import { settlePaidOrders } from '../../models/settlement/drain-settlements.ts';
import { fakeGateway, LOOP_CASES } from '../support/loop-cases.ts';
import { fakeClock, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

const HOUR_MS = 3600_000;

let app: TestApp;
let staff: SignedIn;
const clock = fakeClock();
beforeAll(async () => {
  app = await startTestApp({ context: { clock, paystack: fakeGateway() } });
  if (app.ctx.config.auth.kind === 'own') app.ctx.config.auth.lifetimes.staffMs = 365 * 24 * HOUR_MS;
  staff = await app.signUp({ role: 'owner' });
});
afterAll(() => app.stop());

const orderOf = async (id: Types.ObjectId): Promise<Order> => {
  const order = await driverCollection(app.db.orders).findOne({ _id: id });
  if (!order) throw new Error('the order is gone');
  return order;
};

describe.each(Object.entries(LOOP_CASES))('%s', (_name, loop) => {
  const countDone = async (ids: readonly Types.ObjectId[]) => {
    const states = await Promise.all(ids.map((id) => loop.stateOf(app, id)));
    return states.filter(({ done }) => done).length;
  };
  const alertsOf = (id: Types.ObjectId) =>
    app.logged
      .filter(({ alert, event }) => alert === true && event === loop.alert.event)
      .filter((line) => {
        const named = Object.entries(loop.alert.names(id));
        return named.every(([field, value]) => line[field] === value);
      });

  test('of 100 items, 99 are done and the poison one is parked, alerted, found by staff and tried again', async () => {
    const [poison, ...healthy] = await loop.make(app, 100);
    if (!poison) throw new Error('there are a hundred');
    await loop.poison(app, [poison]);
    const alertsBefore = alertsOf(poison).length;

    await expect(loop.run(app)).resolves.toBeDefined();
    expect(await countDone(healthy)).toBe(99);
    expect(await loop.stateOf(app, poison)).toEqual({ failures: 1, parked: false, done: false });
    // It backs off: no second attempt without waiting.
    await loop.run(app);
    expect((await loop.stateOf(app, poison)).failures).toBe(1);

    for (let failure = 2; failure <= 8; failure += 1) {
      clock.advance(6 * HOUR_MS);
      await loop.run(app);
      expect(await loop.stateOf(app, poison)).toMatchObject({ failures: failure, parked: failure === 8 });
    }
    expect(alertsOf(poison).length - alertsBefore).toBe(1);
    clock.advance(24 * HOUR_MS);
    await loop.run(app);
    expect(await loop.stateOf(app, poison)).toEqual({ failures: 8, parked: true, done: false });

    if (loop.attention !== null) {
      const { items } = await staff.client.admin.orders.query({ attention: loop.attention });
      expect(items.map(({ id }) => id)).toEqual([String(poison)]);
    }
    await loop.repair(app, await orderOf(poison));
    const { attention } = await staff.client.admin.order.query({ id: String(poison) });
    expect(attention).toContainEqual(expect.stringMatching(/eight times|could not be sent/));
    await loop.retry(app, staff.client, poison);
    await loop.run(app);
    expect(await loop.stateOf(app, poison)).toEqual({ failures: 0, parked: false, done: true });
    const after = await orderOf(poison);
    expect([after.stuck, after.stuckSince]).toEqual([undefined, undefined]);
  });

  test('500 poison items at the head of the queue keep the twenty behind them waiting for one more run at most', async () => {
    const ids = await loop.make(app, 520);
    const [poison, healthy] = [ids.slice(0, 500), ids.slice(500)];
    await loop.poison(app, poison);
    await loop.run(app);
    await loop.run(app);
    expect(await countDone(healthy)).toBe(20);
    const states = await Promise.all(poison.map((id) => loop.stateOf(app, id)));
    expect(states.filter(({ failures }) => failures === 1)).toHaveLength(500);
  });
});

describe('the helper of the loops', () => {
  const items = Array.from({ length: 20 }, (_, index) => index);
  const loopOf = (work: (item: number) => Promise<void>) => ({
    name: 'refunds' as const,
    concurrency: 4,
    isOver: () => false,
    work,
    countFailure: async () => undefined,
    describe: (item: number) => ({ orderId: String(item) }),
  });

  test('an infrastructure error ends the run, and only after the items in flight have ended', async () => {
    const ended: number[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const run = runWorkLoop(
      app.ctx,
      items,
      loopOf(async (item) => {
        if (item === 0) {
          setImmediate(open);
          throw new mongo.MongoNetworkError('the network is gone');
        }
        await gate;
        ended.push(item);
      }),
    );
    await expect(run).rejects.toThrow('the network is gone');
    expect(ended.sort()).toEqual([1, 2, 3]);
  });

  test('a failure that the database refuses to count keeps no other item from its work', async () => {
    const done: number[] = [];
    const refused = new mongo.MongoServerError({ code: 121, errmsg: 'Document failed validation' });
    const loop = loopOf(async (item) => {
      if (item % 2 === 0) throw new TypeError('damaged');
      done.push(item);
    });
    const run = runWorkLoop(app.ctx, items, { ...loop, countFailure: () => Promise.reject(refused) });
    await expect(run).resolves.toBe(10);
    expect(done).toHaveLength(10);
    const notCounted = app.logged.filter(({ loop: name, alert }) => name === 'refunds' && alert === true);
    expect(notCounted.length).toBeGreaterThanOrEqual(10);
  });

  test('when no failure can be counted, the run ends instead of meeting every item', async () => {
    let tried = 0;
    const loop = loopOf(async () => {
      tried += 1;
      throw new TypeError('damaged');
    });
    const full = new mongo.MongoServerError({ code: 14_031, errmsg: 'OutOfDiskSpace' });
    const run = runWorkLoop(app.ctx, items, { ...loop, countFailure: () => Promise.reject(full) });
    await expect(run).rejects.toBe(full);
    expect(tried).toBe(4);
  });
});

test('an order that the server refuses to write holds up no other settlement', async () => {
  const loop = LOOP_CASES.settlement;
  const [poison, ...healthy] = (await loop?.make(app, 10)) ?? [];
  if (!poison) throw new Error('there are ten');
  // It violates the validator, so not even its failure can be counted.
  const orders = app.db.connection.collection(app.db.orders.collection.name);
  await orders.updateOne({ _id: poison }, { $set: { currency: 7 } }, { bypassDocumentValidation: true });
  expect(await runSettlementOnce(app.ctx)).toMatchObject({ confirmed: healthy.length, ended: 'drained' });
});

test('a run tries a poison order once, although its first back-offs end while the run goes on', async () => {
  const loop = LOOP_CASES.settlement;
  const ids = (await loop?.make(app, 25)) ?? [];
  const [poison, healthy] = [ids.slice(0, 20), ids.slice(20)];
  await loop?.poison(app, poison);
  let now = clock.now().getTime();
  const result = await settlePaidOrders(app.db, {
    holder: 'test',
    // Each batch takes an hour, longer than any back-off.
    now: () => {
      now += HOUR_MS;
      return new Date(now);
    },
    budgetMs: 20_000,
    waitForLease: true,
    refundIdFor: () => 'refund',
  });
  expect(result).toMatchObject({ confirmed: healthy.length, ended: 'drained' });
  const attempts = await Promise.all(poison.map(async (id) => (await orderOf(id)).settlement.attempts));
  expect(new Set(attempts)).toEqual(new Set([1]));
});

test('two counts of one failure at once are two failures, and none overwrites a change of the order', async () => {
  const [id] = (await LOOP_CASES.verifies?.make(app, 1)) ?? [];
  if (!id) throw new Error('there is one');
  const { version } = await orderOf(id);
  const count = () => countOwnFailure(app.db, id, 'verifies', new Error('at once'), clock.now());
  await Promise.all([count(), count()]);
  expect(await orderOf(id)).toMatchObject({ version: version + 2, stuck: { verifies: { attempts: 2 } } });
});
