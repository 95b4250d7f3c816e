import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { editVariant } from '../../models/catalogue/edit-catalogue.ts';
import { MAXIMUM_TOTAL } from '../../models/contract/limits.ts';

import { eventually } from '../support/eventually.ts';
import { changeStock } from '../support/orders.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check } from './axe.ts';
import {
  addToCart,
  type BrowserShop,
  checkOut,
  fillInAddress,
  headline,
  payByCard,
  reachPaystack,
  startBrowserShop,
} from './browser-shop.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const takeAway = (variantId: string, units: number) =>
  changeStock(shop.app.db, new Types.ObjectId(variantId), -units, { actor: 'system', now: new Date() });

test('items that sell out during a payment are refunded, and the order page shows the refund', async () => {
  const { slug, variantId } = await stockVariant(shop.app.db, { stock: 1 });
  const { page, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  await reachPaystack(page);
  await takeAway(variantId, 1);
  await payByCard(page);
  await headline(page, 'Sold out, so we cancelled your order');
  await page.getByText('Refund on its way').first().waitFor();
  // The page says so as soon as it is owed, before Paystack has it.
  await eventually('the refund at Paystack', () => shop.app.sandbox.finishRefunds() > 0);
  await page.locator('.refund', { hasText: 'Refunded' }).waitFor();
  await check(page, 'order, sold out and refunded');
  await page.getByRole('link', { name: 'Put the items back in the cart' }).click();
  await page.getByRole('heading', { name: /^Put the items of order/ }).waitFor();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('The items are back in your cart').waitFor();
  await page.getByText('Sold out.').waitFor();
  expect(problems).toEqual([]);
});

test('the last unit goes to one of two shoppers, and the other one is refunded', async () => {
  const { slug } = await stockVariant(shop.app.db, { stock: 1 });
  const shoppers = await Promise.all([shop.openAsUser(), shop.openAsUser()]);
  for (const { page } of shoppers) {
    await addToCart(page, url, slug);
    await checkOut(page, url);
    await reachPaystack(page);
  }
  await Promise.all(shoppers.map(({ page }) => payByCard(page)));
  const titles = await Promise.all(
    shoppers.map(async ({ page }) => {
      const settled = page.locator('.headline-title', { hasText: /confirmed|cancelled/ });
      return settled.textContent();
    }),
  );
  expect(titles.sort()).toEqual(['Sold out, so we cancelled your order', 'Your order is confirmed']);
  expect(shoppers.flatMap(({ problems }) => problems)).toEqual([]);
});

test('checkout shows the line with a shortage, and orders after its quantity is corrected', async () => {
  const { slug, variantId } = await stockVariant(shop.app.db, { title: 'Clay jug', stock: 3 });
  const { page, user, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await user.client.cart.setQuantity.mutate({ variantId, quantity: 3 });
  await page.goto(`${url}/checkout`);
  await page.getByText('Clay jug').waitFor();
  await takeAway(variantId, 1);
  await fillInAddress(page);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('Clay jug: you want 3, 2 left.').waitFor();
  await check(page, 'checkout, short stock');
  await page.getByRole('button', { name: 'Take 2 Clay jug' }).click();
  await page.getByRole('button', { name: 'Pay ₦4,500.00' }).click();
  await reachPaystack(page);
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

test('a raised price is shown beside the old one, and the order needs the shopper’s confirmation', async () => {
  const { slug, variantId } = await stockVariant(shop.app.db, { price: 100_000 });
  const { page, user, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await page.getByLabel('Phone').fill('080312345678');
  await page.keyboard.press('Tab');
  await page.getByText('Look again: with the 0 this has 12 digits').waitFor();
  await page.getByLabel('Phone').fill('12');
  await page.getByRole('button', { name: 'Pay ₦2,500.00' }).click();
  await page.getByText('This is too short for a phone number: it has 2 digits.').waitFor();
  await editVariant(
    shop.app.db,
    new Types.ObjectId(variantId),
    { price: 120_000 },
    { actor: 'system', now: new Date() },
  );
  // Includes the shipping fee of 1,500.00.
  await fillInAddress(page);
  await page.getByRole('button', { name: 'Pay ₦2,500.00' }).click();
  await page.getByRole('alert').getByText('The price has changed', { exact: true }).waitFor();
  await check(page, 'checkout, price changed');
  expect((await user.client.orders.list.query({})).items).toEqual([]);
  expect(await page.getByRole('button', { name: /^Pay/ }).allTextContents()).toEqual(['Pay ₦2,700.00']);
  await page.getByRole('button', { name: 'Pay ₦2,700.00' }).click();
  await reachPaystack(page);
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

test('a total that cannot be charged is shown as an error of the cart, not of the address', async () => {
  const { slug } = await stockVariant(shop.app.db, { price: MAXIMUM_TOTAL });
  const { page, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const alert = page.getByRole('alert');
  await alert.getByText(/^A total of .* cannot be charged/).waitFor();
  expect(await page.locator('[aria-invalid="true"]').count()).toBe(0);
  await alert.getByRole('link', { name: 'Change the cart' }).click();
  await page.getByRole('heading', { name: 'Your cart' }).waitFor();
  expect(problems).toEqual([expect.stringMatching(/^400 POST/)]);
});
