/** Several prices on a variant: a cart is in one currency, and no number of another one is ever taken for a price in it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { addItem, ensureLines, viewCart } from '../../models/cart/cart-view.ts';
import { setCartCurrency } from '../../models/cart/set-currency.ts';
import { findCart } from '../../models/cart/write-cart.ts';
import { archiveVariant, editVariant } from '../../models/catalogue/edit-catalogue.ts';
import { findVariant } from '../../models/catalogue/find-variants.ts';
import { ADDRESS, checkout, newCheckoutKey, pay, refusalOf, settled } from '../support/checkouts.ts';
import { everything, type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { type SignedIn, startTestApp, type TestApp } from '../support/test-app.ts';

const BY = { actor: 'system', now: new Date() };
const usd = (price: number) => ({ currency: 'USD' as const, price });
const ghs = (price: number) => ({ currency: 'GHS' as const, price });

let app: TestApp;
let lamp: StockedVariant;
let chair: StockedVariant;
let mat: StockedVariant;
beforeAll(async () => {
  app = await startTestApp({ env: { SHIPPING_FEE: 'NGN 1500, USD 5.50' }, worker: true });
  const stock = 50;
  lamp = await stockVariant(app.db, { title: 'Lamp', price: 30_000_00, otherPrices: [usd(20_00)], stock });
  chair = await stockVariant(app.db, {
    title: 'Chair',
    price: 50_000_00,
    otherPrices: [ghs(500_00), usd(35_00)],
    stock,
  });
  mat = await stockVariant(app.db, { title: 'Mat', price: 4_000_00, stock });
});
afterAll(() => app.stop());

const id = (text: string) => new Types.ObjectId(text);
const line = ({ variantId }: StockedVariant, quantity = 1) => ({ variantId, quantity });
const stored = (user: SignedIn) => app.db.carts.findById(id(user.id)).lean();

/** A shopper with these lines in a cart in `currency`. */
async function shopperWith(currency: 'NGN' | 'USD', ...items: StockedVariant[]): Promise<SignedIn> {
  const shopper = await app.signUp();
  await shopper.client.cart.ensure.mutate({ lines: items.map((item) => line(item)), currency });
  return shopper;
}

/** A variant of its own for a test that changes its prices. */
const anItem = (title: string) => stockVariant(app.db, { title, price: 9_000_00, otherPrices: [usd(6_00)] });
const withoutOthers = (item: StockedVariant) => editVariant(app.db, id(item.variantId), { otherPrices: [] }, BY);

describe('a cart', () => {
  test('takes the currency that the shopper chose with its first line, and else the own one of that', async () => {
    const [chose, chooses, chosen] = [await app.signUp(), await app.signUp(), await app.signUp()];
    expect(await chose.client.cart.addItem.mutate({ ...line(lamp), currency: 'USD' })).toMatchObject({
      ...{ currency: 'USD', subtotal: 20_00, shippingFee: 5_50, total: 25_50, currencies: ['USD', 'NGN'] },
    });
    expect((await chooses.client.cart.addItem.mutate({ ...line(mat), currency: 'USD' })).currency).toBe('NGN');
    // It has a price in cedis, but the shop takes no orders in them.
    const cart = await chosen.client.cart.addItem.mutate({ ...line(chair), currency: 'GHS' });
    expect(cart).toMatchObject({ currency: 'NGN', currencies: ['NGN', 'USD'] });
    const later = await chose.client.cart.addItem.mutate({ ...line(chair), currency: 'NGN' });
    expect(later).toMatchObject({ currency: 'USD', subtotal: 55_00 });
  });

  test('takes a price that the shop takes orders in where the own one is in another currency', async () => {
    const cedi = await stockVariant(app.db, { currency: 'GHS', price: 77_00, otherPrices: [usd(8_00)] });
    const { client } = await app.signUp();
    expect(await client.cart.addItem.mutate(line(cedi))).toMatchObject({ currency: 'USD', subtotal: 8_00 });
  });

  test('refuses a variant without a price in its currency, and names those that it has', async () => {
    const { client } = await shopperWith('USD', lamp);
    await expect(client.cart.addItem.mutate(line(mat))).rejects.toThrow(/prices in USD; this one is in NGN/);
    const { missed, cart } = await client.cart.ensure.mutate({ lines: [line(mat), line(chair)], currency: 'NGN' });
    expect(missed).toEqual([
      {
        variantId: mat.variantId,
        kind: 'other_currency',
        message: 'It is priced in NGN, and the cart holds prices in USD.',
      },
    ]);
    expect(cart).toMatchObject({ currency: 'USD', subtotal: 55_00, currencies: ['USD', 'NGN'] });
  });
});

