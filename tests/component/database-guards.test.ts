/** Schema validators and unique indexes in MongoDB refuse wrong documents from any program. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';
import mongoose, { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { isDuplicateKey } from '../../models/db/mongo-errors.ts';
import { inTransaction } from '../../models/db/transaction.ts';
import type { Order } from '../../models/order/order-document.ts';
import { ATTENTION_INDEX } from '../../models/order/order-schema.ts';
import { toOrderWrite } from '../../models/order/order-write.ts';
import { toSettledOrders } from '../../models/settlement/settlement-changes.ts';
import { makeCatalogue, makePaidOrder, makePendingOrder, openOwnDatabase } from '../support/orders.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

let db: Database;
let order: Order;
beforeAll(async () => {
  db = await openOwnDatabase();
  const [variant] = await makeCatalogue(db, { stock: 5 });
  if (!variant) throw new Error('no variant was made');
  order = await makePendingOrder(db, { lines: [{ variant, quantity: 1 }] });
});
afterAll(() => db.connection.close());

/** A second order with no unique value in common with the first, except `shared`. */
function another(shared: Partial<Order>): Order {
  const code = new Types.ObjectId().toHexString().toUpperCase();
  const txRef = `ord-${code}-1`;
  const payments = order.payments.map((attempt) => ({ ...attempt, reference: txRef }));
  return { ...order, _id: new Types.ObjectId(), code, txRef, payments, checkoutKey: code, ...shared };
}

describe('two orders never share', () => {
  test.each<[string, () => Partial<Order>]>([
    ['payments.reference', () => ({ payments: order.payments })],
    ['checkoutKey', () => ({ userId: order.userId, checkoutKey: order.checkoutKey })],
  ])('%s', async (key, shared) => {
    const insert = driverCollection(db.orders).insertOne(another(shared()));
    expect(isDuplicateKey(await insert.catch((error: unknown) => error), key)).toBe(true);
  });

  test('and one that shares nothing is taken', async () => {
    await driverCollection(db.orders).insertOne(another({}));
  });
});

test.each(['stock', 'reserved'] as const)('%s is never below 0 or a fraction', async (field) => {
  for (const by of [-1_000, 0.5]) {
    const write = driverCollection(db.variants).updateOne({}, { $inc: { [field]: by } });
    await expect(write).rejects.toMatchObject({ code: 121 });
  }
});

test.each<[string, Partial<Record<keyof Order, unknown>>]>([
  ['a status that there is not', { status: 'lost' }],
  ['a fraction of a subunit', { total: 100.5 }],
  ['no lines', { items: [] }],
  ['an attempt whose status there is not', { payments: [{ reference: 'ord-x-1', status: 'guessed' }] }],
  [
    'an attempt that Paystack paid less than nothing',
    {
      payments: [{ reference: 'ord-x-1', status: 'succeeded', amount: -1 }],
    },
  ],
  ['a refund of nothing', { refunds: [{ refundId: 'r', reference: 'ord-x-1', amount: 0, state: 'requested' }] }],
  ['a refund without a state', { refunds: [{ refundId: 'r', reference: 'ord-x-1', amount: 1 }] }],
])('an order never has %s', async (_, wrong) => {
  const write = driverCollection(db.orders).updateOne({ _id: order._id }, { $set: wrong as Partial<Order> });
  await expect(write).rejects.toMatchObject({ code: 121 });
});

test('every write waits for a journalled majority, and is sent again when its reply is lost', () => {
  const { writeConcern, retryWrites } = db.connection.getClient().options;
  expect(writeConcern).toMatchObject({ w: 'majority', journal: true });
  expect(retryWrites).toBe(true);
});

test('a transaction reads a snapshot and commits to a journalled majority', async () => {
  const sent: Document[] = [];
  const options = { dbName: uniqueDatabaseName(), monitorCommands: true };
  const connection = await mongoose.createConnection(testMongoUri(), options).asPromise();
  try {
    connection.getClient().on('commandStarted', ({ command }) => sent.push(command));
    await inTransaction({ connection }, (session) => connection.collection('any').insertOne({}, { session }));
  } finally {
    await connection.close();
  }
  expect(sent.find(({ startTransaction }) => startTransaction)?.readConcern).toMatchObject({ level: 'snapshot' });
  const commit = sent.find(({ commitTransaction }) => commitTransaction);
  expect(commit?.writeConcern).toMatchObject({ w: 'majority', j: true });
});

test('orders have seven indexes, and of what settling writes only status and the two queue scalars are indexed', async () => {
  const indexes = await db.connection.collection('orders').indexes();
  expect(indexes).toHaveLength(7);
  const attention = indexes.find(({ name }) => name === ATTENTION_INDEX);
  expect(attention?.sparse).toBe(true);
  expect(Object.keys(attention?.key ?? {})).toEqual([
    'refundDueAt',
    'disputeDueAt',
    'disputeAnswerBy',
    'settlement.parkedAt',
    'reviewSince',
    'refundAttentionSince',
    'stuckSince',
  ]);

  const [variant] = await makeCatalogue(db, { stock: 5 });
  if (!variant) throw new Error('no variant was made');
  const paid = await makePaidOrder(db, { lines: [{ variant, quantity: 1 }] });
  const [settled] = toSettledOrders(
    [paid],
    { confirmed: [String(paid._id)], cancelled: [], takes: [] },
    new Date(),
    () => '',
  );
  if (!settled) throw new Error('one order is settled');
  const { update } = toOrderWrite(paid, settled.change, new Date());
  const written = Object.keys({ ...update.$set, ...update.$unset, ...update.$inc, ...update.$push });
  const indexed = indexes.flatMap(({ key }) => Object.keys(key));
  const moved = indexed.filter((path) => written.some((field) => path === field || path.startsWith(`${field}.`)));
  // The settlement's fields are written whole; its parkedAt is as absent after as before.
  expect([...new Set(moved)].sort()).toEqual(['settlement.parkedAt', 'settlement.queuedAt', 'status', 'verifyDueAt']);
  expect([paid.settlement.parkedAt, settled.change.set.settlement?.parkedAt]).toEqual([undefined, undefined]);
});

test('TTL indexes exist only for what is done with and what ends by itself', async () => {
  const going: string[] = [];
  for (const { collection } of Object.values(db.connection.models)) {
    for (const index of await collection.indexes()) {
      if (index.expireAfterSeconds === undefined) continue;
      going.push(`${collection.name} ${index.expireAfterSeconds / 86_400} days after ${Object.keys(index.key)}`);
    }
  }
  expect(going.sort()).toEqual([
    'disputefiles 60 days after at',
    'emails 90 days after sentAt',
    'invitations 7 days after expiresAt',
    'onetimelinks 7 days after expiresAt',
    'pictures 0 days after expiresAt',
    'sessions 0 days after until',
    'signinlimits 0 days after expire',
    'webhookevents 90 days after appliedAt',
  ]);
});
