/** The cart: correct totals, current prices, shortages per line, and no lost update when changes race. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { archiveProduct, archiveVariant, editVariant } from '../../models/catalogue/edit-catalogue.ts';
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
const code = (expected: string) => expect.objectContaining({ data: expect.objectContaining({ code: expected }) });

/** The stored cart, for comparison with the reply. */
async function stored(userId: string) {
  const cart = await app.db.carts.findById(id(userId)).lean();
  return (
    cart && { items: cart.items.length, itemCount: cart.itemCount, subtotal: cart.subtotal, currency: cart.currency }
  );
}

describe('what is in it', () => {
  test('begins empty, costs nothing, and makes no document by being read', async () => {
    const { client, id: userId } = await app.signUp();
    expect(await client.cart.get.query()).toEqual({
      lines: [],
      itemCount: 0,
      subtotal: 0,
      shippingFee: 0,
      total: 0,
      currency: 'NGN',
      currencies: ['NGN'],
      refusal: null,
      problems: [],
    });
    expect(await stored(userId)).toBeNull();
  });

  test('adding the same variant again makes its line longer; totals include the shipping fee once', async () => {
    const { client, id: userId } = await app.signUp();
    await client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 1 });
    await client.cart.addItem.mutate({ variantId: chair.variantId, quantity: 2 });
    const cart = await client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 2 });
    expect(cart.lines.map(({ sku, quantity, lineTotal }) => ({ sku, quantity, lineTotal }))).toEqual([
      { sku: lamp.sku, quantity: 3, lineTotal: 600_000 },
      { sku: chair.sku, quantity: 2, lineTotal: 700_100 },
    ]);
    expect(cart).toMatchObject({ itemCount: 5, subtotal: 1_300_100, shippingFee: 150_000, total: 1_450_100 });
    expect(await stored(userId)).toEqual({ items: 2, itemCount: 5, subtotal: 1_300_100, currency: 'NGN' });
    expect(await client.cart.get.query()).toEqual(cart);
  });

  test('setQuantity and removeItem may be repeated; clear empties; a line that is not there cannot be set', async () => {
    const { client, id: userId } = await app.signUp();
    const { variantId } = lamp;
    await client.cart.addItem.mutate({ variantId, quantity: 1 });
    for (let i = 0; i < 2; i += 1) {
      expect((await client.cart.setQuantity.mutate({ variantId, quantity: 4 })).subtotal).toBe(800_000);
    }
    await expect(client.cart.setQuantity.mutate({ variantId: chair.variantId, quantity: 1 })).rejects.toEqual(
      code('NOT_FOUND'),
    );
    for (let i = 0; i < 2; i += 1) expect((await client.cart.removeItem.mutate({ variantId })).lines).toEqual([]);
    expect(await stored(userId)).toEqual({ items: 0, itemCount: 0, subtotal: 0, currency: null });
    await client.cart.addItem.mutate({ variantId, quantity: 1 });
    expect((await client.cart.clear.mutate()).total).toBe(0);
    expect((await client.cart.clear.mutate()).total).toBe(0);
  });

  test('more than is in stock may be added, and the line shows the shortage', async () => {
    const { client } = await app.signUp();
    const { lines, problems } = await client.cart.addItem.mutate({ variantId: chair.variantId, quantity: 7 });
    expect(lines).toEqual([expect.objectContaining({ quantity: 7, available: 3, shortage: true })]);
    expect(problems).toEqual([{ variantId: chair.variantId, kind: 'short', message: 'Only 3 left.' }]);
  });
});

describe('what cannot be had', () => {
  test('is in no total: a short line counts with the units that are left, alike for visitors and accounts', async () => {
    const gone = await stockVariant(app.db, { price: 800_000 });
    const lines = [chair, lamp, gone].map(({ variantId }) => ({ variantId, quantity: 9 }));
    const { client } = await app.signUp();
    await client.cart.ensure.mutate({ lines });
    await archiveVariant(app.db, id(gone.variantId), BY);
    const subtotal = 3 * 350_050 + 5 * 200_000;
    for (const cart of [await client.cart.get.query(), await app.client().cart.quote.mutate({ lines })]) {
      expect(cart).toMatchObject({ itemCount: 27, subtotal, shippingFee: 150_000, total: subtotal + 150_000 });
      expect(cart.lines.map(({ lineTotal }) => lineTotal)).toEqual([3 * 350_050, 5 * 200_000, 0]);
    }
  });

  test('costs no delivery by itself', async () => {
    const lines = [{ variantId: unknownId(), quantity: 1, seenPrice: 5_000 }];
    const cart = await app.client().cart.quote.mutate({ lines });
    expect(cart).toMatchObject({ subtotal: 0, shippingFee: 0, total: 0 });
  });
});