describe('the currency of a cart', () => {
  test('is changed for all its lines, which may be repeated', async () => {
    const shopper = await shopperWith('NGN', lamp, chair);
    const { client } = shopper;
    const cart = await client.cart.setCurrency.mutate({ currency: 'USD' });
    expect(cart).toMatchObject({ currency: 'USD', subtotal: 55_00, total: 60_50, refusal: null, problems: [] });
    const once = await stored(shopper);
    expect(once?.items.map(({ unitPrice }) => unitPrice)).toEqual([20_00, 35_00]);
    expect(await client.cart.setCurrency.mutate({ currency: 'USD' })).toEqual(cart);
    expect(await stored(shopper)).toEqual(once);
    expect(await client.cart.setCurrency.mutate({ currency: 'NGN' })).toMatchObject({ subtotal: 80_000_00 });
  });

  test('stays as it is where one line has no price in the other currency, or the shop no fee', async () => {
    const shopper = await shopperWith('NGN', chair, mat);
    const before = await everything(app.db);
    const change = (currency: 'USD' | 'GHS') => shopper.client.cart.setCurrency.mutate({ currency });
    await expect(change('USD')).rejects.toThrow(/currency: “Mat, One size” has no price in USD; it is priced in NGN/);
    await expect(change('GHS')).rejects.toThrow(/no delivery fee in GHS/);
    expect((await shopper.client.cart.get.query()).currencies).toEqual(['NGN']);
    expect(await everything(app.db)).toBe(before);
  });

  test('of an empty cart is not stored', async () => {
    const shopper = await app.signUp();
    const cart = await shopper.client.cart.setCurrency.mutate({ currency: 'USD' });
    expect(cart).toMatchObject({ lines: [], currency: 'NGN', currencies: ['NGN'] });
    expect(await stored(shopper)).toBeNull();
  });

  test('is changed beside a line that is not for sale any more, which then shows no price', async () => {
    const gone = await stockVariant(app.db, { title: 'Gone', price: 5_000_00 });
    const shopper = await shopperWith('NGN', lamp, gone);
    await archiveVariant(app.db, id(gone.variantId), BY);
    const cart = await shopper.client.cart.setCurrency.mutate({ currency: 'USD' });
    expect(cart.lines.map(({ unitPrice, lineTotal }) => [unitPrice, lineTotal])).toEqual([
      [20_00, 20_00],
      [0, 0],
    ]);
    expect(cart.problems).toEqual([expect.objectContaining({ kind: 'unavailable', variantId: gone.variantId })]);
  });

  test('is one however changes race', async () => {
    for (let round = 0; round < 5; round += 1) {
      const shopper = await shopperWith('NGN', lamp);
      const { client } = shopper;
      await Promise.allSettled([
        client.cart.setCurrency.mutate({ currency: 'USD' }),
        client.cart.addItem.mutate(line(chair)),
        client.cart.setCurrency.mutate({ currency: 'NGN' }),
        client.cart.addItem.mutate(line(mat)),
        client.cart.setCurrency.mutate({ currency: 'USD' }),
      ]);
      const cart = await stored(shopper);
      const prices = { NGN: [30_000_00, 50_000_00, 4_000_00], USD: [20_00, 35_00] }[
        cart?.currency === 'USD' ? 'USD' : 'NGN'
      ];
      for (const { unitPrice } of cart?.items ?? []) expect(prices).toContain(unitPrice);
      expect((await client.cart.get.query()).refusal).toBeNull();
    }
  });

  test('is changed for a line that was put in meanwhile, too, and refused where that one has no price in it', async () => {
    const known = async (shopper: SignedIn) => findCart(app.db, id(shopper.id));
    const [fits, refuses] = [await shopperWith('NGN', lamp), await shopperWith('NGN', lamp)];
    const [before, other] = [await known(fits), await known(refuses)];
    await fits.client.cart.addItem.mutate(line(chair));
    await refuses.client.cart.addItem.mutate(line(mat));
    const fees = app.ctx.config.shippingFees;
    const { cart } = await setCartCurrency(app.db, before, 'USD', fees);
    expect(cart.items.map(({ unitPrice }) => unitPrice)).toEqual([20_00, 35_00]);
    await expect(setCartCurrency(app.db, other, 'USD', fees)).rejects.toThrow(/“Mat, One size” has no price in USD/);
    expect((await known(refuses)).items.map(({ unitPrice }) => unitPrice)).toEqual([30_000_00, 4_000_00]);
  });

  test('is that of prices that were seen: those in another one are left out', async () => {
    const shopper = await shopperWith('USD', lamp);
    const { client } = shopper;
    const shown = [{ variantId: lamp.variantId, unitPrice: 30_000_00 }];
    expect((await client.cart.seen.mutate({ currency: 'NGN', prices: shown })).problems).toEqual([]);
    expect((await stored(shopper))?.items[0]?.unitPrice).toBe(20_00);
  });
});

