/** Shoppers find products by what they know of them, in any writing. Categories are found in any writing as well. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import {
  archiveProduct,
  archiveVariant,
  createProduct,
  createVariant,
  editProduct,
  editVariant,
} from '../../models/catalogue/edit-catalogue.ts';
import { restoreProduct } from '../../models/catalogue/restore.ts';
import { rebuildProductSearch } from '../../models/catalogue/search/write-product-search.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const BY = { actor: 'system', now: new Date() };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await sell('Leather slippers', 'Shoes', 'Soft soles.', ['SLP-BRN-42', 'Brown, 42'], ['SLP-BLK-7', 'Black, 7']);
  await sell('Brass lamp', 'Home & Living', 'Stands 58 cm high.', ['LMP-58', '58 cm'], ['LMP-75', '75cm']);
  await sell('T-shirt', 'Clothing', 'Goes with a leather belt.', ['TS-1', 'M']);
  await sell('Aṣọ òkè', 'Fabric', 'Ọjà Yorùbá.', ['ASO-1', 'Ẹlẹ́wà']);
  await sell('Akwa ọcha', 'Fabric', 'Ihe ịkwa.', ['AKW-1', 'Ọhụrụ']);
  await sell('Ƙwarya ɗaya', 'Home & Living', "'Yar Hausa; ɓaure.", ['KWA-1', 'Babba']);
  await sell('Crème brûlée à l’œuf', 'Food', 'Dessert français.', ['CRM-1', 'Pièce']);
  await sell('Ofada Rice 5kg', 'Food', 'Unpolished.', ['OFD-5', 'Sack']);
  await sell('Boxes for dresses', 'Storage', 'With a lid.', ['BOX-1', 'Large']);
});
/** The products that a test itself sold. */
afterEach(async () => {
  for (const id of sold.splice(SOLD_BY_ALL)) await archiveProduct(app.db, id, BY);
});
afterAll(() => app.stop());

const SOLD_BY_ALL = 9;
const sold: Types.ObjectId[] = [];
let made = 0;
type Option = readonly [sku: string, title: string];

async function sell(title: string, category: string, description: string, ...options: Option[]) {
  made += 1;
  const product = await createProduct(app.db, { slug: `sold-${made}`, title, category, description }, BY);
  sold.push(product._id);
  const fields = { productId: product._id, price: 1_000, currency: 'NGN' as const, stock: 1 };
  const variants = [];
  for (const [sku, name] of options) variants.push(await createVariant(app.db, { ...fields, sku, title: name }, BY));
  return { id: product._id, variants };
}

async function find(search: string, category?: string) {
  const { items, matches } = await app.client().catalog.products.query({ search, category, limit: 50 });
  return { titles: items.map(({ title }) => title), matches };
}

describe('a product is found', () => {
  test.each([
    ['the beginning of a word', 'slip', 'Leather slippers'],
    ['the beginnings of two words, in any order', 'SLIPP leath', 'Leather slippers'],
    ['a SKU', 'SLP-BRN-42', 'Leather slippers'],
    ['a SKU without its hyphens', 'slpbrn42', 'Leather slippers'],
    ['the beginning of a SKU', 'lmp-5', 'Brass lamp'],
    ['an option', 'slippers 42', 'Leather slippers'],
    ['a size of one digit', 'slippers 7', 'Leather slippers'],
    ['a measure', '58 cm', 'Brass lamp'],
    ['a measure without its blank', '58cm', 'Brass lamp'],
    ['a measure with a blank that it does not have', '75 cm', 'Brass lamp'],
    ['a weight', 'rice 5 kg', 'Ofada Rice 5kg'],
    ['the plural', 'lamps', 'Brass lamp'],
    ['the singular', 'box dress', 'Boxes for dresses'],
    ['a word without its hyphen', 'tshirt', 'T-shirt'],
    ['a word with a blank for its hyphen', 't shirt', 'T-shirt'],
    ['its category', 'living lamp', 'Brass lamp'],
    ['a phrase with filling words', 'a lamp for the living', 'Brass lamp'],
    ['Yorùbá without marks', 'aso oke', 'Aṣọ òkè'],
    ['Yorùbá as it is spelt', 'Aṣọ Òkè', 'Aṣọ òkè'],
    ['decomposed Yorùbá', 'As\u0323o\u0323 o\u0300ke\u0300', 'Aṣọ òkè'],
    ['a Yorùbá option without marks', 'elewa', 'Aṣọ òkè'],
    ['Igbo without dots', 'akwa ocha', 'Akwa ọcha'],
    ['Igbo with dots that the title does not have', 'Ạkwa ọchạ', 'Akwa ọcha'],
    ['Hausa without hooks', 'kwarya daya', 'Ƙwarya ɗaya'],
    ['Hausa with hooks', 'ƙwarya', 'Ƙwarya ɗaya'],
    ['French without accents', 'creme brulee oeuf', 'Crème brûlée à l’œuf'],
    ['French with accents that the title does not have', 'rîcé ôfàda', 'Ofada Rice 5kg'],
  ])('by %s: %s', async (_, search, title) => {
    expect(await find(search)).toEqual({ titles: [title], matches: 'all' });
  });

  test.each([
    ['a letter too many', 'sllippers'],
    ['a letter missing', 'slppers'],
    ['a wrong letter', 'slipperz'],
    ['two letters swapped', 'slippesr leather'],
    ['a wrong first letter', 'alippers'],
    ['a letter missing in the singular', 'sliper'],
    ['a wrong letter in the singular', 'slippar leather'],
  ])('with %s: %s', async (_, search) => {
    expect(await find(search)).toEqual({ titles: ['Leather slippers'], matches: 'similar' });
  });

  test('not by a typing error in a short word, a number, or two in one word', async () => {
    for (const search of ['lanp', '59cm', 'slippersxx', '4'])
      expect([search, await find(search)]).toEqual([search, { titles: [], matches: 'all' }]);
  });

  test('best matches first: titles before options before descriptions, whole words before beginnings', async () => {
    expect((await find('leather')).titles).toEqual(['Leather slippers', 'T-shirt']);
    await sell('Kettle', 'Kitchen', 'Whistles.', ['KTL-1', 'White']);
    await sell('Kettlebell', 'Kettle parts', 'For kettles.', ['KTB-1', 'White']);
    expect((await find('kettle')).titles).toEqual(['Kettle', 'Kettlebell']);
  });

  test('by some of its words if no product has all, most words first', async () => {
    expect(await find('leather slippers unicorn')).toEqual({ titles: ['Leather slippers'], matches: 'some' });
    const { titles, matches } = await find('brass slippers leather');
    expect([titles[0], titles.includes('Brass lamp'), matches]).toEqual(['Leather slippers', true, 'some']);
  });
});

