/** One wish is paid once: whatever tab, way back or lost answer there is, a shopper is led to the order that stands. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { stockGoods } from '../support/shop-goods.ts';
import type { SignedIn } from '../support/test-app.ts';
import { placeOrder } from './order-of.ts';
import {
  addToCart,
  checkOut,
  headline,
  loseTheAnswer,
  openShopFloor,
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

const payButtons = (page: Page) => page.getByRole('button', { name: /pay/i });
const ordersOf = async ({ client }: SignedIn) => (await client.orders.list.query({})).items;

test('a page that the browser brings back as it was, and one in another tab, know that the shopper has left to pay', async () => {
  const { page, user, newTab, problems } = await shop.enter();
  const order = await placeOrder(user, await stockGoods(shop.world.db));
  const other = await newTab();
  for (const tab of [page, other]) {
    await tab.goto(`${url}/orders/${order.orderId}`);
    await headline(tab, 'Waiting for your payment');
  }
  // Without content there is nothing to leave the page for: it stays, as one does that is kept for the way back.
  await page.route(order.authorizationUrl, (route) => route.fulfill({ status: 204 }));
  await payButtons(page).click();
  await headline(other, 'No word of your payment yet');
  await other.getByRole('button', { name: 'Back to the payment page' }).waitFor();
  await page.evaluate('window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))');
  await headline(page, 'Checking your payment');
  expect(await payButtons(page).count()).toBe(0);
  expect(problems).toEqual([]);
});

test('checkout in a second tab leads to the order that is being paid, and ordering on all the same makes no second one', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, user, newTab, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const reference = await reachPaystack(page);
  const other = await newTab();
  await other.goto(`${url}/checkout`);
  await other.getByText('You have an order that is not paid yet').waitFor();
  expect(await payButtons(other).count()).toBe(0);
  await other.getByRole('link', { name: /^Order / }).click();
  await headline(other, 'No word of your payment yet');
  await other.goBack();
  await other.getByRole('button', { name: 'Order once more' }).click();
  await payButtons(other).click();
  // The same goods, address and total: the same checkout, whichever tab it goes on in.
  expect(await reachPaystack(other)).toBe(reference);
  expect(await ordersOf(user)).toHaveLength(1);
  expect(problems).toEqual([]);
});

test('a checkout whose answer was lost goes on as the same order, after a reload and a look at another order', async () => {
  const { page, user, problems } = await shop.enter();
  const finished = await placeOrder(user, await stockGoods(shop.world.db));
  await user.client.orders.cancel.mutate({ id: finished.orderId });
  await user.client.cart.clear.mutate();
  const { slug } = await stockGoods(shop.world.db);
  await addToCart(page, url, slug);
  await page.route('**/trpc/orders.initializePayment', loseTheAnswer);
  await checkOut(page, url);
  await page.getByRole('alert').getByText('The shop cannot be reached').waitFor();
  await page.unroute('**/trpc/orders.initializePayment');
  await page.goto(`${url}/orders/${finished.orderId}`);
  await headline(page, 'This order is cancelled');
  await page.goto(`${url}/checkout`);
  await page.getByRole('button', { name: 'Order once more' }).click();
  await page.getByLabel('Phone').waitFor();
  await payButtons(page).click();
  await reachPaystack(page);
  expect((await ordersOf(user)).map(({ status }) => status)).toEqual(['pending', 'cancelled']);
  expect(problems.filter((problem) => !problem.includes('net::ERR_FAILED'))).toEqual([]);
});

test('the same goods ordered again after they were paid need one press, and become an order of their own', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, user, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  shop.world.sandbox.pay(await reachPaystack(page));
  await shop.world.mailbox.waitFor(({ to, key }) => to === user.email && key?.includes(':order_confirmed:') === true);
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
