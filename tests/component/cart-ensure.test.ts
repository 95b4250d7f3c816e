/** cart.ensure: at least the given units of each line, however often it is called. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { archiveProduct } from '../../models/catalogue/edit-catalogue.ts';
import { type StockedVariant, stockVariant, unknownId } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const BY = { actor: 'system', now: new Date() };

let app: TestApp;
let lamp: StockedVariant;
let chair: StockedVariant;
beforeAll(async () => {
  app = await startTestApp({ env: { SHIPPING_FEE: 'NGN 1500, GHS 20' } });
  lamp = await stockVariant(app.db, { title: 'Lamp', price: 200_000, stock: 5 });
  chair = await stockVariant(app.db, { title: 'Chair', price: 350_050, stock: 3 });
});
afterAll(() => app.stop());

const id = (text: string) => new Types.ObjectId(text);

/** The stored cart, for comparison with the reply. */
async function stored(userId: string) {
  const cart = await app.db.carts.findById(id(userId)).lean();
  return (
    cart && { items: cart.items.length, itemCount: cart.itemCount, subtotal: cart.subtotal, currency: cart.currency }
  );
}

const lines = (...wanted: [StockedVariant, number][]) =>
  wanted.map(([{ variantId }, quantity]) => ({ variantId, quantity }));
const contents = ({ cart }: { cart: { lines: { sku: string; quantity: number }[] } }) =>
  cart.lines.map(({ sku, quantity }) => [sku, quantity]);

test('the larger quantity of the two is in the cart, and twice is once', async () => {
  const { client, id: userId } = await app.signUp();
  await client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 3 });
  const ensure = () => client.cart.ensure.mutate({ lines: lines([lamp, 2], [chair, 2]) });
  const first = await ensure();
  expect(contents(first)).toEqual([
    [lamp.sku, 3],
    [chair.sku, 2],
  ]);
  expect(first.missed).toEqual([]);
  const before = await app.db.carts.findById(userId).lean();
  await Promise.all([ensure(), ensure(), ensure()]);
  expect(await app.db.carts.findById(userId).lean()).toEqual(before);
  expect(contents(await client.cart.ensure.mutate({ lines: lines([lamp, 4], [lamp, 5], [chair, 1]) }))).toEqual([
    [lamp.sku, 5],
    [chair.sku, 2],
  ]);
  expect(await stored(userId)).toEqual({ items: 2, itemCount: 7, subtotal: 1_700_100, currency: 'NGN' });
});

test('what cannot be put in is reported by line, and the rest is put in', async () => {
  const [gone, dollar, cedi] = await Promise.all([
    stockVariant(app.db),
    stockVariant(app.db, { currency: 'USD', price: 20_00 }),
    stockVariant(app.db, { currency: 'GHS', price: 5_000 }),
  ]);
  await archiveProduct(app.db, id(gone.productId), BY);
  const { client } = await app.signUp();
  const unknown = { ...gone, variantId: unknownId() };
  const result = await client.cart.ensure.mutate({
    lines: lines([gone, 1], [dollar, 1], [unknown, 1], [lamp, 1], [cedi, 1], [chair, 7]),
  });
  expect(contents(result)).toEqual([
    [lamp.sku, 1],
    [chair.sku, 7],
  ]);
  expect(result.cart.problems).toEqual([expect.objectContaining({ kind: 'short' })]);
  expect(result.missed).toEqual([
    { variantId: gone.variantId, kind: 'unavailable', message: 'No longer sold.' },
    { variantId: dollar.variantId, kind: 'no_shipping_fee', message: 'The shop takes no orders in USD.' },
    { variantId: unknown.variantId, kind: 'unavailable', message: 'No longer sold.' },
    {
      variantId: cedi.variantId,
      kind: 'other_currency',
      message: 'It is priced in GHS, and the cart holds prices in NGN.',
    },
  ]);
  const nothing = await client.cart.ensure.mutate({ lines: lines([gone, 1]) });
  expect(contents(nothing)).toEqual(contents(result));
});

test('a full cart takes no new line, and an old one still grows', async () => {
  const { client, id: userId } = await app.signUp();
  const others = Array.from({ length: 98 }, () => ({ variantId: new Types.ObjectId(), quantity: 1, unitPrice: 1 }));
  const items = [{ variantId: id(lamp.variantId), quantity: 1, unitPrice: 200_000 }, ...others];
  await app.db.carts.create({ _id: id(userId), rev: 1, items, itemCount: 99, subtotal: 200_098, currency: 'NGN' });
  const extra = await stockVariant(app.db);
  const { cart, missed } = await client.cart.ensure.mutate({ lines: lines([lamp, 9], [chair, 1], [extra, 1]) });
  expect(missed).toEqual([expect.objectContaining({ variantId: extra.variantId, kind: 'cart_full' })]);
  expect(cart.lines).toHaveLength(100);
  expect(cart.itemCount).toBe(9 + 98 + 1);
});

test('racing additions and ensures lose nothing', async () => {
  const { client } = await app.signUp();
  await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      n % 3 === 0
        ? client.cart.addItem.mutate({ variantId: chair.variantId, quantity: 1 })
        : client.cart.ensure.mutate({ lines: lines([lamp, n]) }),
    ),
  );
  const { lines: shown } = await client.cart.get.query();
  expect(new Map(shown.map(({ sku, quantity }) => [sku, quantity]))).toEqual(
    new Map([
      [lamp.sku, 11],
      [chair.sku, 4],
    ]),
  );
});

test('a price that changed since the visitor saw it is told once the line is in the account’s cart, until it was seen', async () => {
  const { client, id: userId } = await app.signUp();
  const stool = await stockVariant(app.db, { title: 'Stool', price: 120_000, stock: 5 });
  const seen = { variantId: stool.variantId, quantity: 2, seenPrice: 100_000 };
  const told = { kind: 'price_changed', message: 'The price has changed: it was ₦1,000.00.' };
  for (let n = 0; n < 2; n += 1) {
    const { cart } = await client.cart.ensure.mutate({ lines: [seen, { variantId: lamp.variantId, quantity: 1 }] });
    expect(cart.problems).toEqual([expect.objectContaining({ ...told, variantId: stool.variantId })]);
    expect(cart.subtotal).toBe(2 * 120_000 + 200_000);
  }
  await client.cart.seen.mutate({ prices: [{ variantId: stool.variantId, unitPrice: 120_000 }] });
  expect((await client.cart.ensure.mutate({ lines: [seen] })).cart.problems).toEqual([]);
  expect(await stored(userId)).toMatchObject({ items: 2, itemCount: 3 });
});
