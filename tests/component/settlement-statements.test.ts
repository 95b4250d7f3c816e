/** The cost of a batch: its statements, the fields that it reads, and the bytes of a settled order. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Document } from 'mongodb';
import mongoose, { Types } from 'mongoose';
import { driverCollection } from '../../models/db/connection.ts';
import { bindDatabase, type Database } from '../../models/db/database.ts';
import { migrate } from '../../models/db/migrations/migrate.ts';
import type { Order } from '../../models/order/order-document.ts';
import type { decideSettlement } from '../../models/settlement/decide-settlement.ts';
import { MAX_BATCH } from '../../models/settlement/drain-settlements.ts';
import { SETTLEMENT_PROJECTION, settleBatch } from '../../models/settlement/settle-batch.ts';
import { type PaidOrder, toSettledOrders } from '../../models/settlement/settlement-changes.ts';
import { toCompanions, toOrderStatements } from '../../models/settlement/settlement-writes.ts';
import { storePaidOrders, storeShop } from '../bench/fill.ts';
import { composeShop } from '../bench/load.ts';
import { FULL_DOCUMENTS } from '../support/full-documents.ts';
import { makeEveryLife } from '../support/order-lives.ts';
import { makeCatalogue, makePaidOrder, openOwnDatabase } from '../support/orders.ts';
import { testMongoUri, uniqueDatabaseName } from '../support/test-mongo.ts';

const now = new Date();

describe('a batch of 512 orders of three lines', () => {
  const sent: Document[] = [];
  let db: Database;
  beforeAll(async () => {
    const options = { dbName: uniqueDatabaseName(), monitorCommands: true, autoIndex: false, autoCreate: false };
    db = bindDatabase(await mongoose.createConnection(testMongoUri(), options).asPromise());
    await migrate(db);
    const shop = composeShop(now);
    await storeShop(db, shop, now);
    await storePaidOrders(db, shop, { orders: MAX_BATCH, mix: 'mixed' }, now);
    // One in eight was charged twice and refunds the second charge: a field that is derived and differs per order.
    const orders = await driverCollection(db.orders).find().sort({ _id: 1 }).toArray();
    for (const [n, order] of orders.entries()) if (n % 8 === 0) await chargeTwice(db, order, n);
    db.connection.getClient().on('commandStarted', ({ command }) => sent.push(command));
    await settleBatch(db, { limit: MAX_BATCH, now, refundIdFor: () => 'none', lockFirst: false });
  }, 30_000);
  afterAll(() => db.connection.close());

  const statementsOn = (collection: string) =>
    sent
      .filter((command) => [command.update, command.insert].includes(collection))
      .flatMap(({ updates, documents }) => updates ?? documents ?? []);

  test('is confirmed by at most 2.1 statements an order', async () => {
    expect(await db.orders.countDocuments({ status: 'confirmed' })).toBe(MAX_BATCH);
    const statements = sent.flatMap(({ updates, documents }) => updates ?? documents ?? []);
    expect(statements.length / MAX_BATCH).toBeLessThanOrEqual(2.1);
  });

  test('has a statement per number of units, per version, and per ledger row and email', () => {
    const units = new Set(statementsOn('variants').map(({ u }) => u.$inc.stock));
    expect(statementsOn('variants')).toHaveLength(units.size);
    expect(statementsOn('orders')).toHaveLength(1);
    expect(statementsOn('stockmovements')).toHaveLength(MAX_BATCH);
    expect(statementsOn('emails')).toHaveLength(MAX_BATCH);
  });

  test('writes the variants before anything else, groups in the order of their smallest id', () => {
    const written = sent.filter(({ update, insert }) => update ?? insert).map(({ update, insert }) => update ?? insert);
    expect(written[0]).toBe('variants');
    const ids: string[][] = statementsOn('variants').map(({ q }) => q._id.$in.map(String));
    const sorted = (list: string[]) => [...list].sort();
    for (const group of ids) expect(group).toEqual(sorted(group));
    expect(ids.map(([smallest]) => smallest)).toEqual(sorted(ids.map(([smallest]) => smallest ?? '')));
  });

  test('leaves orders of at most 2,750 bytes', async () => {
    const orders = await driverCollection(db.orders).find({ status: 'confirmed', refunds: [] }).toArray();
    expect(orders.length).toBeGreaterThan(MAX_BATCH / 2);
    const sizes = orders.map((order) => mongoose.mongo.BSON.calculateObjectSize(order));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_750);
  });
});

async function chargeTwice(db: Database, { _id, total, txRef }: Order, n: number): Promise<void> {
  const requestedAt = new Date(now.getTime() + n);
  const refund = { refundId: `refund-${n}`, reference: `${txRef}-2`, amount: total, state: 'requested' };
  await driverCollection(db.orders).updateOne({ _id }, {
    $set: {
      refunds: [{ ...refund, cause: 'duplicate_payment', requestedAt, requestedBy: 'system', attempts: 0 }],
      refundDueAt: requestedAt,
    },
  } as object);
}

/** Another order like `full`, whose paying charge is in an open dispute. */
function disputed({ payments, ...full }: Order): Order {
  const reference = 'ord-DISPUTED0001-1';
  return {
    ...full,
    _id: new Types.ObjectId(),
    checkoutKey: 'another checkout',
    payments: payments.map((attempt) => ({ ...attempt, reference })),
    paidReference: reference,
    disputes: [{ disputeId: '5', reference, state: 'open', openedAt: new Date() }],
  };
}

