/** Staff's catalogue: unique slugs and SKUs, archiving, and stock that only moves together with its ledger. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { type CatalogChange, KEPT_CHANGES } from '../../models/catalogue/catalogue-change.ts';
import type { Database } from '../../models/db/database.ts';
import { type StockedVariant, stockVariant, unknownId } from '../support/stocked-variant.ts';
import { type Client, type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
let admin: Client['admin'];
beforeAll(async () => {
  app = await startTestApp();
  staff = await app.signUp({ role: 'owner' });
  admin = staff.client.admin;
});
afterAll(() => app.stop());

const refusal = (code: string, details: object = {}) =>
  expect.objectContaining({ data: expect.objectContaining({ code, ...details }) });

/** Invariant I1 of one variant without reservations: its stock is the sum of its ledger. */
async function ledgerAndStock(db: Database, variantId: string): Promise<[number, number]> {
  const _id = new Types.ObjectId(variantId);
  const rows = await db.stockMovements.find({ 'lines.variantId': _id }).lean();
  const variant = await db.variants.findById(_id).lean();
  const deltas = rows.flatMap(({ lines }) => lines.flatMap((line) => (line.variantId.equals(_id) ? [line.delta] : [])));
  return [deltas.reduce((sum, delta) => sum + delta, 0), (variant?.stock ?? 0) + (variant?.reserved ?? 0)];
}

const TAKEN = 'is taken, or was the address of another product before';

describe('products', () => {
  test('are made, edited field by field, and archived with their variants; a repeat changes nothing more', async () => {
    const made = await admin.createProduct.mutate({
      slug: 'kettle',
      title: 'Kettle',
      description: 'Hot.',
      category: 'Kitchen',
    });
    const variant = await admin.createVariant.mutate({
      productId: made.id,
      sku: 'KET-1',
      title: '1 l',
      price: 5_000,
      stock: 4,
    });
    const edited = await admin.editProduct.mutate({ productId: made.id, title: 'Big kettle' });
    expect(edited).toEqual({ ...made, title: 'Big kettle', rev: 1 });
    expect((await admin.archiveProduct.mutate({ productId: made.id })).archived).toBe(true);
    const first = await app.db.products.findById(made.id).lean();
    await admin.archiveProduct.mutate({ productId: made.id });
    expect(await app.db.products.findById(made.id).lean()).toEqual(first);
    expect((await app.db.variants.findById(variant.id).lean())?.archivedAt).toEqual(first?.archivedAt);
    const late = { productId: made.id, sku: 'KET-2', title: '2 l', price: 6_000, stock: 0 };
    await expect(admin.createVariant.mutate(late)).rejects.toEqual(refusal('NOT_FOUND'));
  });

  test('a slug or a SKU that is taken is refused, also in a race, by field', async () => {
    const item = await stockVariant(app.db);
    const product = { slug: item.slug, title: 'Twin', description: 'Twin.', category: 'Twins' };
    const bySlug = refusal('INVALID_INPUT', { details: { issues: [{ path: 'slug', message: TAKEN }] } });
    await expect(admin.createProduct.mutate(product)).rejects.toEqual(bySlug);
    const other = await stockVariant(app.db);
    await expect(admin.editProduct.mutate({ productId: other.productId, slug: item.slug })).rejects.toEqual(bySlug);
    const variant = { productId: item.productId, sku: 'RACE-1', title: 'Twin', price: 1, stock: 5 };
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => admin.createVariant.mutate(variant)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await app.db.stockMovements.countDocuments({ note: 'first stock', 'lines.delta': 5 })).toBe(1);
  });

  test('have an audit trail of changes with actor and time, as do their variants; repeats and empty edits add nothing', async () => {
    const product = await admin.createProduct.mutate({
      slug: 'teapot',
      title: 'Teapot',
      description: 'Short.',
      category: 'Kitchen',
    });
    const productId = product.id;
    const fields = { productId, sku: 'TEA-1', title: 'Blue', price: 4_000, stock: 1 };
    const { id: variantId } = await admin.createVariant.mutate(fields);
    const colleague = await app.signUp({ role: 'owner' });
    await colleague.client.admin.editVariant.mutate({ variantId, price: 4_500 });
    await admin.editVariant.mutate({ variantId });
    await admin.editProduct.mutate({ productId, slug: 'tea-pot', description: 'Short and stout.' });
    await colleague.client.admin.archiveProduct.mutate({ productId });
    await admin.archiveVariant.mutate({ variantId });
    const noted = (document: { changes?: CatalogChange[] } | null) =>
      document?.changes?.map(({ actor, what, at }) => [actor, what, at instanceof Date]);
    expect(noted(await app.db.products.findById(productId).lean())).toEqual([
      [`staff:${staff.id}`, 'made', true],
      [`staff:${staff.id}`, 'edited slug: tea-pot, description', true],
      [`staff:${colleague.id}`, 'archived', true],
    ]);
    expect(noted(await app.db.variants.findById(variantId).lean())).toEqual([
      [`staff:${staff.id}`, 'made', true],
      [`staff:${colleague.id}`, 'edited price: ₦45.00', true],
      [`staff:${colleague.id}`, 'archived', true],
    ]);
    expect(app.logged).toContainEqual(
      expect.objectContaining({ event: 'catalog_changed', kind: 'edited', variantId, actor: `staff:${colleague.id}` }),
    );
  });

  test('keep the last fifty notes', async () => {
    const { variantId } = await stockVariant(app.db);
    for (let price = 1; price <= KEPT_CHANGES + 1; price += 1) await admin.editVariant.mutate({ variantId, price });
    const { changes = [] } = (await app.db.variants.findById(variantId).lean()) ?? {};
    expect(changes).toHaveLength(KEPT_CHANGES);
    expect(changes.at(-1)?.what).toBe(`edited price: ₦0.${KEPT_CHANGES + 1}`);
  });

  test.each(['editProduct', 'archiveProduct'] as const)('%s of an unknown product is not found', async (name) => {
    await expect(admin[name].mutate({ productId: unknownId() })).rejects.toEqual(refusal('NOT_FOUND'));
  });
});

