/** The cart of a visitor who is not signed in, and what becomes of it at the sign-in. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { archiveVariant, editVariant } from '../../models/catalogue/edit-catalogue.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { addToCart, type BrowserShop, fillInAddress, reachPaystack, signIn, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(90_000);

const BY = { actor: 'system', now: new Date() };

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

test('three products chosen before signing in are ordered after it, each with the larger quantity of the two carts', async () => {
  const { db } = shop.app;
  const [mat, bell, drum] = await Promise.all([
    stockVariant(db, { title: 'Raffia mat', price: 200_000 }),
    stockVariant(db, { title: 'Iron bell', price: 100_000 }),
    stockVariant(db, { title: 'Goatskin drum', price: 300_000 }),
  ]);
  const user = await shop.app.signUp();
  await user.client.cart.ensure.mutate({
    lines: [
      { variantId: mat.variantId, quantity: 1 },
      { variantId: bell.variantId, quantity: 5 },
    ],
  });
  const { page, newTab, problems } = await shop.browser.visitor(PHONE);
  for (const { slug } of [mat, bell, drum]) await addToCart(page, url, slug);
  await page.getByRole('link', { name: /^Cart.*3 items$/ }).waitFor();
  await page.getByRole('link', { name: 'See the cart and check out' }).click();
  await page.locator('.totals-sum', { hasText: '₦7,500.00' }).waitFor();
  await check(page, 'cart, signed out');
  await page.getByRole('button', { name: 'One more of Raffia mat' }).click();
  await page.locator('.totals-sum', { hasText: '₦9,500.00' }).waitFor();
  const other = await newTab();
  await other.goto(`${url}/cart`);
  expect(await other.getByRole('textbox', { name: 'Quantity of Raffia mat' }).inputValue()).toBe('2');
  await other.getByRole('button', { name: 'Remove Goatskin drum' }).click();
  await page.locator('.totals-sum', { hasText: '₦6,500.00' }).waitFor();
  await other.close();
  await addToCart(page, url, drum.slug);
  await page.goto(`${url}/cart`);
  await page.getByRole('link', { name: 'Check out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/checkout');
  await signIn(page, user.email);
  await page.getByRole('link', { name: /^Cart.*8 items$/ }).waitFor();
  await fillInAddress(page);
  await page.getByRole('button', { name: 'Pay ₦13,500.00' }).click();
  await reachPaystack(page);
  const { lines } = await user.client.cart.get.query();
  expect(Object.fromEntries(lines.map(({ variantId, quantity }) => [variantId, quantity]))).toEqual({
    [mat.variantId]: 2,
    [bell.variantId]: 5,
    [drum.variantId]: 1,
  });
  expect(problems).toEqual([]);
});

test('a cart without a session says what is short and what has changed, and after the sign-in what could not be taken', async () => {
  const { db } = shop.app;
  const [stool, lamp] = await Promise.all([
    stockVariant(db, { title: 'Carved stool', price: 200_000, stock: 2 }),
    stockVariant(db, { title: 'Palm lamp', price: 100_000 }),
  ]);
  const user = await shop.app.signUp();
  const { page, problems } = await shop.browser.visitor(PHONE);
  for (const { slug } of [stool, lamp]) await addToCart(page, url, slug);
  await page.goto(`${url}/cart`);
  await page.getByRole('textbox', { name: 'Quantity of Carved stool' }).fill('5');
  await page.keyboard.press('Enter');
  await page.getByText('Only 2 left.').waitFor();
  // Two of the five stools and the lamp, with the delivery.
  await page.locator('.totals-sum', { hasText: '₦6,500.00' }).waitFor();
  await page.getByRole('button', { name: 'Take 2' }).click();
  await editVariant(db, new Types.ObjectId(lamp.variantId), { price: 120_000 }, BY);
  await page.goto(`${url}/cart`);
  await page.getByText('The price has changed: it was ₦1,000.00.').waitFor();
  await archiveVariant(db, new Types.ObjectId(lamp.variantId), BY);
  await editVariant(db, new Types.ObjectId(stool.variantId), { price: 230_000 }, BY);
  await page.goto(`${url}/sign-in?next=/cart`);
  await signIn(page, user.email);
  await page.getByText('Palm lamp: No longer sold.').waitFor();
  await page.getByRole('link', { name: 'Carved stool' }).waitFor();
  await page.getByText('The price has changed: it was ₦2,000.00.').waitFor();
  await check(page, 'cart, with a line that was not taken');
  await page.reload();
  await page.getByText('Palm lamp: No longer sold.').waitFor();
  await page.getByRole('button', { name: 'Close this notice' }).click();
  await page.reload();
  await page.getByRole('link', { name: 'Carved stool' }).waitFor();
  expect(await page.getByText('Palm lamp').count()).toBe(0);
  expect(problems).toEqual([]);
});

test('the notice of a changed price waits for the cart, however many other pages are opened before', async () => {
  const item = await stockVariant(shop.app.db, { title: 'Cane chair', price: 100_000 });
  const { page, user, problems } = await shop.openAsUser();
  await user.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 2 });
  await editVariant(shop.app.db, new Types.ObjectId(item.variantId), { price: 120_000 }, BY);
  for (const path of ['/', `/products/${item.slug}`, '/orders']) {
    await page.goto(`${url}${path}`);
    await page.getByRole('link', { name: /^Cart.*2 items$/ }).waitFor();
  }
  await page.getByRole('link', { name: /^Cart/ }).click();
  const notice = page.getByText('The price has changed: it was ₦1,000.00.');
  await notice.waitFor();
  await eventually('the shop to know', async () => (await user.client.cart.get.query()).problems.length === 0);
  await page.getByRole('button', { name: 'One more of Cane chair' }).click();
  await page.locator('.totals-sum', { hasText: '₦' }).waitFor();
  expect(await notice.count()).toBe(1);
  await page.reload();
  await page.getByRole('link', { name: 'Cane chair' }).waitFor();
  expect(await notice.count()).toBe(0);
  expect(problems).toEqual([]);
});
