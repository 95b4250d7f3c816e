/** When the connection fails in the middle of it: what was typed and shown stays, and nothing is ordered twice. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { stockGoods } from '../support/shop-goods.ts';
import { check } from './axe.ts';
import { placeOrder } from './order-of.ts';
import {
  addToCart,
  fillInAddress,
  loseTheAnswer,
  openShopFloor,
  reachPaystack,
  type ShopFloor,
  signIn,
} from './test-shop.ts';

jest.setTimeout(60_000);

let shop: ShopFloor;
let url: string;
beforeAll(async () => {
  shop = await openShopFloor();
  url = shop.world.url;
});
afterAll(() => shop.close());

const CALLS = '**/trpc/**';

/** Without the browser's own words on connections that failed on purpose. */
const unexpected = (problems: string[]) => problems.filter((problem) => !problem.includes('net::ERR_FAILED'));

/** Looks again, as a browser does by itself when its tab comes to the front. */
const lookAgain = (page: Page) => page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');

test('a shopper who loses the connection at checkout keeps the address, and orders once it is back', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, user, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await page.route(CALLS, (route) => route.abort());
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('alert').getByText('The shop cannot be reached').waitFor();
  await page.getByText('This may be out of date').waitFor();
  await check(page, 'checkout, not reached');
  expect(await page.getByLabel('Street and house number').inputValue()).toBe('12 Admiralty Way');
  await page.unroute(CALLS);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await reachPaystack(page);
  expect((await user.client.orders.list.query({})).items).toHaveLength(1);
  expect(unexpected(problems)).toEqual([]);
});

test('pages keep what they show while the shop cannot be reached, say so, and catch up', async () => {
  const goods = await stockGoods(shop.world.db, { title: 'Cane chair' });
  const { page, user, problems } = await shop.enter();
  const order = await placeOrder(user, goods);
  await page.clock.install();
  const pages = {
    '/': 'Cane chair',
    [`/products/${goods.slug}`]: 'Cane chair',
    '/cart': 'Cane chair',
    '/orders': order.code,
  };
  for (const [path, shown] of Object.entries(pages)) {
    await page.goto(`${url}${path}`);
    await page.getByRole('main').getByText(shown).first().waitFor();
    // Something in between answers, and in a way that is not worth a repetition.
    await page.route(CALLS, (route) => route.fulfill({ status: 404, body: 'No such host' }));
    // Past the time for which an answer counts as fresh.
    await page.clock.fastForward(15_000);
    await lookAgain(page);
    const notice = page.getByRole('main').getByText('This may be out of date');
    await notice.waitFor();
    await page.getByRole('main').getByText(shown).first().waitFor();
    await page.unroute(CALLS);
    await page.getByRole('button', { name: 'Try again' }).click();
    await notice.waitFor({ state: 'detached' });
  }
  await page.route(CALLS, (route) => route.fulfill({ status: 404, body: 'No such host' }));
  await page.goto(`${url}/cart`);
  await page.getByText('That did not work').waitFor();
  await check(page, 'cart, not reached');
  expect(problems.filter((problem) => !problem.startsWith('404 GET /trpc/'))).toEqual([]);
});

test('quick presses on a slow connection all count: the last one is shown and stored', async () => {
  const { slug } = await stockGoods(shop.world.db, { title: 'Brass ladle' });
  const { page, user, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await page.goto(`${url}/cart`);
  const more = page.getByRole('button', { name: 'One more of Brass ladle' });
  const quantity = page.getByRole('textbox', { name: 'Quantity of Brass ladle' });
  const held: (() => void)[] = [];
  await page.route('**/trpc/cart.setQuantity', async (route) => {
    await new Promise<void>((release) => held.push(release));
    await route.continue();
  });
  const release = async () => {
    await eventually('a change that waits', () => held.length > 0);
    held.shift()?.();
  };
  const shows = (wanted: string) =>
    eventually(`${wanted} to be shown`, async () => (await quantity.inputValue()) === wanted);
  await more.click();
  await shows('2');
  await more.click();
  await shows('3');
  const first = page.waitForResponse('**/trpc/cart.setQuantity');
  await release();
  await (await first).finished();
  // The answer to the first press says 2, and must not be where the third one starts from.
  await more.click();
  await shows('4');
  await release();
  await release();
  await eventually('the last quantity', async () => (await user.client.cart.get.query()).itemCount === 4);
  expect(await quantity.inputValue()).toBe('4');
  expect(problems).toEqual([]);
});

test('an addition whose answer is lost is said to be perhaps done, and the cart shows that it was', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, problems } = await shop.enter();
  await page.goto(`${url}/products/${slug}`);
  await page.route('**/trpc/cart.addItem', loseTheAnswer);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('It may have been done all the same').waitFor();
  await page.getByRole('link', { name: /^Cart.*1 item$/ }).waitFor();
  expect(unexpected(problems)).toEqual([]);
});

test('where the browser keeps nothing, paying again after a lost answer still finds the same order', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, problems } = await shop.browser.visitor();
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new Error('blocked');
        },
      });
    }
  });
  const user = await shop.world.signUp();
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await signIn(page, user.email);
  await page.getByRole('link', { name: 'Check out' }).click();
  await fillInAddress(page);
  await page.route('**/trpc/orders.initializePayment', loseTheAnswer);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('alert').getByText('The shop cannot be reached').waitFor();
  await page.unroute('**/trpc/orders.initializePayment');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await reachPaystack(page);
  expect((await user.client.orders.list.query({})).items).toHaveLength(1);
  expect(unexpected(problems)).toEqual([]);
});

test('on a slow network each page shows at once where things will be, and nothing jumps when they come', async () => {
  const goods = await stockGoods(shop.world.db, { title: 'Slow clock' });
  const { page, user, problems } = await shop.enter();
  const order = await placeOrder(user, goods);
  shop.world.sandbox.pay(order.txRef);
  await shop.world.mailbox.waitFor(({ to }) => to === user.email);
  await user.client.cart.addItem.mutate({ variantId: goods.variantId, quantity: 1 });
  await page.goto(url);
  await page.getByRole('link', { name: 'Slow clock' }).waitFor();
  await page.addInitScript(`
    globalThis.jumped = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.jumped += value;
    }).observe({ type: 'layout-shift', buffered: true });
    // Noted in the page itself: whoever asks from outside may come when they have gone.
    globalThis.bones = 0;
    new MutationObserver(() => {
      globalThis.bones += document.querySelectorAll('.loading .bone').length;
    }).observe(document, { childList: true, subtree: true });
  `);
  const network = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 250, downloadThroughput: 100_000, uploadThroughput: 50_000 };
  await network.send('Network.emulateNetworkConditions', slow);
  const pages = {
    '/': 'Slow clock',
    [`/products/${goods.slug}`]: 'Slow clock',
    '/cart': 'Slow clock',
    '/checkout': 'Slow clock',
    '/orders': order.code,
    [`/orders/${order.orderId}`]: order.code,
  };
  for (const [path, shown] of Object.entries(pages)) {
    await page.goto(`${url}${path}`, { waitUntil: 'commit' });
    await page.getByRole('main').getByText(shown).first().waitFor();
    const jumped = await page.evaluate<number>('globalThis.jumped');
    const bones = await page.evaluate<number>('globalThis.bones');
    // Less than a tenth is good for a page, as Web Vitals have it.
    const found = { path, jumped, isCalm: jumped < 0.1, showedPlaces: bones > 0 };
    expect(found).toEqual({ path, jumped, isCalm: true, showedPlaces: true });
  }
  expect(problems).toEqual([]);
});