describe('stock', () => {
  const variantWith = (stock: number): Promise<StockedVariant> => stockVariant(app.db, { stock });

  test('begins in the ledger, which records each change with actor and reason', async () => {
    const product = await variantWith(0);
    const input = { productId: product.productId, sku: 'BOX-1', title: 'Box', price: 100, stock: 12 };
    const { id } = await admin.createVariant.mutate(input);
    const adjusted = await admin.adjustStock.mutate({
      key: newActionKey(),
      variantId: id,
      delta: -2,
      reason: 'broken in transit',
    });
    expect(adjusted).toMatchObject({ stock: 10, reserved: 0 });
    const rows = await app.db.stockMovements
      .find({ 'lines.variantId': new Types.ObjectId(id) })
      .sort({ at: 1 })
      .lean();
    expect(
      rows.map(({ reason, lines, note, actor }) => ({
        reason,
        lines: lines.length,
        delta: lines[0]?.delta,
        note,
        actor,
      })),
    ).toEqual([
      { reason: 'initial', lines: 1, delta: 12, note: 'first stock', actor: `staff:${staff.id}` },
      { reason: 'adjust', lines: 1, delta: -2, note: 'broken in transit', actor: `staff:${staff.id}` },
    ]);
    expect(await ledgerAndStock(app.db, id)).toEqual([10, 10]);
  });

  test('never goes below 0: the refusal says what is there, and nothing is written', async () => {
    const { variantId, sku } = await variantWith(3);
    const shortages = [{ variantId, sku, requested: 4, available: 3 }];
    await expect(
      admin.adjustStock.mutate({ key: newActionKey(), variantId, delta: -4, reason: 'count' }),
    ).rejects.toEqual(refusal('INSUFFICIENT_STOCK', { details: { shortages } }));
    expect(await ledgerAndStock(app.db, variantId)).toEqual([3, 3]);
  });

  test('twenty takers of the last ten units at once take ten, and the ledger agrees', async () => {
    const { variantId } = await variantWith(10);
    const take = () =>
      admin.adjustStock.mutate({ key: newActionKey(), variantId, delta: -1, reason: 'sold at the market' });
    const results = await Promise.allSettled(Array.from({ length: 20 }, take));
    const taken = results.filter(({ status }) => status === 'fulfilled').length;
    expect(await ledgerAndStock(app.db, variantId)).toEqual([10 - taken, 10 - taken]);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(10);
  });

  test('the same adjustment sent twice, or twenty times at once, counts once, and a refusal leaves its key free', async () => {
    const { variantId } = await variantWith(10);
    const input = { key: newActionKey(), variantId, delta: 10, reason: 'delivery' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.adjustStock.mutate(input)));
    expect(new Set(answers.map(({ stock }) => stock))).toEqual(new Set([20]));
    expect(await ledgerAndStock(app.db, variantId)).toEqual([20, 20]);
    await expect(admin.adjustStock.mutate({ ...input, delta: 11 })).rejects.toEqual(refusal('ACTION_KEY_REUSED'));
    const tooMany = { ...input, key: newActionKey(), delta: -21 };
    await expect(admin.adjustStock.mutate(tooMany)).rejects.toEqual(
      expect.objectContaining({ data: expect.objectContaining({ code: 'INSUFFICIENT_STOCK' }) }),
    );
    await admin.adjustStock.mutate({ ...input, key: newActionKey(), delta: 1 });
    expect((await admin.adjustStock.mutate(tooMany)).stock).toBe(0);
    // Of a repeat that comes late, and would now take too many, the answer is the stock as it stands.
    expect((await admin.adjustStock.mutate(tooMany)).stock).toBe(0);
    expect(await ledgerAndStock(app.db, variantId)).toEqual([0, 0]);
  });

  test('editVariant changes title and price, never the stock', async () => {
    const { variantId } = await variantWith(7);
    const edited = await admin.editVariant.mutate({ variantId, title: 'Renamed', price: 999 });
    expect(edited).toMatchObject({ title: 'Renamed', price: 999, stock: 7 });
    expect((await admin.archiveVariant.mutate({ variantId })).archived).toBe(true);
  });

  test('an unknown variant is not found', async () => {
    const variantId = unknownId();
    const notFound = refusal('NOT_FOUND');
    await expect(admin.adjustStock.mutate({ key: newActionKey(), variantId, delta: 1, reason: 'x' })).rejects.toEqual(
      notFound,
    );
    await expect(admin.editVariant.mutate({ variantId, price: 1 })).rejects.toEqual(notFound);
    await expect(admin.archiveVariant.mutate({ variantId })).rejects.toEqual(notFound);
  });
});