test.each([
  ['Yorùbá', 'Iro ati buba', 'Ìró àti bùbá'],
  ['Igbo', 'Ukwu nnu onu', 'Ụkwụ ńnu ọṅụ'],
  ['Hausa', 'Dankwali mai kyau', 'Ɗankwali mai ƙyau'],
  ['French', 'Boite a bijoux en coeur', 'Boîte à bijoux en cœur'],
])('a title and a search in %s find each other, whichever of them has the marks', async (_, plain, marked) => {
  await sell(plain, 'Marks', 'Plain.', [`PLAIN-${made}`, 'One']);
  await sell(marked, 'Marks', 'Marked.', [`MARKED-${made}`, 'One']);
  for (const text of [plain, marked, marked.normalize('NFD'), marked.toUpperCase()])
    for (const search of [text, ...text.split(' ').filter((word) => word.length > 3)]) {
      const { titles, matches } = await find(search, 'Marks');
      expect([search, matches, titles.filter((title) => title === plain || title === marked).sort()]).toEqual([
        search,
        'all',
        [plain, marked].sort(),
      ]);
    }
});

test('a category is found in any writing, with a search and without', async () => {
  for (const category of ['home & living', 'HOME & LIVING', 'Home-Living', 'hóme living']) {
    const { items } = await app.client().catalog.products.query({ category, limit: 50 });
    expect(items.map(({ title }) => title)).toEqual(['Ƙwarya ɗaya', 'Brass lamp']);
    expect((await find('lamp', category)).titles).toEqual(['Brass lamp']);
  }
});

test('the search follows each change of the catalogue at once', async () => {
  const { id, variants } = await sell('Walnut tray', 'Kitchen', 'Oiled.', ['TRY-1', 'Round'], ['TRY-2', 'Square']);
  const [round] = variants;
  if (!round) throw new Error('no variant');
  await editProduct(app.db, id, { title: 'Maple tray' }, BY);
  expect((await find('walnut')).titles).toEqual([]);
  await editVariant(app.db, round._id, { title: 'Oval' }, BY);
  for (const search of ['walnut', 'round']) expect((await find(search)).titles).toEqual([]);
  for (const search of ['maple', 'oval', 'mapple', 'square'])
    expect([search, (await find(search)).titles]).toEqual([search, ['Maple tray']]);
  await archiveVariant(app.db, round._id, BY);
  expect((await find('oval')).titles).toEqual([]);
  await archiveProduct(app.db, id, BY);
  expect((await find('maple')).titles).toEqual([]);
  await restoreProduct(app.db, `sold-${made}`, BY);
  expect((await find('maple')).titles).toEqual(['Maple tray']);
});

test('concurrent changes of one product leave it found by all of them', async () => {
  const { id } = await sell('Clay pot', 'Kitchen', 'Fired.');
  const fields = { productId: id, price: 1_000, currency: 'NGN' as const, stock: 1 };
  const names = ['Amber', 'Cobalt', 'Crimson', 'Emerald', 'Indigo'];
  await Promise.all(names.map((title, index) => createVariant(app.db, { ...fields, sku: `POT-${index}`, title }, BY)));
  for (const name of names) expect([name, (await find(name)).titles]).toEqual([name, ['Clay pot']]);
});

test('pages of a search hold each product once, whatever their score', async () => {
  for (let n = 1; n <= 7; n += 1) await sell(`Paged mug ${n}`, 'Mugs', 'Paged.', [`MUG-${n}`, 'Plain']);
  const titles: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ReturnType<TestApp['client']>['catalog']['products']['query']>> = await app
      .client()
      .catalog.products.query({ search: 'paged mug', limit: 3, cursor });
    titles.push(...page.items.map(({ title }) => title));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(titles).toEqual([7, 6, 5, 4, 3, 2, 1].map((n) => `Paged mug ${n}`));
});

test('a rebuild writes the rows and the words that are missing, and removes those of archived products', async () => {
  const { id } = await sell('Copper kettle', 'Kitchen', 'Boils.', ['KET-1', 'One']);
  const rows = driverCollection(app.db.productSearch);
  await rows.deleteMany({});
  await driverCollection(app.db.searchWords).deleteMany({});
  await rows.insertOne({ _id: new Types.ObjectId(), t: ['a:copper'] });
  expect((await find('kettle')).titles).toEqual([]);
  expect(await rebuildProductSearch(app.db)).toBe(await app.db.products.countDocuments());
  expect((await find('copper kettel')).titles).toEqual(['Copper kettle']);
  await archiveProduct(app.db, id, BY);
  expect((await find('copper')).titles).toEqual([]);
});
