/** Signing in and out in the browser, and sessions that end by themselves. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import type { Page } from 'playwright-core';
import { createAuth } from '../../server/auth/auth.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { fakeClock, type SignedIn } from '../support/test-app.ts';
import { placeOrder } from './order-of.ts';
import { addToCart, fillInAddress, openShopFloor, reachPaystack, type ShopFloor, signIn } from './test-shop.ts';

jest.setTimeout(60_000);

let shop: ShopFloor;
let url: string;
beforeAll(async () => {
  shop = await openShopFloor();
  url = shop.world.url;
});
afterAll(() => shop.close());

const DAY_MS = 86_400_000;

/** The browser's session as it lies there a day later. */
async function age(page: Page, user: SignedIn): Promise<void> {
  const past = createAuth({ ...shop.world.ctx, clock: fakeClock(new Date(Date.now() - DAY_MS)) });
  const { token, expiresAt } = await past.issue(new Types.ObjectId(user.id));
  const stale = JSON.stringify({ token, expiresAt });
  await page.evaluate(`localStorage.session = JSON.stringify({ ...JSON.parse(localStorage.session), ...${stale} })`);
}

test('a shopper signs in where the page asks for it, after a wrong password too, and the next one sees nothing of theirs', async () => {
  const { db } = shop.world;
  const first = await shop.world.signUp();
  const second = await shop.world.signUp();
  const order = await placeOrder(first, await stockGoods(db));
  const { page, problems } = await shop.browser.visitor();
  await page.goto(`${url}/orders`);
  await signIn(page, first.email, 'not the password');
  await page.getByRole('alert').getByText('Wrong email or password.').waitFor();
  await signIn(page, first.email);
  await page.getByRole('link', { name: `Order ${order.code}` }).waitFor();
  await page.getByRole('link', { name: /^Cart.*1 item$/ }).waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, second.email);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByText('You have not ordered anything yet').waitFor();
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByText('Your cart is empty').waitFor();
  await page.goto(`${url}/orders/${order.orderId}`);
  await page.getByText('There is no such order').waitFor();
  // Whether the order's refusal is the reply's status depends on what else the batch asked for.
  expect(problems.filter((problem) => !problem.startsWith('404 GET'))).toEqual([expect.stringMatching(/^401 POST/)]);
});

test('a session that has run out is noticed at the next step, and signing in leads on in the same place', async () => {
  const { db } = shop.world;
  const { page, user, problems } = await shop.enter();
  const order = await placeOrder(user, await stockGoods(db));
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await age(page, user);
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/orders');
  await signIn(page, user.email);
  await page.getByRole('link', { name: `Order ${order.code}` }).waitFor();
  expect(problems.filter((problem) => !problem.startsWith('401 GET'))).toEqual([]);
});

test('a session that has run out when the shopper presses Pay costs nothing of what was typed', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, user, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await age(page, user);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page, user.email);
  await page.getByRole('button', { name: /^Pay/ }).waitFor();
  expect(await page.getByLabel('Street and house number').inputValue()).toBe('12 Admiralty Way');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await reachPaystack(page);
  expect(problems.filter((problem) => !problem.startsWith('401 POST'))).toEqual([]);
});

test('a device whose clock is a day ahead stays signed in', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, problems } = await shop.enter();
  await page.clock.install({ time: Date.now() + DAY_MS });
  await addToCart(page, url, slug);
  await page.getByRole('link', { name: 'See the cart and check out' }).click();
  await page.getByRole('link', { name: 'Check out' }).waitFor();
  expect(problems).toEqual([]);
});
