/**
 * The settlement's lease: one holder at a time, by the server's clock. It serves speed only, and correctness does not
 * depend on it.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Types } from 'mongoose';
import type { Database } from '../../models/db/database.ts';
import { releaseLease, takeLease } from '../../models/db/lease.ts';
import { getOrder } from '../../models/order/queries/find-order.ts';
import {
  type DrainOptions,
  settlePaidOrders,
  type WorkAnnouncements,
} from '../../models/settlement/drain-settlements.ts';
import { eventually } from '../support/eventually.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';

const LEASE = 'settlement';
let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
beforeEach(async () => {
  await db.leases.deleteMany({});
});
afterAll(() => db.connection.close());

const drain = (
  waitForLease: boolean,
  announcements?: WorkAnnouncements,
  onBatch: DrainOptions['onBatch'] = () => undefined,
) =>
  settlePaidOrders(db, {
    ...(announcements === undefined ? {} : { announcements }),
    onBatch,
    holder: 'late-comer',
    now: () => new Date(),
    budgetMs: 5_000,
    waitForLease,
    refundIdFor: () => 'r1',
  });

test('a run that finds the lease held leaves the orders to its holder, or waits until it is free', async () => {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  const { _id } = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
  await takeLease(db, LEASE, 'holder', 60_000);
  expect(await drain(false)).toMatchObject({ ended: 'lease_held', confirmed: 0 });
  expect((await getOrder(db, _id)).status).toBe('pending');

  const waiting = drain(true);
  await releaseLease(db, LEASE, 'holder');
  expect(await waiting).toMatchObject({ ended: 'drained', confirmed: 1 });
  expect(await db.leases.countDocuments()).toBe(0);
});

test('a run that waits for the lease ends once the holder has settled everything', async () => {
  await takeLease(db, LEASE, 'holder', 60_000);
  expect(await drain(true)).toEqual({ ended: 'drained', confirmed: 0, cancelled: 0, parked: 0 });
  expect(await db.leases.countDocuments({ holder: 'holder' })).toBe(1);
});

test('a run lives on while work is announced, and settles what came after its last read', async () => {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  const paid: Types.ObjectId[] = [];
  const pay = async () => paid.push((await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] }))._id);
  await pay();
  const steps: string[] = [];
  const run = await drain(false, {
    async beforeRead() {
      steps.push('read');
    },
    async next() {
      steps.push('next');
      if (paid.length < 3) await pay();
      else return false;
      return true;
    },
  });
  expect(run).toEqual({ ended: 'drained', confirmed: 3, cancelled: 0, parked: 0 });
  // A batch that the database has refused for the moment is read once more.
  const turns = steps.filter((step, index) => step !== steps[index - 1]);
  expect(turns).toEqual(['read', 'next', 'read', 'next', 'read', 'next']);
});

test('only after a batch of several orders does the next one begin later, so that payments meet', async () => {
  const [variant] = await makeCatalogue(db);
  if (!variant) throw new Error('no variant was made');
  const pay = () => makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
  let beganAt = 0;
  const distances: number[] = [];
  await pay();
  const announcements: WorkAnnouncements = {
    beforeRead: async () => undefined,
    async next(earliest) {
      distances.push(earliest - beganAt);
      if (distances.length > 1) return false;
      await Promise.all([pay(), pay()]);
      return true;
    },
  };
  await drain(false, announcements, (_, durationMs) => {
    beganAt = performance.now() - durationMs;
  });
  const [afterOne = Number.NaN, afterTwo = Number.NaN] = distances;
  expect(afterOne).toBeCloseTo(0, -1);
  expect(afterTwo).toBeCloseTo(75, -1);
});

test('only its holder renews a lease, and another takes it after it expires', async () => {
  expect(await takeLease(db, LEASE, 'first', 60_000)).toBe(true);
  expect(await takeLease(db, LEASE, 'second', 60_000)).toBe(false);
  expect(await takeLease(db, LEASE, 'first', 20)).toBe(true);
  await eventually('the lease to run out', () => takeLease(db, LEASE, 'second', 60_000));
  expect(await takeLease(db, LEASE, 'first', 60_000)).toBe(false);
});

test('a lease is given back by its holder alone', async () => {
  await takeLease(db, LEASE, 'first', 60_000);
  await releaseLease(db, LEASE, 'second');
  expect(await takeLease(db, LEASE, 'second', 60_000)).toBe(false);
  await releaseLease(db, LEASE, 'first');
  expect(await takeLease(db, LEASE, 'second', 60_000)).toBe(true);
});

test('of twenty first-ever takers at once one gets it', async () => {
  const takers = Array.from({ length: 20 }, (_, n) => takeLease(db, LEASE, `taker-${n}`, 60_000));
  expect((await Promise.all(takers)).filter((got) => got)).toHaveLength(1);
});
