/** Second tabs, the back button, reloads and lost responses lead to the existing order instead of a second payment. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { stockVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';
import {
  addToCart,
  type BrowserShop,
  checkOut,
  dropResponse,
  headline,
  reachPaystack,
  startBrowserShop,
} from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const payButtons = (page: Page) => page.getByRole('button', { name: /pay/i });
const ordersOf = async ({ client }: SignedIn) => (await client.orders.list.query({})).items;

test('a page restored from the back-forward cache and a page in another tab show that a payment is in progress', async () => {
  const { page, user, newTab, problems } = await shop.openAsUser();
  const order = await placeOrder(user, await stockVariant(shop.app.db));
  const other = await newTab();
  for (const tab of [page, other]) {
    await tab.goto(`${url}/orders/${order.orderId}`);
    await headline(tab, 'Waiting for your payment');
  }
  // A 204 response leaves the page in place, in the state in which the back-forward cache would restore it.
  await page.route(order.authorizationUrl, (route) => route.fulfill({ status: 204 }));
  await payButtons(page).click();
  await headline(other, 'No word of your payment yet');
  await other.getByRole('button', { name: /^Pay ₦/ }).waitFor();
  await page.evaluate('window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))');
  await headline(page, 'Checking your payment');
  expect(await payButtons(page).count()).toBe(0);
  expect(problems).toEqual([]);
});

test('checkout in a second tab pays the order that is being paid, and continuing there places no second order', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, user, newTab, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const reference = await reachPaystack(page);
  const other = await newTab();
  await other.goto(`${url}/checkout`);
  await other.getByText('You have an order that is not paid yet').waitFor();
  await other.getByRole('link', { name: /^order / }).click();
  await headline(other, 'No word of your payment yet');
  await other.goBack();
  const mainButton = other.locator('.button-primary:visible');
  expect(await mainButton.count()).toBe(1);
  await mainButton.click();
  expect(await reachPaystack(other)).toBe(reference);
  await other.goBack();
  await other.getByRole('button', { name: 'Place a new order instead' }).click();
  await other.getByRole('button', { name: /^Pay ₦/ }).click();
  // The same items, address and total have the same checkoutKey in every tab.
  expect(await reachPaystack(other)).toBe(reference);
  expect(await ordersOf(user)).toHaveLength(1);
  expect(problems).toEqual([]);
});

test('a checkout whose response was lost resumes the same order, after a reload and a visit to another order', async () => {
  const { page, user, problems } = await shop.openAsUser();
  const finished = await placeOrder(user, await stockVariant(shop.app.db));
  await user.client.orders.cancel.mutate({ id: finished.orderId });
  await user.client.cart.clear.mutate();
  const { slug } = await stockVariant(shop.app.db);
  await addToCart(page, url, slug);
  await page.route('**/trpc/orders.initializePayment', dropResponse);
  await checkOut(page, url);
  await page.getByRole('alert').getByText('The shop cannot be reached').waitFor();
  await page.unroute('**/trpc/orders.initializePayment');
  await page.goto(`${url}/orders/${finished.orderId}`);
  await headline(page, 'This order is cancelled');
  await page.goto(`${url}/checkout`);
  await page.getByRole('button', { name: 'Place a new order instead' }).click();
  await page.getByLabel('Phone').waitFor();
  await payButtons(page).click();
  await reachPaystack(page);
  expect((await ordersOf(user)).map(({ status }) => status)).toEqual(['pending', 'cancelled']);
  expect(problems.filter((problem) => !problem.includes('net::ERR_FAILED'))).toEqual([]);
});

test('ordering the same items again after a payment takes one press and places a new order', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, user, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  shop.app.sandbox.pay(await reachPaystack(page));
  await shop.app.mailbox.waitFor(({ to, key }) => to === user.email && key?.includes(':order_confirmed:') === true);
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await page.getByLabel('Phone').waitFor();
  await payButtons(page).click();
  await page.getByText('You have placed this order before').waitFor();
  expect(await ordersOf(user)).toHaveLength(1);
  await page.getByRole('button', { name: 'Order the same once more' }).click();
  await reachPaystack(page);
  expect(await ordersOf(user)).toHaveLength(2);
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});
