/** Variants that give up the same units are written by one statement, which must match each of them. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import type { Variant } from '../../models/catalogue/variant.ts';
import { driverCollection } from '../../models/db/connection.ts';
import type { Database } from '../../models/db/database.ts';
import { inTransaction } from '../../models/db/transaction.ts';
import type { SettlementDecision } from '../../models/settlement/decide-settlement.ts';
import { SettlementCountError, takeStock } from '../../models/settlement/settlement-writes.ts';
import { makeCatalogue, openOwnDatabase } from '../support/orders.ts';

let db: Database;
let variants: Variant[];
beforeAll(async () => {
  db = await openOwnDatabase();
  variants = await makeCatalogue(db, { variants: 3, stock: 5 });
});
beforeEach(async () => {
  await driverCollection(db.variants).updateMany({}, { $set: { stock: 5, reserved: 5 } });
});
afterAll(() => db.connection.close());

type Units = Pick<SettlementDecision['takes'][number], 'fromStock' | 'fromReserved'>;

const take = (ids: readonly Types.ObjectId[], units: Units[]) => {
  const takes = ids.map((id, index) => ({
    variantId: String(id),
    ...(units[index] ?? { fromStock: 1, fromReserved: 0 }),
  }));
  return inTransaction(db, (session) => takeStock(db, { confirmed: [], cancelled: [], takes }, session), {
    attempts: 1,
  });
};
const idsOf = () => variants.map(({ _id }) => _id);
const countsOf = async () =>
  (await driverCollection(db.variants).find().sort({ _id: 1 }).toArray()).map(({ stock, reserved }) => [
    stock,
    reserved,
  ]);

test.each<[string, Units]>([
  ['stock', { fromStock: 6, fromReserved: 0 }],
  ['reserved', { fromStock: 0, fromReserved: 6 }],
])('too little %s for one of a group aborts the whole take', async (_name, units) => {
  const before = await countsOf();
  const others = { _id: { $in: idsOf().slice(1) } };
  await driverCollection(db.variants).updateMany(others, { $set: { stock: 6, reserved: 6 } });
  await expect(take(idsOf(), [units, units, units])).rejects.toThrow(new SettlementCountError('variants', 3, 2));
  await driverCollection(db.variants).updateMany(others, { $set: { stock: 5, reserved: 5 } });
  expect(await countsOf()).toEqual(before);
});

test('a variant that is missing aborts the whole take', async () => {
  const before = await countsOf();
  await expect(take([...idsOf(), new Types.ObjectId()], [])).rejects.toThrow('3 of 4 variants matched');
  expect(await countsOf()).toEqual(before);
});

test('each variant of each group gives up its units, from stock and from reservation', async () => {
  const [from, both] = [
    { fromStock: 2, fromReserved: 0 },
    { fromStock: 1, fromReserved: 3 },
  ];
  await take(idsOf(), [from, both, from]);
  expect(await countsOf()).toEqual([
    [3, 5],
    [4, 2],
    [3, 5],
  ]);
});
