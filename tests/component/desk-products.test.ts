/** Products, stock and figures as the desk shows them, and the count of the shelf. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { isOrdersError } from '../../client-sdk/src/errors.ts';
import { toActionKey } from '../../models/action-key.ts';
import { countStock } from '../../models/catalogue/desk/count-stock.ts';
import { driverCollection } from '../../models/db/connection.ts';
import { newActionKey } from '../support/action-keys.ts';
import { buy, errorCodeOf, finishRefunds, HOUR_MS, type Shop, startTestShop, sweep } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
/** Each its own, because they list all that there is. */
beforeEach(async () => {
  shop = await startTestShop();
});
afterEach(() => shop.stop());

const admin = () => shop.staff.client.admin;
const titlesOf = async (query: Parameters<ReturnType<typeof admin>['products']['query']>[0]) =>
  (await admin().products.query(query)).items.map(({ title }) => title);
const stockOf = async (variantId: string) =>
  driverCollection(shop.db.variants).findOne({ _id: new Types.ObjectId(variantId) });

test('products are listed with their numbers, archived ones too, and found by title and by SKU', async () => {
  const lamp = await stockVariant(shop.db, { title: 'Brass lamp', stock: 3 });
  const { title: _, ...second } = { productId: lamp.productId, title: '', price: 900_00, stock: 4 };
  await admin().createVariant.mutate({ ...second, title: 'Large', sku: 'LAMP-L' });
  const rug = await stockVariant(shop.db, { title: 'Wool rug', stock: 40 });
  await admin().archiveProduct.mutate({ productId: rug.productId });
  const [row] = (await admin().products.query({ search: 'lamp-l' })).items;
  expect(row).toMatchObject({ title: 'Brass lamp', archived: false, variants: 2, stock: 7, reserved: 0, lowStock: 2 });
  expect(row?.fromPrices).toEqual([{ amount: 900_00, currency: 'NGN', isOnly: false }]);
  expect(await titlesOf({ search: 'brass' })).toEqual(['Brass lamp']);
  expect(await titlesOf({ search: 'wool' })).toEqual([]);
  expect(await titlesOf({ search: 'wool', archived: 'all' })).toEqual(['Wool rug']);
  expect(await titlesOf({ search: rug.sku.toLowerCase(), archived: 'only' })).toEqual(['Wool rug']);
  expect(await titlesOf({ archived: 'only' })).toEqual(['Wool rug']);
  expect(await titlesOf({ lowStock: true })).toEqual(['Brass lamp']);
  const first = await admin().products.query({ archived: 'all', limit: 1 });
  const next = await admin().products.query({ archived: 'all', limit: 1, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...next.items].map(({ title }) => title)).toEqual(['Wool rug', 'Brass lamp']);
  expect(await errorCodeOf(admin().products.query({ lowStock: true, cursor: first.nextCursor ?? '' }))).toBe(
    'INVALID_INPUT',
  );
  await admin().restoreProduct.mutate({ slug: rug.slug });
  expect(await titlesOf({ search: 'wool' })).toEqual(['Wool rug']);
});

test('what was archived by mistake keeps its names, is found by each of them, and comes back as it was', async () => {
  const mat = await stockVariant(shop.db, { title: 'Raffia mat', category: 'Floor coverings' });
  const second = { productId: mat.productId, title: 'Large', sku: 'MAT-LARGE', price: 900_00, stock: 4 };
  const { id: largeId } = await admin().createVariant.mutate(second);
  const small = await admin().createVariant.mutate({ ...second, title: 'Small', sku: 'MAT-SMALL' });
  await admin().editProduct.mutate({ productId: mat.productId, slug: 'raffia-mat-of-oyo' });
  // Before, and so not by the mistake.
  await admin().archiveVariant.mutate({ variantId: small.id });
  shop.clock.advance(1_000);
  await admin().archiveProduct.mutate({ productId: mat.productId });
  const takenBy = async (call: Promise<unknown>) => {
    const error: unknown = await call.then(
      () => null,
      (refusal: unknown) => refusal,
    );
    return isOrdersError(error, 'INVALID_INPUT') ? error.data.details.issues : error;
  };
  const message = 'is taken by an archived one, which can be restored';
  const texts = { title: 'Raffia mat', description: 'Again.', category: 'Mats' };
  for (const slug of ['raffia-mat-of-oyo', mat.slug])
    expect(await takenBy(admin().createProduct.mutate({ ...texts, slug }))).toEqual([{ path: 'slug', message }]);
  const other = await stockVariant(shop.db, { title: 'Other mat' });
  expect(await takenBy(admin().createVariant.mutate({ ...second, productId: other.productId }))).toEqual([
    { path: 'sku', message },
  ]);
  const ways = ['raffia', 'Oyo', 'floor cover', mat.slug, 'raffia-mat-of-oyo', 'mat-large', mat.sku];
  for (const search of [...ways, 'https://shop.example/products/raffia-mat-of-oyo', `/products/${mat.slug}`])
    expect([search, await titlesOf({ search, archived: 'only' })]).toEqual([search, ['Raffia mat']]);
  expect(await titlesOf({ search: 'raffia sheet', archived: 'only' })).toEqual([]);
  await expect(admin().restoreVariant.mutate({ sku: 'MAT-LARGE' })).rejects.toMatchObject({
    data: {
      details: { issues: [{ path: 'sku', message: expect.stringContaining('restore raffia-mat-of-oyo first') }] },
    },
  });
  for (const _ of [1, 2]) await admin().restoreProduct.mutate({ slug: mat.slug });
  const inShop = async () =>
    (await shop.client().catalog.product.query({ slug: mat.slug })).variants.map(({ id }) => id);
  expect(await inShop()).toEqual([mat.variantId, largeId]);
  const { rev } = await admin().restoreVariant.mutate({ sku: 'MAT-SMALL' });
  // With the answer of the one change the next may be made.
  await admin().editVariant.mutate({ variantId: small.id, title: 'Smaller', rev });
  expect(await inShop()).toEqual([mat.variantId, largeId, small.id]);
  for (const search of [mat.slug, 'raffia-mat-of-oyo']) expect(await titlesOf({ search })).toEqual(['Raffia mat']);
});

