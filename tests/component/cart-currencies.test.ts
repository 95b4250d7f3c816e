/** The currency of a cart whose variants have one price each: its fee, and the carts that checkout refuses for it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { ADDRESS, newCheckoutKey } from '../support/checkouts.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let app: TestApp;
let lamp: StockedVariant;
beforeAll(async () => {
  app = await startTestApp({ env: { SHIPPING_FEE: 'NGN 1500, GHS 20' } });
  lamp = await stockVariant(app.db, { title: 'Lamp', price: 200_000, stock: 5 });
});
afterAll(() => app.stop());

const id = (text: string) => new Types.ObjectId(text);

const USD = { currency: 'USD', price: 20_00 } as const;

test('the fee is the one in the cart’s currency, never a number of another', async () => {
  const cedi = await stockVariant(app.db, { currency: 'GHS', price: 5_000 });
  const { client } = await app.signUp();
  const cart = await client.cart.addItem.mutate({ variantId: cedi.variantId, quantity: 1 });
  expect(cart).toMatchObject({ shippingFee: 20_00, total: 70_00, currency: 'GHS', refusal: null });
});

test('one without a fee cannot be added, and the words say why', async () => {
  const dollar = await stockVariant(app.db, USD);
  const { client } = await app.signUp();
  const add = client.cart.addItem.mutate({ variantId: dollar.variantId, quantity: 1 });
  await expect(add).rejects.toThrow(/no delivery fee in USD.* priced in NGN or GHS/);
});

test('a cart in one that lost its fee, or in two, is refused before checkout, and at checkout', async () => {
  const dollar = await stockVariant(app.db, USD);
  const both = [dollar, lamp];
  for (const [items, currency, words, shippingFee] of [
    [[dollar], 'USD', /no delivery fee in USD/, null],
    [both, 'NGN', /“.*” has no price in NGN; take it out/, 150_000],
  ] as const) {
    const { client, id: userId } = await app.signUp();
    const stored = items.map(({ variantId }) => ({ variantId: id(variantId), quantity: 1, unitPrice: 20_00 }));
    await app.db.carts.create({
      _id: id(userId),
      rev: 1,
      items: stored,
      itemCount: items.length,
      subtotal: 20_00,
      currency,
    });
    const cart = await client.cart.get.query();
    expect(cart).toMatchObject({ refusal: expect.stringMatching(words), shippingFee });
    const order = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
    await expect(client.orders.initializePayment.mutate(order)).rejects.toThrow(words);
    expect(await app.db.orders.countDocuments({ userId: id(userId) })).toBe(0);
  }
});
