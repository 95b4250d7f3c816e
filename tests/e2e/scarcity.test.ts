/** When there is not enough: told before paying where it is known, refunded where it turns out afterwards. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { adjustStock, editVariant } from '../../models/catalogue/edit-catalogue.ts';
import { MAXIMUM_TOTAL } from '../../models/money.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { check } from './axe.ts';
import {
  addToCart,
  checkOut,
  fillInAddress,
  headline,
  openShopFloor,
  payByCard,
  reachPaystack,
  type ShopFloor,
} from './test-shop.ts';

jest.setTimeout(60_000);

let shop: ShopFloor;
let url: string;
beforeAll(async () => {
  shop = await openShopFloor();
  url = shop.world.url;
});
afterAll(() => shop.close());

const takeAway = (variantId: string, units: number) =>
  adjustStock(shop.world.db, new Types.ObjectId(variantId), -units, 'broken', { actor: 'system', now: new Date() });

test('goods that sell out while a shopper pays are refunded, and the shopper sees the refund arrive', async () => {
  const { slug, variantId } = await stockGoods(shop.world.db, { stock: 1 });
  const { page, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  await reachPaystack(page);
  await takeAway(variantId, 1);
  await payByCard(page);
  await headline(page, 'Sold out, so we cancelled your order');
  await page.getByText('Refund on its way').waitFor();
  shop.world.sandbox.finishRefunds();
  await page.locator('.refund', { hasText: 'Refunded' }).waitFor();
  await check(page, 'order, sold out and refunded');
  await page.getByRole('link', { name: 'Put the items back in the cart' }).click();
  await page.getByRole('heading', { name: /^Put the items of order/ }).waitFor();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('The items are back in your cart').waitFor();
  await page.getByText('Sold out.').waitFor();
  expect(problems).toEqual([]);
});

test('the last unit goes to one of two shoppers, and the other gets the money back', async () => {
  const { slug } = await stockGoods(shop.world.db, { stock: 1 });
  const shoppers = await Promise.all([shop.enter(), shop.enter()]);
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

test('checkout says which line is short, and orders once the quantity is mended', async () => {
  const { slug, variantId } = await stockGoods(shop.world.db, { title: 'Clay jug', stock: 3 });
  const { page, user, problems } = await shop.enter();
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

test('a price that rose is shown beside the old one, and nothing is ordered without a word of the shopper’s', async () => {
  const { slug, variantId } = await stockGoods(shop.world.db, { price: 100_000 });
  const { page, user, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await page.getByLabel('Phone').waitFor();
  await editVariant(
    shop.world.db,
    new Types.ObjectId(variantId),
    { price: 120_000 },
    { actor: 'system', now: new Date() },
  );
  // 1,500.00 of shipping come on top.
  await fillInAddress(page);
  await page.getByRole('button', { name: 'Pay ₦2,500.00' }).click();
  await page.getByText('The price has changed').waitFor();
  await check(page, 'checkout, price changed');
  expect((await user.client.orders.list.query({})).items).toEqual([]);
  await page.getByRole('alert').getByRole('button', { name: 'Pay ₦2,700.00' }).click();
  await reachPaystack(page);
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

test('a cart that cannot be charged is said to be the trouble, and not the address', async () => {
  const { slug } = await stockGoods(shop.world.db, { price: MAXIMUM_TOTAL });
  const { page, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const alert = page.getByRole('alert');
  await alert.getByText(/^A total of .* cannot be charged/).waitFor();
  expect(await page.locator('[aria-invalid="true"]').count()).toBe(0);
  await alert.getByRole('link', { name: 'Change the cart' }).click();
  await page.getByRole('heading', { name: 'Your cart' }).waitFor();
  expect(problems).toEqual([expect.stringMatching(/^400 POST/)]);
});
