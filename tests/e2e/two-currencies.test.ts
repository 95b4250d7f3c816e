/** A price in dollars: staff give one to a variant on the desk, a visitor and an account pay in it on the cart page. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { editVariant } from '../../models/catalogue/edit-catalogue.ts';
import { eventually } from '../support/eventually.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { addToCart, type BrowserShop, fillInAddress, reachPaystack, signIn, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(120_000);

const BY = { actor: 'system', now: new Date() };

let shop: BrowserShop;
let url: string;
let lamp: StockedVariant;
let mat: StockedVariant;
beforeAll(async () => {
  shop = await startBrowserShop({ env: { SHIPPING_FEE: 'NGN 1500, USD 5.50' } });
  url = shop.app.url;
  const otherPrices = [{ currency: 'USD' as const, price: 20_00 }];
  lamp = await stockVariant(shop.app.db, { title: 'Brass lamp', price: 30_000_00, otherPrices });
  mat = await stockVariant(shop.app.db, { title: 'Raffia mat', price: 9_000_00 });
});
afterAll(() => shop.close());

test('staff give a price in dollars, change it and take it out, and see before what carts will show', async () => {
  const { page, user, problems } = await shop.openAsUser({ role: 'manager' });
  const bell = await stockVariant(shop.app.db, { title: 'Iron bell', price: 9_000_00 });
  await page.goto(`${url}/desk/products/${bell.productId}`);
  const edit = async (price: string, effect: string) => {
    await page.getByRole('button', { name: `Edit ${bell.sku}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit One size' });
    await dialog.getByLabel('Price in USD (optional)').fill(price);
    await dialog.getByText(effect).waitFor();
    await check(page, `editing a variant, ${price}`);
    await dialog.getByRole('button', { name: /^Edit/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  await edit('6', 'Also sold for $6.00');
  await page.getByText('₦9,000.00 or $6.00 · 10 free to sell').waitFor();
  await edit('7.50', '$6.00 → $7.50, also in carts');
  await page.getByText('₦9,000.00 or $7.50 · 10 free to sell').waitFor();
  await edit('', 'No price in US dollars any more: carts in it cannot be ordered');
  await page.getByText('₦9,000.00 · 10 free to sell').waitFor();
  await page.getByRole('button', { name: 'Add a variant' }).click();
  const dialog = page.getByRole('dialog', { name: 'A variant of Iron bell' });
  await dialog.getByLabel('Option', { exact: true }).fill('Large');
  await dialog.getByLabel('SKU', { exact: true }).fill('BELL-L');
  await dialog.getByLabel('Price', { exact: true }).fill('12000');
  await dialog.getByLabel('Price in USD (optional)').fill('0');
  await dialog.getByRole('button', { name: 'Add a variant' }).click();
  await dialog.getByText('Write a price like 20 or 20.50.').first().waitFor();
  await dialog.getByLabel('Price in USD (optional)').fill('9');
  await check(page, 'a new variant of two prices');
  await dialog.getByRole('button', { name: 'Add a variant' }).click();
  await page.getByText('₦12,000.00 or $9.00').waitFor();
  const { variants } = await user.client.admin.product.query({ productId: bell.productId });
  expect(variants.map(({ otherPrices }) => otherPrices)).toEqual([[], [{ currency: 'USD', price: 9_00 }]]);
  expect(problems).toEqual([]);
});

test('a new product shows both prices before it is made, and the fields follow the currency of the own one', async () => {
  const { page, user, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${url}/desk/products/new`);
  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
  await fill('Title', 'Clay pot');
  await fill('Category', 'Kitchen');
  await fill('Description', 'Thrown by hand.');
  await fill('Option', 'Small');
  await fill('SKU', 'POT-S');
  await fill('Price', '15');
  await page.getByLabel('Currency').selectOption('USD');
  expect(await page.getByLabel('Price in USD (optional)').count()).toBe(0);
  await page.getByLabel('Price in NGN (optional)').fill('21000');
  const preview = page.getByText('Small at $15.00 or ₦21,000.00, 0 units');
  await preview.waitFor();
  await page.reload();
  await preview.waitFor();
  await check(page, 'a new product of two prices');
  await page.getByRole('button', { name: 'Make the product' }).click();
  await page.getByText('$15.00 or ₦21,000.00 · 0 free to sell').waitFor();
  const { items } = await user.client.catalog.products.query({ search: 'clay pot' });
  expect(items[0]?.fromPrices.map(({ amount, currency }) => [currency, amount])).toEqual([
    ['NGN', 21_000_00],
    ['USD', 15_00],
  ]);
  expect(problems).toEqual([]);
});

test('a visitor pays in dollars: the cart changes with its lines, takes what has a price in them, and stays so at the sign-in', async () => {
  const user = await shop.app.signUp();
  const { page, problems } = await shop.browser.visitor(PHONE);
  await page.goto(`${url}/products/${lamp.slug}`);
  await page.getByText('₦30,000.00 or $20.00').waitFor();
  await check(page, 'a product of two prices');
  await addToCart(page, url, lamp.slug);
  await page.goto(`${url}/cart`);
  const payIn = page.getByLabel('Pay in');
  await page.locator('.totals-sum', { hasText: '₦31,500.00' }).waitFor();
  await payIn.selectOption('US dollars');
  await page.locator('.totals-sum', { hasText: '$25.50' }).waitFor();
  await check(page, 'a cart in dollars');
  await page.reload();
  await page.locator('.totals-sum', { hasText: '$25.50' }).waitFor();
  await page.goto(`${url}/products/${lamp.slug}`);
  await page.getByText('$20.00 or ₦30,000.00').waitFor();
  await page.goto(`${url}/products/${mat.slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('Your cart holds prices in USD; this one is in NGN.').waitFor();
  await page.goto(`${url}/cart`);
  await page.getByRole('link', { name: 'Check out' }).click();
  await signIn(page, user.email);
  await fillInAddress(page);
  await page.getByRole('button', { name: 'Pay $25.50' }).click();
  const reference = await reachPaystack(page);
  expect(shop.app.sandbox.transaction(reference)).toMatchObject({ amount: 25_50, currency: 'USD' });
  expect(problems).toEqual([]);
});

test('an account changes the currency of its cart, and changes back where the price is gone', async () => {
  const stool = await stockVariant(shop.app.db, {
    ...{ title: 'Carved stool', price: 12_000_00 },
    otherPrices: [{ currency: 'USD', price: 8_00 }],
  });
  const { page, user, problems } = await shop.openAsUser();
  await addToCart(page, url, stool.slug);
  await page.goto(`${url}/cart`);
  await page.getByLabel('Pay in').selectOption('US dollars');
  await page.locator('.totals-sum', { hasText: '$13.50' }).waitFor();
  await eventually('the cart to be in dollars', async () => (await user.client.cart.get.query()).currency === 'USD');
  await editVariant(shop.app.db, new Types.ObjectId(stool.variantId), { otherPrices: [] }, BY);
  await page.reload();
  await page.getByText('It has no price in USD; it is priced in NGN.').waitFor();
  expect(await page.getByRole('button', { name: 'Check out' }).isDisabled()).toBe(true);
  await check(page, 'a cart whose price is gone');
  await page.getByLabel('Pay in').selectOption('Nigerian nairas');
  await page.locator('.totals-sum', { hasText: '₦13,500.00' }).waitFor();
  await page.getByRole('link', { name: 'Check out' }).waitFor();
  expect(problems).toEqual([]);
});

test('a checkout whose cart was put into another currency elsewhere orders nothing until the new total was seen', async () => {
  const { page, user } = await shop.openAsUser();
  await user.client.cart.addItem.mutate({ variantId: lamp.variantId, quantity: 1 });
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await user.client.cart.setCurrency.mutate({ currency: 'USD' });
  await page.getByRole('button', { name: 'Pay ₦31,500.00' }).click();
  await page.getByText('Your cart is in USD now').waitFor();
  expect((await user.client.orders.list.query({})).items).toEqual([]);
  await page.getByRole('button', { name: 'Pay $25.50' }).click();
  const reference = await reachPaystack(page);
  expect(shop.app.sandbox.transaction(reference)).toMatchObject({ amount: 25_50, currency: 'USD' });
});