test('one product is shown with every variant and who changed what, prices in words', async () => {
  const item = await stockVariant(shop.db, { title: 'Clay pot' });
  await admin().editVariant.mutate({ variantId: item.variantId, price: 790_000 });
  await admin().archiveVariant.mutate({ variantId: item.variantId });
  const { variants, title, changes } = await admin().product.query({ productId: item.productId });
  expect([title, changes.at(-1)]).toMatchObject(['Clay pot', { what: 'made', by: { kind: 'system', name: null } }]);
  expect(variants).toMatchObject([{ sku: item.sku, archived: true, lowStock: false, price: 790_000 }]);
  expect(variants[0]?.changes.map(({ what }) => what)).toEqual(['archived', 'edited price: ₦7,900.00', 'made']);
  expect(variants[0]?.changes[0]?.by).toEqual({ kind: 'staff', name: expect.any(String) });
});

test('the shelf is counted: what waits there for orders stays, and the ledger says so page by page', async () => {
  const bought = await buy(shop);
  const order = await driverCollection(shop.db.orders).findOne({ code: bought.code });
  const variantId = String(order?.items[0]?.variantId);
  const units = order?.items[0]?.quantity ?? 0;
  shop.clock.advance(HOUR_MS);
  const before = (await stockOf(variantId))?.stock ?? 0;
  const count = { variantId, counted: before + units - 2, shown: before };
  const preview = await admin().previewCountStock.mutate(count);
  expect(preview).toMatchObject({ why: null, toShip: units, reserved: 0, stock: { from: before, to: before - 2 } });
  expect((await stockOf(variantId))?.stock).toBe(before);
  const key = newActionKey();
  const counted = await admin().countStock.mutate({ ...count, key, expect: preview.digest, note: 'inventory' });
  expect(counted.stock).toBe(before - 2);
  // The same again takes no effect, and other input under its key is refused.
  expect((await admin().countStock.mutate({ ...count, key, expect: preview.digest, note: 'inventory' })).stock).toBe(
    before - 2,
  );
  expect(await errorCodeOf(admin().countStock.mutate({ ...count, counted: 1, key }))).toBe('ACTION_KEY_REUSED');
  // The stock has moved on since it was shown.
  const stale = await admin()
    .countStock.mutate({ ...count, key: newActionKey() })
    .catch((error: unknown) => error);
  const shownNow = isOrdersError(stale, 'PREVIEW_OUTDATED') ? stale.data.details.stock : undefined;
  expect(shownNow).toMatchObject({ stock: { from: before - 2 } });
  const tooFew = { variantId, counted: units - 1, shown: before - 2 };
  expect(await errorCodeOf(admin().countStock.mutate({ ...tooFew, key: newActionKey() }))).toBe('INSUFFICIENT_STOCK');
  expect((await admin().previewCountStock.mutate(tooFew)).why).toContain('to be shipped');
  const rows: Awaited<ReturnType<ReturnType<typeof admin>['stockRows']['query']>>['items'] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await admin().stockRows.query({ variantId, limit: 1, ...(cursor ? { cursor } : {}) });
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(rows).toHaveLength(3);
  // The first stock came by the clock of the machine, and not by the shop's.
  const [counting, sale] = rows.filter(({ reason }) => reason !== 'initial');
  expect(counting).toMatchObject({ reason: 'count', delta: -2, note: 'inventory', order: null, by: { kind: 'staff' } });
  expect(sale).toMatchObject({ reason: 'sale', delta: -units, order: { code: bought.code } });
});

