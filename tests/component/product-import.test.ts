/** Products made at once with their variants, and imported from the rows of a CSV: checked first, each wholly or not at all. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { readProductRows } from '../../client-sdk/desk/src/products/import/import-rows.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { errorCodeOf } from '../support/shopping.ts';
import { everything, stockVariant } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let staff: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  staff = await app.signUp({ role: 'manager' });
});
afterAll(() => app.stop());

const NAMES = 'product,title,category,description,sku,variant,price,currency,stock';
const admin = () => staff.client.admin;
const fileOf = (...lines: string[]) => {
  const text = `${NAMES}\n${lines.join('\n')}`;
  const [rows = []] = readProductRows(text).parts;
  return { file: createHash('sha256').update(text).digest('hex'), rows };
};
const run = async (input: ReturnType<typeof fileOf> & { withStock?: boolean }) => {
  const { products: shown } = await admin().previewImport.mutate(input);
  const expect = shown.map(({ product, digest }) => ({ product, digest }));
  const { products } = await admin().importProducts.mutate({ ...input, expect });
  return { shown, outcomes: products.map(({ product, outcome }) => [product, outcome]), products };
};
const variantOf = (sku: string) => driverCollection(app.db.variants).findOne({ sku });

test('a product is made with its variants, or nothing of it is', async () => {
  const texts = { title: 'Clay pot', description: 'Thrown by hand.', category: 'Kitchen' };
  const variant = { title: 'Small', price: 500_00, stock: 3 };
  const { id } = await admin().createProduct.mutate({
    ...texts,
    slug: 'clay-pot',
    variants: [
      { ...variant, sku: 'POT-S' },
      { ...variant, sku: 'POT-L', title: 'Large', stock: 0, currency: 'USD' },
    ],
  });
  const { variants } = await admin().product.query({ productId: id });
  expect(variants.map(({ sku, stock, currency }) => [sku, stock, currency])).toEqual([
    ['POT-S', 3, 'NGN'],
    ['POT-L', 0, 'USD'],
  ]);
  expect((await admin().stockRows.query({ variantId: variants[0]?.id ?? '' })).items).toMatchObject([
    { reason: 'initial', delta: 3 },
  ]);
  const before = await everything(app.db);
  const taken = admin().createProduct.mutate({
    ...texts,
    slug: 'other-pot',
    variants: [
      { ...variant, sku: 'NEW' },
      { ...variant, sku: 'POT-S' },
    ],
  });
  await expect(taken).rejects.toThrow(/variants\.1\.sku: is taken/);
  const twice = [
    { ...variant, sku: 'NEW' },
    { ...variant, sku: 'NEW' },
  ];
  expect(await errorCodeOf(admin().createProduct.mutate({ ...texts, slug: 'x', variants: twice }))).toBe(
    'INVALID_INPUT',
  );
  expect(await driverCollection(app.db.products).countDocuments({ slug: 'other-pot' })).toBe(0);
  expect(before).toContain('POT-S');
});

test('what the export gives goes in unchanged', async () => {
  await stockVariant(app.db, { title: "'=2+3", price: 1_234_567 });
  const odd = await stockVariant(app.db, { title: 'Ọ̀ṣun, “blue”; with "quotes"' });
  await admin().editProduct.mutate({ productId: odd.productId, description: '=HYPERLINK("x")\n- one\n- two' });
  const reply = await fetch(`${app.url}/admin/products/list.csv`, {
    headers: { authorization: `Bearer ${staff.token}` },
  });
  const { parts, faults } = readProductRows(await reply.text());
  expect([faults.size, parts.length]).toEqual([0, 1]);
  const before = await everything(app.db);
  const input = { file: '0'.repeat(64), rows: parts[0] ?? [], withStock: true };
  const { products } = await admin().importProducts.mutate(input);
  expect(products.filter(({ outcome }) => outcome !== 'same')).toEqual([]);
  expect(products.length).toBeGreaterThan(1);
  expect(await everything(app.db)).toBe(before);
});

test('an import shows each change first, makes it, and leaves nothing to do for the same file', async () => {
  const rug = await stockVariant(app.db, { title: 'Wool rug', stock: 4 });
  const input = fileOf(
    `${rug.slug},Woollen rug,,,${rug.sku},Wide,1750.50,,9`,
    `${rug.slug},,,,${rug.sku}-XL,Extra,2500,NGN,2`,
    'bowl,Bowl,Kitchen,Of clay.,BOWL-1,One size,"1,200",,5',
  );
  const first = await run({ ...input, withStock: true });
  expect(first.shown.map(({ change, effects }) => [change, effects])).toEqual([
    [
      'changed',
      [
        'title: Wool rug → Woollen rug',
        `${rug.sku}: One size → Wide`,
        `${rug.sku}: ₦1,500.00 → ₦1,750.50`,
        `${rug.sku}: stock 4 → 9`,
        `new variant ${rug.sku}-XL, Extra: ₦2,500.00, 2 in stock`,
      ],
    ],
    ['new', ['new product Bowl', 'new variant BOWL-1, One size: ₦1,200.00, 5 in stock']],
  ]);
  expect(first.outcomes).toEqual([
    [rug.slug, 'done'],
    ['bowl', 'done'],
  ]);
  expect(await variantOf(rug.sku)).toMatchObject({ title: 'Wide', price: 175_050, stock: 9 });
  const [movement] = (await admin().stockRows.query({ variantId: rug.variantId })).items;
  expect(movement).toMatchObject({ reason: 'adjust', delta: 5, note: 'imported from a file' });
  const { changes } = await admin().product.query({ productId: rug.productId });
  expect(changes[0]?.what).toBe('imported title');
  expect((await app.client().catalog.products.query({ search: 'woollen' })).items).toHaveLength(1);
  await admin().adjustStock.mutate({
    variantId: rug.variantId,
    delta: -3,
    reason: 'sold at the market',
    key: 'market-day-1',
  });
  const again = await run({ ...input, withStock: true });
  expect(again.outcomes).toEqual([
    [rug.slug, 'same'],
    ['bowl', 'same'],
  ]);
  expect(await variantOf(rug.sku)).toMatchObject({ stock: 6 });
});

test('stock is left alone unless it is asked for, and empty cells keep what is stored', async () => {
  const mat = await stockVariant(app.db, { title: 'Raffia mat', stock: 4 });
  const { outcomes, shown } = await run(fileOf(`${mat.slug},,,,${mat.sku},,1600,,99`));
  expect([outcomes, shown[0]?.effects]).toEqual([[[mat.slug, 'done']], [`${mat.sku}: ₦1,500.00 → ₦1,600.00`]]);
  expect(await variantOf(mat.sku)).toMatchObject({ title: 'One size', price: 160_000, stock: 4 });
});

test('a product with a fault in one row changes in none, and the others go in', async () => {
  const [good, bad, gone] = [await stockVariant(app.db), await stockVariant(app.db), await stockVariant(app.db)];
  const other = await stockVariant(app.db);
  await admin().archiveProduct.mutate({ productId: gone.productId });
  const { shown, outcomes } = await run(
    fileOf(
      `${good.slug},,,,${good.sku},Good,10,,`,
      `${bad.slug},Other,,,${bad.sku},Fine,20,,`,
      `${bad.slug},,,,bad sku,Fine,twenty,EUR,-1`,
      `${bad.slug},,,,${other.sku},,,,`,
      `${bad.slug},,,,${bad.sku}-2,,,,`,
      `${bad.slug},,,,${bad.sku},,,,`,
      'New One,,,,NEW-1,A,1,,',
      `${gone.slug},,,,${gone.sku},,5,,`,
    ),
  );
  expect(outcomes.map(([, outcome]) => outcome)).toEqual(['done', 'fault', 'fault', 'fault']);
  expect(shown[1]?.faults.map(({ row, message }) => `${row} ${message}`)).toEqual([
    '3 currency: must be one of NGN, GHS, ZAR, KES, USD, XOF',
    '3 stock: must be a whole number',
    '3 sku: must be capital letters and digits, with single - . or _ between',
    '3 price: must be a price like 1500 or 1500.50',
    `4 sku: ${other.sku} belongs to another product`,
    '5 variant: must not be empty, because the variant is new',
    '5 price: must not be empty, because the variant is new',
    `6 sku: ${bad.sku} stands in row 2 as well`,
  ]);
  expect(shown[2]?.faults[0]?.message).toMatch(/^product: must be lower case letters/);
  expect(shown[3]?.faults.map(({ message }) => message)).toEqual(['product: is archived; bring it back first']);
  expect(await variantOf(bad.sku)).toMatchObject({ title: 'One size' });
  expect((await admin().product.query({ productId: bad.productId })).title).not.toBe('Other');
});

test('a product that changed after the check is left as it is', async () => {
  const item = await stockVariant(app.db, { stock: 4 });
  const input = { ...fileOf(`${item.slug},,,,${item.sku},,18,,7`), withStock: true };
  const { products: shown } = await admin().previewImport.mutate(input);
  await admin().adjustStock.mutate({ variantId: item.variantId, delta: -1, reason: 'sold', key: 'sold-meanwhile' });
  const expected = shown.map(({ product, digest }) => ({ product, digest }));
  const { products } = await admin().importProducts.mutate({ ...input, expect: expected });
  expect(products[0]).toMatchObject({ outcome: 'outdated', effects: [expect.any(String), `${item.sku}: stock 3 → 7`] });
  expect(await driverCollection(app.db.variants).findOne({ _id: new Types.ObjectId(item.variantId) })).toMatchObject({
    stock: 3,
    price: 150_000,
  });
});

test('the same file sent twice at once changes the stock once', async () => {
  const item = await stockVariant(app.db, { stock: 1 });
  const input = {
    ...fileOf(`${item.slug},,,,${item.sku},,,,5`, 'raced,Raced,Things,Twice.,RACED-1,One,5,,2'),
    withStock: true,
  };
  await Promise.all([admin().importProducts.mutate(input), admin().importProducts.mutate(input)]);
  expect(await variantOf(item.sku)).toMatchObject({ stock: 5 });
  expect((await admin().stockRows.query({ variantId: item.variantId })).items).toHaveLength(2);
  expect(await driverCollection(app.db.products).countDocuments({ slug: 'raced' })).toBe(1);
});