describe('a visitor’s lines', () => {
  const quote = (
    currency: 'NGN' | 'USD' | undefined,
    ...lines: { variantId: string; quantity: number; seenPrice?: number }[]
  ) => app.client().cart.quote.mutate({ lines, ...(currency === undefined ? {} : { currency }) });

  test('are priced in the chosen currency, and in the own one without a choice', async () => {
    expect(await quote('USD', line(lamp), line(chair, 2))).toMatchObject({
      currency: 'USD',
      subtotal: 90_00,
      total: 95_50,
    });
    expect(await quote(undefined, line(lamp))).toMatchObject({ currency: 'NGN', currencies: ['NGN', 'USD'] });
  });

  test('have changed in price only if they were seen in that currency', async () => {
    const seen = (seenPrice: number) => ({ ...line(lamp), seenPrice });
    expect((await quote('USD', seen(20_00))).problems).toEqual([]);
    expect((await quote('USD', seen(18_00))).problems).toMatchObject([
      { message: 'The price has changed: it was $18.00.' },
    ]);
    // No line has a price in dollars, so that the cart is in naira.
    expect(await quote('USD', { ...line(mat), seenPrice: 20_00 })).toMatchObject({ currency: 'NGN', problems: [] });
    const { client } = await shopperWith('USD', chair);
    // A page of an older version names no currency: it has seen the own price.
    const old = await client.cart.ensure.mutate({ lines: [seen(30_000_00)] });
    expect(old.cart).toMatchObject({ currency: 'USD', subtotal: 55_00, problems: [] });
    const { client: other } = await shopperWith('USD', chair);
    const told = await other.cart.ensure.mutate({ lines: [seen(18_00)], currency: 'USD' });
    expect(told.cart.problems).toMatchObject([{ kind: 'price_changed' }]);
  });
});

