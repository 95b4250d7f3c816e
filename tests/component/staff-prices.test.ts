/** Staff's prices of a variant in other currencies: made, changed, recorded, and the ones that are refused. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { readProductRows } from '../../client-sdk/desk/src/products/import/import-rows.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { refusalOf } from '../support/checkouts.ts';
import { everything, type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
let item: StockedVariant;
beforeAll(async () => {
  app = await startTestApp({ env: { SHIPPING_FEE: 'NGN 1500, USD 5.50' } });
  staff = await app.signUp({ role: 'owner' });
  item = await stockVariant(app.db, { title: 'Base' });
});
afterAll(() => app.stop());

const admin = () => staff.client.admin;
const usd = (price: number) => ({ currency: 'USD' as const, price });
const ghs = (price: number) => ({ currency: 'GHS' as const, price });
const ngn = (price: number) => ({ currency: 'NGN' as const, price });
const variantOf = (sku: string) => driverCollection(app.db.variants).findOne({ sku });
const rowsOf = (text: string) => readProductRows(text).parts[0] ?? [];

test('variants are made with them, alone and with their product', async () => {
  const fields = { title: 'One', price: 9_000_00, stock: 1 };
  const made = await admin().createVariant.mutate({
    ...{ ...fields, productId: item.productId, sku: 'MADE-1' },
    otherPrices: [usd(6_00), ghs(90_00)],
  });
  expect(made).toMatchObject({ price: 9_000_00, currency: 'NGN', otherPrices: [ghs(90_00), usd(6_00)] });
  const texts = { slug: 'jug', title: 'Jug', description: 'Clay.', category: 'Kitchen' };
  const variants = [
    { ...fields, sku: 'JUG-1', otherPrices: [usd(7_00)] },
    { ...fields, sku: 'JUG-2', otherPrices: [] },
  ];
  const { id } = await admin().createProduct.mutate({ ...texts, variants });
  const shown = (await admin().product.query({ productId: id })).variants;
  expect(shown.map(({ otherPrices }) => otherPrices)).toEqual([[usd(7_00)], []]);
  expect(await variantOf('JUG-2')).not.toHaveProperty('otherPrices');
  const row = (await admin().products.query({ search: 'jug' })).items[0];
  expect(row?.fromPrices.map(({ amount, currency }) => [currency, amount])).toEqual([
    ['NGN', 9_000_00],
    ['USD', 7_00],
  ]);
});

test('an edit replaces the whole list, is recorded in words, and leaves it alone where it names none', async () => {
  const { variantId, sku } = await stockVariant(app.db, { title: 'Edited' });
  const edit = (change: object) => admin().editVariant.mutate({ variantId, ...change });
  expect((await edit({ otherPrices: [usd(20_00), ghs(300_00)] })).otherPrices).toEqual([ghs(300_00), usd(20_00)]);
  expect((await edit({ price: 1_600_00 })).otherPrices).toHaveLength(2);
  expect((await edit({ otherPrices: [usd(18_00)], price: 1_700_00 })).otherPrices).toEqual([usd(18_00)]);
  const none = await edit({ otherPrices: [] });
  expect(none).toMatchObject({ otherPrices: [], price: 1_700_00, rev: 4 });
  const kept = await variantOf(sku);
  expect(kept).not.toHaveProperty('otherPrices');
  expect(kept?.changes?.map(({ what }) => what).slice(1)).toEqual([
    'edited other prices: GH₵300.00, $20.00',
    'edited price: ₦1,600.00',
    'edited price: ₦1,700.00, other prices: $18.00',
    'edited no other prices',
  ]);
  expect(await refusalOf(edit({ otherPrices: [usd(1_00)], rev: 3 }))).toMatchObject({ code: 'PREVIEW_OUTDATED' });
});

describe('those that cannot stand', () => {
  const price = { sku: 'WRONG-1', title: 'One', price: 9_00, stock: 0 };
  test.each([
    ['in the own currency', [usd(5_00), ngn(9_00)], /otherPrices: must not name NGN, which the price itself is in/],
    ['twice in one', [usd(5_00), usd(6_00)], /must name each currency once/],
    ['of nothing', [usd(0)], /must be at least 0.01/],
    ['of a fraction', [usd(0.5)], /whole number/],
    ['in an unknown currency', [{ currency: 'EUR' as 'USD', price: 5_00 }], /must be one of NGN/],
  ])('are refused and change nothing: %s', async (_, otherPrices, words) => {
    const before = await everything(app.db);
    const texts = { slug: 'wrong', title: 'W', description: 'W', category: 'W' };
    const calls = [
      admin().editVariant.mutate({ variantId: item.variantId, otherPrices }),
      admin().createVariant.mutate({ ...price, productId: item.productId, otherPrices }),
      admin().createProduct.mutate({ ...texts, variants: [{ ...price, otherPrices }] }),
    ];
    for (const call of calls) await expect(call).rejects.toThrow(words);
    expect(await everything(app.db)).toBe(before);
  });

  test('are refused by the database itself', async () => {
    const _id = new Types.ObjectId(item.variantId);
    const variants = driverCollection(app.db.variants);
    for (const otherPrices of [[usd(0)], [usd(1.5)], [{ currency: 'EUR', price: 1 }], [{ currency: 'USD' }], []])
      await expect(variants.updateOne({ _id }, { $set: { otherPrices } as object })).rejects.toThrow(/validation/);
    await variants.updateOne({ _id }, { $set: { otherPrices: [usd(1)] } });
    await variants.updateOne({ _id }, { $unset: { otherPrices: 1 } });
  });
});

describe('in a file', () => {
  test('go out and go in unchanged', async () => {
    await stockVariant(app.db, { title: 'Filed', otherPrices: [usd(20_05), ghs(1_300_00)] });
    const headers = { authorization: `Bearer ${staff.token}` };
    const text = await (await fetch(`${app.url}/admin/products/list.csv`, { headers })).text();
    expect(text).toContain('"GHS 1300.00, USD 20.05"');
    const before = await everything(app.db);
    const { products } = await admin().importProducts.mutate({ file: '1'.repeat(64), rows: rowsOf(text) });
    expect(products.filter(({ outcome }) => outcome !== 'same')).toEqual([]);
    expect(await everything(app.db)).toBe(before);
  });

  test('are set, kept by an empty cell and taken out by “none”, each shown before', async () => {
    const set = await stockVariant(app.db);
    const kept = await stockVariant(app.db, { otherPrices: [usd(9_00)] });
    const gone = await stockVariant(app.db, { otherPrices: [usd(9_00)] });
    const text = [
      'product,sku,variant,price,otherPrices',
      `${set.slug},${set.sku},,,"USD 20.00, ghs 300"`,
      `${kept.slug},${kept.sku},,1600,`,
      `${gone.slug},${gone.sku},,,none`,
      `${set.slug},${set.sku}-2,Two,1700,USD 21`,
    ].join('\n');
    const input = { file: createHash('sha256').update(text).digest('hex'), rows: rowsOf(text) };
    const { products } = await admin().importProducts.mutate(input);
    expect(products.map(({ effects }) => effects)).toEqual([
      [
        `${set.sku}: other prices none → GH₵300.00, $20.00`,
        `new variant ${set.sku}-2, Two: ₦1,700.00, $21.00, 0 in stock`,
      ],
      [`${kept.sku}: ₦1,500.00 → ₦1,600.00`],
      [`${gone.sku}: other prices $9.00 → none`],
    ]);
    expect((await variantOf(set.sku))?.otherPrices).toEqual([ghs(300_00), usd(20_00)]);
    expect((await variantOf(`${set.sku}-2`))?.otherPrices).toEqual([usd(21_00)]);
    expect((await variantOf(kept.sku))?.otherPrices).toEqual([usd(9_00)]);
    expect(await variantOf(gone.sku)).not.toHaveProperty('otherPrices');
    expect((await variantOf(gone.sku))?.changes?.at(-1)?.what).toBe('imported no other prices');
    const again = await admin().importProducts.mutate(input);
    expect(again.products.map(({ outcome }) => outcome)).toEqual(['same', 'same', 'same']);
  });

  test('are faults of their row where they cannot stand', async () => {
    const bad = await stockVariant(app.db);
    const text = [
      'product,sku,variant,price,otherPrices',
      `${bad.slug},${bad.sku},,1600,NGN 5`,
      `${bad.slug},${bad.sku}-2,Two,5,"USD 5, USD 6"`,
      `${bad.slug},${bad.sku}-3,Three,5,twenty`,
      `${bad.slug},${bad.sku}-4,Four,5,NGN 5`,
    ].join('\n');
    const { products } = await admin().previewImport.mutate({ file: '2'.repeat(64), rows: rowsOf(text) });
    expect(products[0]?.faults.map(({ row, message }) => `${row} ${message}`)).toEqual([
      '1 otherPrices: must not name NGN, which the price itself is in',
      '2 otherPrices: names USD twice',
      '3 otherPrices: must be prices with their currencies, like USD 20.00, GHS 300.00, not "twenty"',
      '4 otherPrices: must not name NGN, which the price itself is in',
    ]);
  });
});