describe('when the catalogue changes', () => {
  test('prices are current, and a change is reported until the shopper was shown it', async () => {
    const { variantId } = await stockVariant(app.db, { price: 100_000 });
    const { client, id: userId } = await app.signUp();
    await client.cart.addItem.mutate({ variantId, quantity: 3 });
    await client.cart.addItem.mutate({ variantId: chair.variantId, quantity: 1 });
    await editVariant(app.db, id(variantId), { price: 120_000 }, BY);
    const cart = await client.cart.get.query();
    const message = 'The price has changed: it was ₦1,000.00.';
    expect(cart).toMatchObject({ subtotal: 710_050, problems: [{ variantId, kind: 'price_changed', message }] });
    // The header of every page reads the cart, too.
    expect(await client.cart.get.query()).toEqual(cart);
    expect(await client.cart.ensure.mutate({ lines: [{ variantId, quantity: 3 }] })).toMatchObject({ cart });
    const old = { prices: [{ variantId, unitPrice: 100_000 }] };
    expect((await client.cart.seen.mutate(old)).problems).toHaveLength(1);
    const shown = { prices: [{ variantId, unitPrice: 120_000 }] };
    expect(await client.cart.seen.mutate(shown)).toEqual({ ...cart, problems: [] });
    expect(await client.cart.seen.mutate(shown)).toEqual({ ...cart, problems: [] });
    expect((await stored(userId))?.subtotal).toBe(710_050);
  });

  test.each([
    ['its variant', (item: StockedVariant) => archiveVariant(app.db, id(item.variantId), BY)],
    ['its product', (item: StockedVariant) => archiveProduct(app.db, id(item.productId), BY)],
    [
      'its product alone',
      (item: StockedVariant) => app.db.products.updateOne({ _id: item.productId }, { archivedAt: new Date() }),
    ],
  ])(
    'a line whose item is no longer sold (%s archived) is marked, and the item cannot be added',
    async (_, archive) => {
      const variant = await stockVariant(app.db);
      const { client } = await app.signUp();
      const item = { variantId: variant.variantId, quantity: 1 };
      await client.cart.addItem.mutate(item);
      await archive(variant);
      const { lines, problems } = await client.cart.get.query();
      expect(lines).toEqual([expect.objectContaining({ available: 0, shortage: true })]);
      expect(problems).toEqual([expect.objectContaining({ kind: 'unavailable' })]);
      await expect(client.cart.addItem.mutate(item)).rejects.toEqual(code('NOT_FOUND'));
      expect((await client.cart.removeItem.mutate({ variantId: variant.variantId })).lines).toEqual([]);
    },
  );

  test('a line whose variant is missing altogether still shows, and can be taken out', async () => {
    const item = await stockVariant(app.db);
    const { client } = await app.signUp();
    await client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
    await app.db.variants.deleteOne({ _id: item.variantId });
    expect((await client.cart.get.query()).problems).toEqual([expect.objectContaining({ kind: 'unavailable' })]);
    expect((await client.cart.removeItem.mutate({ variantId: item.variantId })).itemCount).toBe(0);
  });
});

describe('its bounds', () => {
  test('one currency: another is refused until the cart is empty', async () => {
    const cedi = await stockVariant(app.db, { currency: 'GHS', price: 5_000 });
    const { client } = await app.signUp();
    await client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 1 });
    const add = () => client.cart.addItem.mutate({ variantId: cedi.variantId, quantity: 1 });
    await expect(add()).rejects.toEqual(code('INVALID_INPUT'));
    await client.cart.clear.mutate();
    expect((await add()).currency).toBe('GHS');
  });

  test('999 of one variant, however they come together', async () => {
    const { client } = await app.signUp();
    const { variantId } = lamp;
    await client.cart.addItem.mutate({ variantId, quantity: 600 });
    await expect(client.cart.addItem.mutate({ variantId, quantity: 400 })).rejects.toEqual(code('INVALID_INPUT'));
    expect((await client.cart.addItem.mutate({ variantId, quantity: 399 })).itemCount).toBe(999);
  });

  test('100 lines, and the dearest full cart is still counted exactly', async () => {
    const { client, id: userId } = await app.signUp();
    const price = 10_000_000_000;
    const dear = Array.from({ length: 101 }, (_, n) => ({
      _id: new Types.ObjectId(),
      productId: id(lamp.productId),
      sku: `DEAR-${n}`,
      title: 'Dear',
      price,
      currency: 'NGN' as const,
      stock: 1,
      reserved: 0,
    }));
    await app.db.variants.insertMany(dear);
    const add = (n: number) => client.cart.addItem.mutate({ variantId: String(dear[n]?._id), quantity: 999 });
    const items = dear.slice(0, 98).map(({ _id }) => ({ variantId: _id, quantity: 999, unitPrice: price }));
    const totals = { itemCount: 98 * 999, subtotal: 98 * 999 * price, currency: 'NGN' as const };
    await app.db.carts.create({ _id: id(userId), rev: 1, items, ...totals });
    await add(98);
    await add(99);
    await expect(add(100)).rejects.toEqual(code('INVALID_INPUT'));
    expect(await stored(userId)).toMatchObject({ items: 100, itemCount: 99_900, subtotal: 99_900 * price });
    const variantIds = dear.map(({ _id }) => _id);
    await app.db.variants.updateMany({ _id: { $in: variantIds } }, { stock: 999 });
    expect((await client.cart.get.query()).subtotal).toBe(99_900 * price);
  });

  test('an unknown variant cannot be added', async () => {
    const { client } = await app.signUp();
    const item = { variantId: unknownId(), quantity: 1 };
    await expect(client.cart.addItem.mutate(item)).rejects.toEqual(code('NOT_FOUND'));
  });
});