test('a cart in a currency that the shop takes no orders in any more names the ones that it can be paid in', async () => {
  const { id: userId } = await shopperWith('USD', lamp);
  const cart = await findCart(app.db, id(userId));
  const terms = { shippingFees: [{ amount: 1_500_00, currency: 'NGN' }], currency: 'NGN' } as const;
  expect(await viewCart(app.db, cart, terms)).toMatchObject({
    currencies: ['NGN'],
    refusal: 'This cart cannot be ordered: the shop takes no orders in USD; pay in NGN.',
  });
  const added = await findVariant(app.db, id(lamp.variantId));
  const why = 'the cart is in USD, in which the shop takes no orders any more';
  await expect(addItem(app.db, cart, { added, quantity: 1 }, terms)).rejects.toThrow(why);
  const wanted = [{ variantId: id(lamp.variantId), quantity: 2 }];
  const { missed } = await ensureLines(app.db, cart, wanted, terms);
  expect(missed).toMatchObject([{ kind: 'no_shipping_fee', message: 'The shop takes no orders in USD.' }]);
});

test('an expected currency without its total is refused, and makes no order', async () => {
  const { client, id: userId } = await shopperWith('NGN', lamp);
  const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey(), expectedCurrency: 'USD' as const };
  await expect(client.orders.initializePayment.mutate(input)).rejects.toMatchObject({
    data: { details: { issues: [{ path: 'expectedCurrency', message: 'must come with the expected total' }] } },
  });
  expect(await app.db.orders.countDocuments({ userId: id(userId) })).toBe(0);
});

describe('a price that staff took out', () => {
  test('of the first line leaves a visitor’s cart in the chosen currency, and the line is missed by name', async () => {
    const { client } = await app.signUp();
    const wanted = { lines: [line(mat), line(lamp)], currency: 'USD' as const };
    const quoted = await app.client().cart.quote.mutate(wanted);
    const { cart, missed } = await client.cart.ensure.mutate(wanted);
    expect([quoted.currency, cart.currency]).toEqual(['USD', 'USD']);
    const why = 'priced in NGN';
    expect(quoted.problems).toMatchObject([{ variantId: mat.variantId, message: expect.stringContaining(why) }]);
    expect(quoted.refusal).toContain('pay in NGN');
    expect(missed).toMatchObject([{ variantId: mat.variantId, kind: 'other_currency' }]);
  });

  test('is no other currency’s number: the cart says so, checkout refuses, and another currency heals it', async () => {
    const pot = await anItem('Pot');
    const shopper = await shopperWith('USD', lamp, pot);
    await withoutOthers(pot);
    const cart = await shopper.client.cart.get.query();
    const why = /“Pot, One size” has no price in USD; pay in NGN, or take it out/;
    expect(cart).toMatchObject({ subtotal: 20_00, total: 25_50, currencies: ['NGN'] });
    expect(cart.refusal).toMatch(why);
    expect(cart.lines[1]).toMatchObject({ unitPrice: 6_00, lineTotal: 0, available: 1, shortage: false });
    expect(cart.problems).toEqual([
      { variantId: pot.variantId, kind: 'unavailable', message: 'It has no price in USD; it is priced in NGN.' },
    ]);
    const refused = await refusalOf(checkout(shopper, { expectedTotal: 25_50 }));
    expect(refused).toMatchObject({
      code: 'INVALID_INPUT',
      details: { issues: [{ path: 'cart', message: expect.stringMatching(why) }] },
    });
    expect(await app.db.orders.countDocuments({ userId: id(shopper.id) })).toBe(0);
    await expect(shopper.client.cart.addItem.mutate(line(pot))).rejects.toThrow(/this one is in NGN/);
    const healed = await shopper.client.cart.setCurrency.mutate({ currency: 'NGN' });
    expect(healed).toMatchObject({ subtotal: 39_000_00, refusal: null });
    expect(await checkout(shopper)).toMatchObject({ amount: 40_500_00, currency: 'NGN' });
  });

  test('is missed by name where nothing is common to all lines', async () => {
    const pot = await anItem('Pot');
    const dollar = await stockVariant(app.db, { currency: 'USD', price: 9_00 });
    const shopper = await shopperWith('USD', dollar, pot);
    await withoutOthers(pot);
    const { refusal, currencies } = await shopper.client.cart.get.query();
    expect(refusal).toMatch(/priced in NGN and USD; keep those of one currency/);
    expect(currencies).toEqual([]);
  });
});

