/** The catalogue: pages without gaps or repeats, search, archived items, and cacheable replies. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import {
  archiveProduct,
  archiveVariant,
  createProduct,
  createVariant,
  editProduct,
} from '../../models/catalogue/edit-catalogue.ts';
import { get } from '../support/raw-trpc.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const BY = { actor: 'system', now: new Date() };

let app: TestApp;
let lamps: StockedVariant[];
let archived: StockedVariant;
let soldOut: StockedVariant;
beforeAll(async () => {
  app = await startTestApp({ env: { SHIPPING_FEE: 'NGN 1500, USD 5.50' } });
  lamps = [];
  for (let n = 1; n <= 7; n += 1) {
    lamps.push(await stockVariant(app.db, { title: `Brass lamp ${n}`, category: 'Light', price: n * 1_000 }));
  }
  soldOut = await stockVariant(app.db, { title: 'Wooden chair', category: 'Seats', stock: 0 });
  archived = await stockVariant(app.db, { title: 'Brass bell', category: 'Light' });
  await archiveProduct(app.db, new Types.ObjectId(archived.productId), BY);
  const bare = await stockVariant(app.db, { title: 'Bare brass', category: 'Light' });
  await archiveVariant(app.db, new Types.ObjectId(bare.variantId), BY);
});
afterAll(() => app.stop());

type Query = Parameters<ReturnType<TestApp['client']>['catalog']['products']['query']>[0];

/** All pages, one after the other. */
async function allPages(query: Query): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await app.client().catalog.products.query({ ...query, ...(cursor ? { cursor } : {}) });
    pages.push(page.items.map(({ title }) => title));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

describe('pages', () => {
  test('hold every product once, newest first, also where the last page is full', async () => {
    const pages = await allPages({ limit: 4 });
    expect(pages.map((page) => page.length)).toEqual([4, 4]);
    expect(pages.flat()).toEqual(['Wooden chair', ...[7, 6, 5, 4, 3, 2, 1].map((n) => `Brass lamp ${n}`)]);
  });

  test('of a category hold nothing else', async () => {
    expect((await allPages({ limit: 3, category: 'Seats' })).flat()).toEqual(['Wooden chair']);
  });

  test('a search finds by title, category and description, best matches first, paged without gaps', async () => {
    const pages = await allPages({ limit: 3, search: 'brass lamps' });
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flat()).size).toBe(7);
    expect((await allPages({ limit: 5, search: 'seats' })).flat()).toEqual(['Wooden chair']);
    expect((await allPages({ limit: 5, search: 'submarine' })).flat()).toEqual([]);
  });

  test('show the lowest price, with its currency, and whether anything is in stock', async () => {
    const { items } = await app.client().catalog.products.query({ search: 'chair', limit: 1 });
    expect(items).toEqual([
      {
        id: soldOut.productId,
        slug: soldOut.slug,
        title: 'Wooden chair',
        category: 'Seats',
        fromPrices: [{ amount: 150_000, currency: 'NGN', isOnly: true }],
        inStock: false,
        picture: null,
      },
    ]);
  });

  test('show the lowest price of each currency apart, and whether others cost more', async () => {
    const desk = await stockVariant(app.db, { title: 'Standing desk', price: 2_000_000, stock: 0 });
    const productId = new Types.ObjectId(desk.productId);
    const variants = [
      ['DESK-B', 1_500_000, 'NGN', 0],
      ['DESK-C', 20_00, 'USD', 3],
    ] as const;
    for (const [sku, price, currency, stock] of variants)
      await createVariant(app.db, { productId, sku, title: sku, price, currency, stock }, BY);
    const { items } = await app.client().catalog.products.query({ search: 'standing', limit: 1 });
    expect(items).toEqual([
      expect.objectContaining({
        fromPrices: [
          { amount: 1_500_000, currency: 'NGN', isOnly: false },
          { amount: 20_00, currency: 'USD', isOnly: true },
        ],
        inStock: true,
      }),
    ]);
    // Other tests list all that is sold.
    await archiveProduct(app.db, productId, BY);
  });

  test.each(['x', '123456789012345678901234:1', '1.5:123456789012345678901234', '$ne'])(
    'a cursor of another list is refused: %s',
    async (cursor) => {
      const { status, body } = await get(app.url, 'catalog.products', { cursor });
      expect([status, body.error.data.code]).toEqual([400, 'INVALID_INPUT']);
      expect(body.error.data.details.issues[0].path).toBe('cursor');
    },
  );
});