test('a preview of an adjustment holds while the stock stays, and one that would take too much says why', async () => {
  const { variantId, sku } = await stockVariant(shop.db, { stock: 5 });
  const preview = await admin().previewAdjustStock.mutate({ variantId, delta: -2 });
  expect(preview).toMatchObject({ why: null, sku, stock: { from: 5, to: 3 }, shelf: { from: 5, to: 3 } });
  expect((await admin().previewAdjustStock.mutate({ variantId, delta: -6 })).why).toBe(
    `only 5 of ${sku} are free to sell`,
  );
  const adjustment = { variantId, delta: -2, reason: 'broken' };
  await admin().adjustStock.mutate({ ...adjustment, key: newActionKey(), expect: preview.digest });
  const again = admin().adjustStock.mutate({ ...adjustment, key: newActionKey(), expect: preview.digest });
  expect(await errorCodeOf(again)).toBe('PREVIEW_OUTDATED');
  expect((await stockOf(variantId))?.stock).toBe(3);
});

test('a count beside a sale never counts the unit twice', async () => {
  const { variantId } = await stockVariant(shop.db, { stock: 8 });
  const id = new Types.ObjectId(variantId);
  const by = { actor: 'system', now: shop.clock.now() };
  const countWith = (key: string) =>
    countStock(shop.db, { variantId: id, counted: 6, shown: 8, key: toActionKey(key, key) }, by);
  const results = await Promise.allSettled([countWith('count-one-1'), countWith('count-two-2')]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await stockOf(variantId))?.stock).toBe(6);
});

test('today shows what waits, and the sales without what is of the other domain', async () => {
  const { toShip: earlier } = await admin().today.query();
  const sales = async () => {
    shop.clock.advance(HOUR_MS / 60);
    // A duty of the sweep, and no work that somebody left undone.
    expect((await sweep(shop)).found.figures).toBe(0);
    const { days, bestSellers } = await admin().sales.query();
    // Of all days, because one may end while this test runs.
    const figures = days.flatMap((day) => day.figures);
    const sum = (part: 'orders' | 'amount' | 'returned') => figures.reduce((total, figure) => total + figure[part], 0);
    return {
      orders: sum('orders'),
      amount: sum('amount'),
      returned: sum('returned'),
      best: bestSellers[0],
      days: days.length,
    };
  };
  const before = await sales();
  const [first, second] = [await buy(shop), await buy(shop)];
  await admin().refund.mutate({ id: first.orderId, key: newActionKey(), amount: 500_00, note: 'scratched' });
  await finishRefunds(shop);
  const after = await sales();
  const total = (await admin().order.query({ id: first.orderId })).total;
  expect(after.days).toBe(31);
  expect(after.orders - before.orders).toBe(2);
  expect(after.amount - before.amount).toBe(2 * total);
  expect(after.returned - before.returned).toBe(500_00);
  const today = await admin().today.query();
  expect(today.toShip.count).toBe(earlier.count + 2);
  expect(today.toShip.oldestAt).not.toBeNull();
  const other = { $set: { 'payments.$[].domain': 'live' } };
  await driverCollection(shop.db.orders).updateOne({ _id: new Types.ObjectId(second.orderId) }, other);
  expect((await admin().today.query()).toShip.count).toBe(earlier.count + 1);
  expect((await sales()).orders).toBe(before.orders + 1);
});

test('orders and products leave as CSV: amounts in major units, and no cell that a spreadsheet computes', async () => {
  const bought = await buy(shop);
  const item = await stockVariant(shop.db, { title: '=1+1', price: 790_050, stock: 2 });
  await admin().setTags.mutate({ id: bought.orderId, tags: ['gift'] });
  const { total, createdAt, email } = await admin().order.query({ id: bought.orderId });
  const csv = async (path: string) => {
    const reply = await fetch(`${shop.url}${path}`, { headers: { authorization: `Bearer ${shop.staff.token}` } });
    return {
      status: reply.status,
      lines: Buffer.from(await reply.arrayBuffer())
        .toString('utf8')
        .split('\r\n'),
    };
  };
  const orders = await csv('/admin/orders/list.csv?list=to_ship');
  expect(orders.lines[0]?.startsWith('\uFEFForder,placed_at,')).toBe(true);
  const line = orders.lines.find((one) => one.startsWith(bought.code)) ?? '';
  expect(line).toContain(`${createdAt},confirmed,paid,`);
  expect(line).toContain(`,${email},1,Standard delivery,gift,no,NGN,`);
  expect(line).toContain(`,${(total / 100).toFixed(2)},${bought.txRef},card,`);
  expect((await csv('/admin/orders/list.csv?to=2001-01-01')).lines).toHaveLength(2);
  expect((await csv('/admin/orders/list.csv?from=yesterday')).status).toBe(400);
  const products = await csv('/admin/products/list.csv');
  const row = products.lines.find((one) => one.includes(item.sku)) ?? '';
  expect(row).toBe(`${item.slug},'=1+1,Things,About =1+1.,${item.sku},One size,7900.50,NGN,2,0,`);
});