describe('an order', () => {
  test('in the second currency is charged in it, at the variant’s price and the fee in it', async () => {
    const shopper = await shopperWith('USD', lamp, chair);
    const { orderId, txRef, amount, currency } = await checkout(shopper, {
      expectedTotal: 60_50,
      expectedCurrency: 'USD',
    });
    expect({ amount, currency }).toEqual({ amount: 60_50, currency: 'USD' });
    expect(app.sandbox.transaction(txRef)).toMatchObject({ amount: 60_50, currency: 'USD' });
    expect(await pay(app, txRef)).toBe('paid');
    const order = await settled(app, orderId);
    expect(order).toMatchObject({
      status: 'confirmed',
      currency: 'USD',
      subtotal: 55_00,
      shippingFee: 5_50,
      total: 60_50,
    });
    expect(order.items.map(({ unitPrice }) => unitPrice)).toEqual([20_00, 35_00]);
  });

  test('is not made for the same number in another currency than the shopper saw', async () => {
    const odd = await stockVariant(app.db, { price: 7_00 + 1_00, otherPrices: [usd(1_502_50)] });
    const shopper = await shopperWith('NGN', odd);
    const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey(), expectedTotal: 1_508_00 } as const;
    const buy = (expectedCurrency: 'USD' | 'NGN') =>
      shopper.client.orders.initializePayment.mutate({ ...input, expectedCurrency });
    expect(await refusalOf(buy('USD'))).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { currency: 'NGN', total: 1_508_00 },
    });
    expect((await buy('NGN')).amount).toBe(1_508_00);
    expect(await refusalOf(buy('USD'))).toMatchObject({ code: 'CHECKOUT_KEY_REUSED' });
  });
});

test('an order whose stock is reserved is priced in the cart’s currency, too, and refused without a price in it', async () => {
  const reserving = await startTestApp({ env: { SHIPPING_FEE: 'NGN 1500, USD 5.50', STOCK_HOLD_MINUTES: '15' } });
  try {
    const bowl = await stockVariant(reserving.db, { title: 'Bowl', price: 9_000_00, otherPrices: [usd(6_00)] });
    const [first, second] = [await reserving.signUp(), await reserving.signUp()];
    for (const { client } of [first, second]) await client.cart.addItem.mutate({ ...line(bowl), currency: 'USD' });
    expect(await checkout(first)).toMatchObject({ amount: 11_50, currency: 'USD' });
    await editVariant(reserving.db, id(bowl.variantId), { otherPrices: [] }, BY);
    expect(await refusalOf(checkout(second))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await reserving.db.variants.findById(bowl.variantId).lean()).toMatchObject({ stock: 9, reserved: 1 });
  } finally {
    await reserving.stop();
  }
});

test('catalogue and product show the prices that the shop takes orders in', async () => {
  const shelf = await stockVariant(app.db, {
    title: 'Shelfset',
    price: 70_000_00,
    otherPrices: [usd(45_00), ghs(600_00)],
  });
  const { items } = await app.client().catalog.products.query({ search: 'shelfset' });
  expect(items[0]?.fromPrices).toEqual([
    { amount: 70_000_00, currency: 'NGN', isOnly: true },
    { amount: 45_00, currency: 'USD', isOnly: true },
  ]);
  const { variants } = await app.client().catalog.product.query({ slug: shelf.slug });
  expect(variants).toMatchObject([{ price: 70_000_00, currency: 'NGN', otherPrices: [usd(45_00)] }]);
});
