/** The TypeScript type of each document is the source: mongoose schema, validator and projections must agree with it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Model, Schema } from 'mongoose';
import { findAccount } from '../../models/accounts/find-user.ts';
import type { Account } from '../../models/accounts/user.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { findPage, type ListedOrder } from '../../models/order/queries/list-orders.ts';
import { settleBatch } from '../../models/settlement/settle-batch.ts';
import type { PaidOrder } from '../../models/settlement/settlement-changes.ts';
import { type CollectionName, FULL_DOCUMENTS } from '../support/full-documents.ts';
import { openOwnDatabase } from '../support/orders.ts';

let db: Database;
beforeAll(async () => {
  db = await openOwnDatabase();
});
afterAll(() => db.connection.close());

const NAMES = Object.keys(FULL_DOCUMENTS) as CollectionName[];

describe.each(NAMES)('a document of %s with every field', (name) => {
  const full: object = FULL_DOCUMENTS[name];

  test('passes through its mongoose schema without a loss', async () => {
    const model = modelOf(name);
    const document = new model(full);
    await document.validate();
    expect(document.toObject()).toEqual(full);
  });

  test('has every field of its mongoose schema', () => {
    expect(missingPaths(modelOf(name).schema, full)).toEqual([]);
  });

  test('is accepted by the server and read back as it was', async () => {
    const collection = driverCollection(modelOf(name));
    await collection.deleteMany({});
    await collection.insertOne({ ...full });
    expect(await collection.findOne({})).toEqual(full);
  });
});

test('there is a full document for each collection', () => {
  const { connection, ...collections } = db;
  expect([...NAMES].sort()).toEqual(Object.keys(collections).sort());
  expect(Object.keys(connection.models)).toHaveLength(NAMES.length);
});

describe('a projection reads exactly the fields of its type:', () => {
  const order = FULL_DOCUMENTS.orders;
  beforeAll(async () => {
    await driverCollection(db.orders).deleteMany({});
    await driverCollection(db.orders).insertOne({ ...order });
    await driverCollection(db.users).deleteMany({});
    await driverCollection(db.users).insertOne({ ...FULL_DOCUMENTS.users });
  });

  test('an account', async () => {
    const fields: Record<keyof Account, true> = {
      _id: true,
      email: true,
      name: true,
      role: true,
      createdAt: true,
      phone: true,
      emailVerifiedAt: true,
      sessionsFrom: true,
      endedSessions: true,
    };
    expect(fieldsOf(await findAccount(db, FULL_DOCUMENTS.users._id))).toEqual(Object.keys(fields).sort());
  });

  test('an order in a list', async () => {
    const fields: Record<keyof ListedOrder, true> = {
      ...{ _id: true, code: true, status: true, paymentStatus: true, total: true, currency: true },
      ...{ createdAt: true, contactSnapshot: true, contact: true, tags: true, items: true },
      ...{ disputeAnswerBy: true, delivery: true, paidReference: true, refunds: true, shipments: true, payments: true },
      ...{ disputes: true, stuckSince: true, settlement: true },
    };
    const { items } = await findPage(db, { _id: order._id }, { limit: 1 });
    expect(fieldsOf(items[0])).toEqual(Object.keys(fields).sort());
    expect(items[0]?.items).toEqual(order.items.map(({ quantity }) => ({ quantity })));
  });

  test('an order in a settlement', async () => {
    const items = order.items.map(({ variantId, quantity }) => ({ variantId, quantity }));
    const { _id, version, status, userId, currency, payments, refunds, disputes, paidReference, paymentStatus } = order;
    const {
      shipments,
      reservation,
      settlement,
      failures,
      reviewSince,
      refundDueAt,
      disputeDueAt,
      disputeAnswerBy,
      excessSince,
      refundAttentionSince,
      stuck,
      stuckSince,
    } = order;
    const expected: Required<PaidOrder> = {
      ...{ _id, version, status, userId, currency, items, payments, refunds, disputes, paidReference, paymentStatus },
      ...{
        shipments,
        reservation,
        settlement,
        failures,
        reviewSince,
        refundDueAt,
        disputeDueAt,
        disputeAnswerBy,
        excessSince,
        refundAttentionSince,
        stuck,
        stuckSince,
      },
    };
    let read: readonly PaidOrder[] = [];
    const stop = new Error('after the read');
    const onRead = (orders: readonly PaidOrder[]) => {
      read = orders;
      throw stop;
    };
    const options = { limit: 1, now: order.expiresAt, refundIdFor: () => 'refund', lockFirst: false, onRead };
    await expect(settleBatch(db, options)).rejects.toBe(stop);
    expect(read).toEqual([expected]);
  });
});

/** Documents of different types, of which these tests need only the values. */
function modelOf(name: CollectionName): Model<object> {
  return db[name] as unknown as Model<object>;
}

/** The paths of the schema, those of its parts included, that the document lacks. */
function missingPaths(schema: Schema, document: unknown, prefix = ''): string[] {
  const fields = new Map(Object.entries(document ?? {}));
  return Object.entries(schema.paths).flatMap(([name, path]) => {
    const value: unknown = fields.get(name);
    if (value === undefined) return [`${prefix}${name}`];
    const part: unknown = Array.isArray(value) ? value[0] : value;
    return path.schema ? missingPaths(path.schema, part, `${prefix}${name}.`) : [];
  });
}

function fieldsOf(document: object | null | undefined): string[] {
  return Object.keys(document ?? {}).sort();
}