describe('racing changes', () => {
  test('sixteen additions at once from an empty cart lose none', async () => {
    const { client, id: userId } = await app.signUp();
    const add = ({ variantId }: StockedVariant) => client.cart.addItem.mutate({ variantId, quantity: 1 });
    await Promise.all(Array.from({ length: 16 }, (_, n) => add(n % 2 === 0 ? lamp : chair)));
    expect(await stored(userId)).toEqual({ items: 2, itemCount: 16, subtotal: 8 * 550_050, currency: 'NGN' });
  });

  test('two additions cannot both take the last room of a line', async () => {
    const { client } = await app.signUp();
    const { variantId } = lamp;
    await client.cart.addItem.mutate({ variantId, quantity: 900 });
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => client.cart.addItem.mutate({ variantId, quantity: 40 })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect((await client.cart.get.query()).itemCount).toBe(980);
  });

  test('two currencies cannot get into one empty cart', async () => {
    const cedi = await stockVariant(app.db, { currency: 'GHS', price: 5_000 });
    const { client } = await app.signUp();
    await Promise.allSettled(
      [lamp, cedi, lamp, cedi].map(({ variantId }) => client.cart.addItem.mutate({ variantId, quantity: 1 })),
    );
    const { lines } = await client.cart.get.query();
    expect(new Set(lines.map(({ sku }) => sku)).size).toBe(1);
  });

  test('adding, setting and removing at once leave totals that follow from the lines', async () => {
    const { client, id: userId } = await app.signUp();
    await client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 1 });
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => {
        if (n % 3 === 0) return client.cart.addItem.mutate({ variantId: chair.variantId, quantity: 2 });
        if (n % 3 === 1) return client.cart.setQuantity.mutate({ variantId: lamp.variantId, quantity: n });
        return client.cart.removeItem.mutate({ variantId: chair.variantId });
      }),
    );
    const cart = await client.cart.get.query();
    const subtotal = cart.lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
    const itemCount = cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    expect(await stored(userId)).toMatchObject({ subtotal, itemCount });
  });
});

test('a cart is its owner’s alone: others see and change their own', async () => {
  const [ada, bisi] = [await app.signUp(), await app.signUp()];
  await ada.client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 2 });
  expect((await bisi.client.cart.get.query()).lines).toEqual([]);
  await bisi.client.cart.clear.mutate();
  expect((await ada.client.cart.get.query()).itemCount).toBe(2);
});

describe('a cart that only the browser keeps', () => {
  test('is priced like one that is stored, and nothing is written', async () => {
    const { client, id: userId } = await app.signUp();
    const lines = [
      { variantId: lamp.variantId, quantity: 2 },
      { variantId: chair.variantId, quantity: 7 },
    ];
    const { cart } = await client.cart.ensure.mutate({ lines });
    await app.db.carts.deleteOne({ _id: id(userId) });
    const before = await app.db.carts.countDocuments();
    expect(await app.client().cart.quote.mutate({ lines })).toEqual(cart);
    expect(await app.db.carts.countDocuments()).toBe(before);
  });

  test('shows what is gone, and another price than the one seen', async () => {
    const gone = unknownId();
    const lines = [
      { variantId: gone, quantity: 1, seenPrice: 5_000 },
      { variantId: lamp.variantId, quantity: 1, seenPrice: 150_000 },
    ];
    const { problems, currency, subtotal, total } = await app.client().cart.quote.mutate({ lines });
    expect(problems).toEqual([
      { variantId: gone, kind: 'unavailable', message: expect.any(String) },
      {
        variantId: lamp.variantId,
        kind: 'price_changed',
        message: 'The price has changed: it was ₦1,500.00.',
      },
    ]);
    expect({ currency, subtotal, total }).toEqual({ currency: 'NGN', subtotal: 200_000, total: 200_000 + 150_000 });
  });

  test('of two currencies is refused in words', async () => {
    const cedi = await stockVariant(app.db, { currency: 'GHS', price: 5_000 });
    const lines = [cedi, lamp].map(({ variantId }) => ({ variantId, quantity: 1 }));
    const { refusal, currency } = await app.client().cart.quote.mutate({ lines });
    expect({ refusal, currency }).toEqual({ refusal: expect.stringMatching(/GHS and NGN/), currency: 'GHS' });
  });
});
