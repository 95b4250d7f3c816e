/** A batch of the settlement is as long as its writes allow: documents, and entries of the ledger's index. */
import { expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { MAX_BATCH } from '../../models/settlement/drain-settlements.ts';
import { withinWriteLimit } from '../../models/settlement/write-limit.ts';

const variantsOf = (count: number) => Array.from({ length: count }, () => new Types.ObjectId());
const itemsOf = (variants: Types.ObjectId[]) => variants.map((variantId) => ({ variantId, quantity: 1 }));
const ordersOf = (count: number, items: () => ReturnType<typeof itemsOf>) =>
  Array.from({ length: count }, () => ({ items: items() }));

test('the largest batch of orders of three lines is within it, even with no variant in common', () => {
  const orders = ordersOf(MAX_BATCH, () => itemsOf(variantsOf(3)));
  expect(withinWriteLimit(orders)).toEqual(orders);
});

test('counts each variant once: orders of a hundred lines fit by the hundred with the same variants, by tens without', () => {
  const same = itemsOf(variantsOf(100));
  // 4 documents and 100 entries an order: 14 writes each, and 100 variants.
  expect(withinWriteLimit(ordersOf(MAX_BATCH, () => same))).toHaveLength(278);
  // 114 writes each.
  expect(withinWriteLimit(ordersOf(MAX_BATCH, () => itemsOf(variantsOf(100))))).toHaveLength(35);
});

test('one order is always within it, and none of none', () => {
  const huge = { items: itemsOf(variantsOf(5_000)) };
  expect(withinWriteLimit([huge, huge])).toEqual([huge]);
  expect(withinWriteLimit([])).toEqual([]);
});
