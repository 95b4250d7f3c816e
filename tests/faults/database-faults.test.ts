/**
 * Settlement under faults of the database (D1–D4, D9): unknown results of commits, errors of elections, write conflicts, cut
 * connections and a full disk.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { runAudit } from '../../models/audit/audit.ts';
import type { Database } from '../../models/db/database.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import { eventually } from '../support/eventually.ts';
import { type CommandFault, type FaultyMongo, startFaultyMongo } from '../support/faulty-mongo.ts';
import { makeCatalogue, makePaidOrder, makePendingOrder, payOrder, settleAll } from '../support/orders.ts';

let mongo: FaultyMongo;
let db: Database;
let databases = 0;

beforeAll(async () => {
  mongo = await startFaultyMongo();
}, 30_000);
afterEach(() => mongo.heal());
afterAll(() => mongo.stop());

async function paidOrder() {
  databases += 1;
  db = await mongo.openVictim(`faults-${databases}`);
  const [variant] = await makeCatalogue(db, { stock: 5 });
  if (!variant) throw new Error('no variant was made');
  const order = await makePaidOrder(db, { lines: [{ variant, quantity: 2 }] });
  return { order, variant };
}

/** Runs the settlement until the queue is empty, as wake-ups and sweeps do. */
async function settleUntilDrained(): Promise<void> {
  await eventually(
    'the settlement to drain',
    async () => {
      const run = await settleAll(db).catch(() => null);
      return run?.ended === 'drained';
    },
    20_000,
  );
}

async function expectSettledOnce(orderId: Awaited<ReturnType<typeof paidOrder>>['order']['_id']): Promise<void> {
  await mongo.heal();
  const order = await getOrder(db, orderId);
  expect(order.status).toBe('confirmed');
  expect(order.history.filter(({ to }) => to.status === 'confirmed')).toHaveLength(1);
  expect(order.settlement).toEqual({ attempts: 0 });
  expect(await db.stockMovements.countDocuments({ orderId, reason: 'sale' })).toBe(1);
  expect(await db.emails.countDocuments({ orderId, kind: 'order_confirmed' })).toBe(1);
  const { clean, checks } = await runAudit(db, { now: new Date() });
  expect({ clean, violations: checks.flatMap(({ violations }) => violations) }).toEqual({
    clean: true,
    violations: [],
  });
}

describe('a settlement happens exactly once when the reply to its commit', () => {
  const COMMIT_FAULTS: [string, CommandFault][] = [
    ['is lost before the server commits', { failCommands: ['commitTransaction'], closeConnection: true }],
    [
      'is an error although the server committed',
      {
        failCommands: ['commitTransaction'],
        writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
      },
    ],
    ['is a MaxTimeMSExpired error', { failCommands: ['commitTransaction'], errorCode: 50 }],
  ];
  const HOW_OFTEN = [1, 4, 12];
  test.each(COMMIT_FAULTS.flatMap(([what, fault]) => HOW_OFTEN.map((times) => [what, times, fault] as const)))(
    '%s, %i times in a row',
    async (_, times, fault) => {
      const { order } = await paidOrder();
      await mongo.fail(fault, times);
      await settleUntilDrained();
      await expectSettledOnce(order._id);
    },
  );
});

describe('a settlement is tried again, within bounds, when its commands fail with', () => {
  const CODES = [
    [112, 'write conflicts', [1, 5, 20]],
    [251, 'a transaction that the server aborted', [1, 5, 20]],
    // After each of these errors the driver waits two seconds for the next heartbeat.
    [11_600, 'a server that shuts down', [1, 4]],
    [11_602, 'a primary that stepped down', [1, 5, 20]],
    [189, 'a primary that steps down', [1, 5, 20]],
  ] as const;
  test.each(CODES.flatMap(([code, what, howOften]) => howOften.map((times) => [what, times, code] as const)))(
    '%s, %i times',
    async (_, times, errorCode) => {
      const { order } = await paidOrder();
      await mongo.fail({ failCommands: ['update', 'insert', 'commitTransaction'], errorCode }, times);
      await settleUntilDrained();
      await expectSettledOnce(order._id);
    },
  );

  test('connections that are cut in the middle of a transaction', async () => {
    const { order } = await paidOrder();
    await mongo.fail({ failCommands: ['update', 'insert'], closeConnection: true }, 6);
    await settleUntilDrained();
    await expectSettledOnce(order._id);
  });
});

test('faults of the database do not count as failed attempts of the order', async () => {
  const { order } = await paidOrder();
  await mongo.fail({ failCommands: ['update'], errorCode: 112 }, 30);
  await settleUntilDrained();
  expect((await getOrder(db, order._id)).settlement).toEqual({ attempts: 0 });
});

test('a full disk fails closed: no write is partial, and orders settle when there is space again', async () => {
  const { order, variant } = await paidOrder();
  const pending = await makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
  await mongo.fail({ failCommands: ['update', 'insert', 'findAndModify'], errorCode: 14_031 });

  await expect(payOrder(db, pending)).rejects.toMatchObject({ code: 14_031 });
  await expect(settleAll(db)).rejects.toMatchObject({ code: 14_031 });

  await mongo.heal();
  expect((await getOrder(db, pending._id)).paymentStatus).toBe('unpaid');
  expect((await getOrder(db, order._id)).status).toBe('pending');
  await payOrder(db, pending);
  await settleUntilDrained();
  await expectSettledOnce(order._id);
  expect((await getOrder(db, pending._id)).status).toBe('confirmed');
});