describe('the fields that the batch reads', () => {
  let db: Database;
  let whole: Order[];
  let read: PaidOrder[];
  beforeAll(async () => {
    db = await openOwnDatabase();
    const [variant] = await makeCatalogue(db, { stock: 500, now });
    if (!variant) throw new Error('no variant was made');
    await makeEveryLife(db, variant, now);
    await makePaidOrder(db, { lines: [{ variant, quantity: 2 }], reservationMinutes: 15, now });
    await driverCollection(db.orders).insertMany([FULL_DOCUMENTS.orders, disputed(FULL_DOCUMENTS.orders)]);
    // Settling is not tried on damaged documents, so an order is due here if it is pending and was paid.
    const due = { status: 'pending', paidReference: { $exists: true } } as const;
    whole = await driverCollection(db.orders).find(due).sort({ _id: 1 }).toArray();
    read = await driverCollection(db.orders)
      .find<PaidOrder>(due, { projection: SETTLEMENT_PROJECTION })
      .sort({ _id: 1 })
      .toArray();
  });
  afterAll(() => db.connection.close());

  const writesOf = (orders: PaidOrder[], confirmed: string[]) => {
    const decision: ReturnType<typeof decideSettlement> = { confirmed, cancelled: [], takes: [] };
    const settled = toSettledOrders(orders, decision, now, ({ _id }) => `refund-${_id}`);
    return { orders: toOrderStatements(settled, now), companions: toCompanions(settled, now) };
  };

  test.each<[string, (ids: string[]) => string[]]>([
    ['confirming', (ids) => ids],
    ['cancelling, or parking under a dispute,', () => []],
  ])('are all that %s derives its writes from', (_name, choose) => {
    expect(whole.length).toBeGreaterThan(2);
    const confirmed = choose(whole.map(({ _id }) => String(_id)));
    expect(writesOf(read, confirmed)).toEqual(writesOf(whole, confirmed));
  });

  test.each(Object.keys(SETTLEMENT_PROJECTION))('include nothing in vain: %s is in the read document', (path) => {
    const [field = '', part] = path.split('.');
    const values = read.map((order) => (order as unknown as Record<string, unknown>)[field]);
    const parts = part === undefined ? values : values.flat().map((value) => (value as Record<string, unknown>)[part]);
    expect(parts.some((value) => value !== undefined)).toBe(true);
  });

  test('are read into an order of their own, without what never changes', () => {
    for (const order of read) {
      expect(order).not.toHaveProperty('history');
      expect(order).not.toHaveProperty('shippingAddressSnapshot');
      expect(order.items[0]).toEqual({ variantId: expect.any(Types.ObjectId), quantity: expect.any(Number) });
    }
  });
});