describe('a product', () => {
  test('shows the variants that are sold, and stock only up to ten', async () => {
    const [lamp] = lamps;
    const productId = new Types.ObjectId(lamp?.productId);
    const fields = { productId, sku: 'LAMP-XL', title: 'Large', price: 9_000, currency: 'NGN' as const, stock: 500 };
    await createVariant(app.db, fields, { actor: 'system', now: new Date() });
    const product = await app.client().catalog.product.query({ slug: lamp?.slug ?? '' });
    expect(product).toMatchObject({ title: 'Brass lamp 1', description: 'About Brass lamp 1.' });
    expect(product.variants.map(({ sku, available, inStock, price }) => ({ sku, available, inStock, price }))).toEqual([
      { sku: lamp?.sku, available: 10, inStock: true, price: 1_000 },
      { sku: 'LAMP-XL', available: 10, inStock: true, price: 9_000 },
    ]);
  });

  test('that is archived or unknown is not found', async () => {
    for (const slug of [archived.slug, 'no-such-thing']) {
      const { status, body } = await get(app.url, 'catalog.product', { slug });
      expect([status, body.error.data.code]).toEqual([404, 'NOT_FOUND']);
    }
  });
});

describe('the address of a product', () => {
  test('an old slug keeps leading to it, its id too, and no other product gets that slug', async () => {
    const first = await stockVariant(app.db, { title: 'Moved mug' });
    const second = await stockVariant(app.db, { title: 'Other mug' });
    const product = new Types.ObjectId(first.productId);
    const rename = (slug: string) => editProduct(app.db, product, { slug }, BY);
    await rename('moved-mug');
    await rename('moved-mug-2');
    const { catalog } = app.client();
    for (const slug of [first.slug, 'moved-mug', 'moved-mug-2']) {
      const found = await catalog.product.query({ slug }).catch(() => 'not found');
      expect(found).toMatchObject({ id: first.productId, slug: 'moved-mug-2' });
    }
    expect(await catalog.productById.query({ id: first.productId })).toMatchObject({ slug: 'moved-mug-2' });
    const fields = { title: 'Thief', description: 'Takes slugs.', category: 'Thieves' };
    await expect(createProduct(app.db, { slug: 'moved-mug', ...fields }, BY)).rejects.toThrow(/slug: is taken/);
    const taking = editProduct(app.db, new Types.ObjectId(second.productId), { slug: first.slug }, BY);
    await expect(taking).rejects.toThrow(/slug: is taken/);
    await rename(first.slug);
    expect(await catalog.product.query({ slug: 'moved-mug' })).toMatchObject({ slug: first.slug });
    await archiveProduct(app.db, product, BY);
    await expect(catalog.productById.query({ id: first.productId })).rejects.toThrow('Product not found');
    // Other tests list all that is sold.
    await archiveProduct(app.db, new Types.ObjectId(second.productId), BY);
  });
});

describe('replies', () => {
  test('are revalidated by ETag: 304 without a body while nothing has changed', async () => {
    const input = { slug: lamps[3]?.slug };
    const first = await get(app.url, 'catalog.product', input);
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('no-cache');
    // Browsers revalidate this way. Without this header, fetch adds no-cache.
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    const second = await get(app.url, 'catalog.product', input, { headers });
    expect([second.status, second.body]).toEqual([304, null]);
    await app.db.variants.updateOne({ sku: lamps[3]?.sku ?? '' }, { $inc: { price: 1 } });
    const third = await get(app.url, 'catalog.product', input, { headers });
    expect(third.status).toBe(200);
  });

  test('are compressed on request; replies of other procedures are neither compressed nor cacheable', async () => {
    const pages = await get(app.url, 'catalog.products', { limit: 50 }, { headers: { 'accept-encoding': 'gzip' } });
    expect(pages.headers.get('content-encoding')).toBe('gzip');
    const { token } = await app.signUp();
    const cart = await get(app.url, 'cart.get', undefined, { token, headers: { 'accept-encoding': 'gzip' } });
    expect(cart.headers.get('content-encoding')).toBeNull();
    expect(cart.headers.get('cache-control')).toBe('no-store');
    expect(cart.headers.get('etag')).toBeNull();
  });
});
