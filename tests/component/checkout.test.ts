/**
 * From cart to order: the meaning of a checkoutKey, the data that checkout copies into the order, and edits after it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { archiveVariant, editProduct, editVariant } from '../../models/catalogue/edit-catalogue.ts';
import { isSameHash, moneyHash, personHash } from '../../models/order/snapshot/order-hashes.ts';
import {
  ADDRESS,
  checkout,
  fillCart,
  makeVariants,
  newCheckoutKey,
  order,
  PRICE,
  pay,
  readOrder,
  refusalOf,
  SHIPPING_FEE,
  settled,
  stockOf,
} from '../support/checkouts.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const BY = { actor: 'system', now: new Date() };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ worker: true });
});
afterAll(() => assertInvariants(app));
afterAll(() => app.stop());

describe('an address', () => {
  const typed = {
    name: '\u202AAda\u202C\tObi',
    line1: '1\u00A0Marina',
    line2: '',
    city: 'Lagos',
    state: 'lagos state',
    postalCode: null,
    country: 'ng',
    phone: '(+234) 803\u2011123\u20114567 / 0805 123 4567',
  };
  const stored = {
    ...{ name: 'Ada Obi', line1: '1 Marina', city: 'Lagos', state: 'Lagos', country: 'NG' },
    phone: '(+234) 803\u2011123\u20114567 / 0805 123 4567',
  };

  test('is stored by its country’s rules, the number to dial beside what was typed, and pays the same order again', async () => {
    const [item] = await makeVariants(app, {});
    const checkoutKey = newCheckoutKey();
    const { shopper, ...placed } = await order(app, [[item, 1]], { checkoutKey, shippingAddress: typed });
    const { shippingAddressSnapshot } = await readOrder(app, placed.orderId);
    expect(shippingAddressSnapshot).toEqual({ ...stored, phoneE164: '+2348031234567' });
    const { shippingAddress } = await shopper.client.orders.get.query({ id: placed.orderId });
    expect(shippingAddress).toEqual(stored);
    const staff = await app.signUp({ role: 'support' });
    expect((await staff.client.admin.order.query({ id: placed.orderId })).phoneToDial).toBe('+2348031234567');
    // The account offers it from now on, once however often it is used.
    const { items } = await shopper.client.account.addresses.query();
    expect(items.map(({ address }) => address)).toEqual([stored]);
    expect(await checkout(shopper, { checkoutKey, shippingAddress })).toEqual(placed);
    expect(await checkout(shopper, { checkoutKey, shippingAddress: typed })).toEqual(placed);
  });

  test.each([
    ['UK', 'London', 'country'],
    ['NG', 'Greater Accra', 'state'],
    ['US', undefined, 'state'],
  ])('in %s with the state %s is refused by its %s', async (country, state, field) => {
    const shopper = await app.signUp();
    const refused = checkout(shopper, { shippingAddress: { ...stored, country, state } });
    expect(await refusalOf(refused)).toMatchObject({
      code: 'INVALID_INPUT',
      details: { issues: [{ path: `shippingAddress.${field}` }] },
    });
  });

  test('without a state is taken where the country’s addresses have none', async () => {
    const [item] = await makeVariants(app, {});
    const { state: _, ...stateless } = stored;
    const shippingAddress = { ...stateless, country: 'GH', phone: '024 412 3456' };
    const { orderId } = await order(app, [[item, 1]], { shippingAddress });
    const { shippingAddressSnapshot } = await readOrder(app, orderId);
    expect(shippingAddressSnapshot).toEqual({ ...shippingAddress, phoneE164: '+233244123456' });
  });
});

describe('a checkoutKey', () => {
  test('repeated, with or without the same expected total, resumes its order and its page', async () => {
    const [item] = await makeVariants(app, {});
    const checkoutKey = newCheckoutKey();
    const { shopper, ...placed } = await order(app, [[item, 1]], { checkoutKey });
    expect(await checkout(shopper, { checkoutKey })).toEqual(placed);
    expect(await checkout(shopper, { checkoutKey, expectedTotal: placed.amount })).toEqual(placed);
    const written = { ...ADDRESS, phone: '0803 123 4567' };
    expect(await checkout(shopper, { checkoutKey, shippingAddress: written })).toEqual(placed);
    expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(1);
  });

  test('with another address or another total is refused, and the order stays as it is', async () => {
    const [item] = await makeVariants(app, {});
    const checkoutKey = newCheckoutKey();
    const { shopper, ...placed } = await order(app, [[item, 1]], { checkoutKey });
    const before = await readOrder(app, placed.orderId);
    const phone = '+2348031234568';
    const other = checkout(shopper, { checkoutKey, shippingAddress: { ...ADDRESS, phone } });
    expect((await refusalOf(other)).code).toBe('CHECKOUT_KEY_REUSED');
    const elsewhere = checkout(shopper, { checkoutKey, shippingAddress: { ...ADDRESS, city: 'Ibadan' } });
    expect((await refusalOf(elsewhere)).code).toBe('CHECKOUT_KEY_REUSED');
    const cheaper = checkout(shopper, { checkoutKey, expectedTotal: placed.amount - 1 });
    expect((await refusalOf(cheaper)).code).toBe('CHECKOUT_KEY_REUSED');
    expect(await readOrder(app, placed.orderId)).toEqual(before);
  });

  test('with another cart still names its own order; the cart of now is left for another key', async () => {
    const [bought, wanted] = await makeVariants(app, {}, {});
    const checkoutKey = newCheckoutKey();
    const { shopper, ...placed } = await order(app, [[bought, 1]], { checkoutKey });
    await shopper.client.cart.clear.mutate();
    await fillCart(shopper, [[wanted, 2]]);
    expect(await checkout(shopper, { checkoutKey })).toEqual(placed);
    const second = await checkout(shopper);
    expect((await readOrder(app, second.orderId)).items).toMatchObject([{ quantity: 2, unitPrice: PRICE }]);
  });

  test('is its shopper’s own: two shoppers may use the same one', async () => {
    const [item] = await makeVariants(app, {});
    const checkoutKey = newCheckoutKey();
    const one = await order(app, [[item, 1]], { checkoutKey });
    const other = await order(app, [[item, 1]], { checkoutKey });
    expect(other.orderId).not.toBe(one.orderId);
  });

  test('of a paid order opens no page any more', async () => {
    const [item] = await makeVariants(app, {});
    const checkoutKey = newCheckoutKey();
    const { shopper, ...placed } = await order(app, [[item, 1]], { checkoutKey });
    await pay(app, placed.txRef);
    await settled(app, placed.orderId);
    const refusal = await refusalOf(checkout(shopper, { checkoutKey }));
    expect(refusal).toMatchObject({ code: 'ORDER_STATE_CONFLICT', details: { status: 'confirmed' } });
  });
});

describe('checking out', () => {
  test('an empty cart is refused', async () => {
    const shopper = await app.signUp();
    expect((await refusalOf(checkout(shopper))).code).toBe('CART_EMPTY');
  });

  test('at a total that is no longer right is refused with the new one, and at the new one it goes through', async () => {
    const [item] = await makeVariants(app, {});
    const shopper = await app.signUp();
    await fillCart(shopper, [[item, 2]]);
    const { total: expectedTotal } = await shopper.client.cart.get.query();
    await editVariant(app.db, new Types.ObjectId(item.variantId), { price: PRICE + 100 }, BY);

    const refusal = await refusalOf(checkout(shopper, { expectedTotal }));
    const total = 2 * (PRICE + 100) + SHIPPING_FEE;
    expect(refusal).toEqual({ code: 'PRICE_CHANGED', details: { expectedTotal, total, currency: 'NGN' } });
    expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(0);
    expect((await checkout(shopper, { expectedTotal: total })).amount).toBe(total);
  });

  test('more than there is, or what is no longer sold, is refused line by line and takes nothing', async () => {
    const [short, gone, plenty] = await makeVariants(app, { stock: 1 }, { stock: 5 }, { stock: 5 });
    const shopper = await app.signUp();
    await fillCart(shopper, [
      [short, 2],
      [gone, 1],
      [plenty, 1],
    ]);
    await archiveVariant(app.db, new Types.ObjectId(gone.variantId), BY);
    expect(await refusalOf(checkout(shopper))).toEqual({
      code: 'INSUFFICIENT_STOCK',
      details: {
        shortages: [
          { variantId: short.variantId, sku: short.sku, requested: 2, available: 1 },
          { variantId: gone.variantId, sku: gone.sku, requested: 1, available: 0 },
        ],
      },
    });
    expect(await app.db.orders.countDocuments({ userId: shopper.id })).toBe(0);
  });

  test('a sixth order while five are unpaid is refused with the five to pay or cancel', async () => {
    const [item] = await makeVariants(app, {});
    const shopper = await app.signUp();
    await fillCart(shopper, [[item, 1]]);
    const placed = [];
    for (let n = 1; n <= 5; n += 1) placed.push(await checkout(shopper));
    const refusal = await refusalOf(checkout(shopper));
    const orders = placed.map(({ orderId, code }) => ({ id: orderId, code }));
    expect(refusal).toEqual({ code: 'TOO_MANY_UNPAID_ORDERS', details: { orders } });
    await shopper.client.orders.cancel.mutate({ id: orders[0]?.id ?? '' });
    await checkout(shopper);
  });
});

describe('after checkout', () => {
  test('edits of the catalogue change nothing of the order, its price and its hash', async () => {
    const [item] = await makeVariants(app, { stock: 4 });
    const { shopper, ...placed } = await order(app, [[item, 2]]);
    const before = await shopper.client.orders.get.query({ id: placed.orderId });
    const hashes = await readOrder(app, placed.orderId);
    await editVariant(app.db, new Types.ObjectId(item.variantId), { price: 1, title: 'Renamed' }, BY);
    await editProduct(app.db, new Types.ObjectId(item.productId), { slug: `${item.slug}-new`, title: 'Renamed' }, BY);
    await app.db.users.updateOne({ _id: shopper.id }, { $set: { name: 'Somebody Else' } });

    await pay(app, placed.txRef);
    const after = await settled(app, placed.orderId);
    expect(after.status).toBe('confirmed');
    expect(isSameHash(after.moneyHash, hashes.moneyHash) && isSameHash(after.personHash, hashes.personHash)).toBe(true);
    expect(isSameHash(moneyHash(after), hashes.moneyHash)).toBe(true);
    expect(isSameHash(personHash(after), hashes.personHash)).toBe(true);
    const { items, total, shippingAddress, subtotal } = await shopper.client.orders.get.query({ id: placed.orderId });
    expect({ items, total, shippingAddress, subtotal }).toEqual({
      items: before.items,
      total: before.total,
      shippingAddress: before.shippingAddress,
      subtotal: before.subtotal,
    });
    expect(app.sandbox.transaction(placed.txRef).amount).toBe(before.total);
  });

  test('what was added to the cart later stays in it, at totals that are right', async () => {
    const [bought, more] = await makeVariants(app, {}, { price: 700 });
    const { shopper, ...placed } = await order(app, [[bought, 2]]);
    await fillCart(shopper, [
      [bought, 3],
      [more, 4],
    ]);
    await pay(app, placed.txRef);
    await settled(app, placed.orderId);
    const cart = await shopper.client.cart.get.query();
    expect(cart.lines.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [bought.variantId, 3],
      [more.variantId, 4],
    ]);
    expect(cart.subtotal).toBe(3 * PRICE + 4 * 700);
    expect(await stockOf(app, bought)).toBe(98);
  });

  test('what was taken out of the cart meanwhile is bought all the same', async () => {
    const [item] = await makeVariants(app, { stock: 3 });
    const { shopper, ...placed } = await order(app, [[item, 2]]);
    await shopper.client.cart.setQuantity.mutate({ variantId: item.variantId, quantity: 1 });
    await pay(app, placed.txRef);
    expect((await settled(app, placed.orderId)).status).toBe('confirmed');
    expect(await stockOf(app, item)).toBe(1);
    expect(await shopper.client.cart.get.query()).toMatchObject({ lines: [], subtotal: 0 });
  });
});
