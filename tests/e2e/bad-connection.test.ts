import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import {
  addToCart,
  type BrowserShop,
  dropResponse,
  fillInAddress,
  reachPaystack,
  signIn,
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

const CALLS = '**/trpc/**';

/** Leaves out the browser's messages about connections that the test aborts. */
const unexpected = (problems: string[]) => problems.filter((problem) => !problem.includes('net::ERR_FAILED'));

/** The event of a tab that comes to the front, on which TanStack Query fetches again. */
const focusTab = (page: Page) => page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');

test('a connection lost at checkout keeps the typed address, and the order succeeds after a reconnection', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, user, problems } = await shop.openAsUser();
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

test('pages keep their data while the server is unreachable, show a notice, and update afterwards', async () => {
  const item = await stockVariant(shop.app.db, { title: 'Cane chair' });
  const { page, user, problems } = await shop.openAsUser();
  const order = await placeOrder(user, item);
  await page.clock.install();
  const pages = {
    '/': 'Cane chair',
    [`/products/${item.slug}`]: 'Cane chair',
    '/cart': 'Cane chair',
    '/orders': order.code,
  };
  for (const [path, shown] of Object.entries(pages)) {
    await page.goto(`${url}${path}`);
    await page.getByRole('main').getByText(shown).first().waitFor();
    // A proxy's response, of a kind that the client does not retry.
    await page.route(CALLS, (route) => route.fulfill({ status: 404, body: 'No such host' }));
    // Longer than the time for which cached data counts as fresh.
    await page.clock.fastForward(15_000);
    await focusTab(page);
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

test('quick presses on a slow connection all count: the last quantity is shown and stored', async () => {
  const { slug } = await stockVariant(shop.app.db, { title: 'Brass ladle' });
  const { page, user, problems } = await shop.openAsUser();
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
  // The response to the first press says 2; the third press must not start from it.
  await more.click();
  await shows('4');
  await release();
  await release();
  await eventually('the last quantity', async () => (await user.client.cart.get.query()).itemCount === 4);
  expect(await quantity.inputValue()).toBe('4');
  expect(problems).toEqual([]);
});

test('an addition whose response is lost is reported as possibly executed, and the cart shows that it was', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, problems } = await shop.openAsUser();
  await page.goto(`${url}/products/${slug}`);
  await page.route('**/trpc/cart.addItem', dropResponse);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByText('It may have been done all the same').waitFor();
  await page.getByRole('link', { name: /^Cart.*1 item$/ }).waitFor();
  expect(unexpected(problems)).toEqual([]);
});

test('a page whose code is gone after a release is loaded once more, and fails in words, without a loop', async () => {
  const { page } = await shop.browser.visitor(PHONE);
  let isGone = true;
  let loads = 0;
  await page.route(/\/assets\/cart-page-.*\.js$/, (route) =>
    isGone ? route.fulfill({ status: 404, body: '' }) : route.continue(),
  );
  await page.route(/\/cart$/, (route) => {
    loads += 1;
    return route.continue();
  });
  const toCart = page.getByRole('link', { name: /^Cart/ }).first();
  await page.goto(url);
  await toCart.click();
  await page.getByRole('alert').getByText('a part of the shop could not be loaded').waitFor();
  expect([loads, new URL(page.url()).pathname]).toEqual([1, '/cart']);
  await check(page, 'a page whose code is gone');
  // The rest of the shop works.
  await page.getByRole('link', { name: 'To the shop' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await toCart.click();
  await page.getByRole('alert').getByText('a part of the shop could not be loaded').waitFor();
  isGone = false;
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.getByText('Your cart is empty').waitFor();

  // The files of the new release are there after the first load.
  isGone = true;
  await page.goto(url);
  await page.unroute(/\/cart$/);
  await page.route(/\/cart$/, (route) => {
    isGone = false;
    return route.continue();
  });
  await toCart.click();
  await page.getByText('Your cart is empty').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('with storage blocked, paying again after a lost response still finds the same order', async () => {
  const { slug } = await stockVariant(shop.app.db);
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
  const user = await shop.app.signUp();
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'See the cart and check out' }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await signIn(page, user.email);
  await fillInAddress(page);
  await page.route('**/trpc/orders.initializePayment', dropResponse);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('alert').getByText('The shop cannot be reached').waitFor();
  await page.unroute('**/trpc/orders.initializePayment');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await reachPaystack(page);
  expect((await user.client.orders.list.query({})).items).toHaveLength(1);
  expect(unexpected(problems)).toEqual([]);
});

test('on a slow network each page shows content or skeletons at once, and its layout does not shift when data arrives', async () => {
  const item = await stockVariant(shop.app.db, { title: 'Slow clock' });
  const { page, user, problems } = await shop.openAsUser();
  const order = await placeOrder(user, item);
  shop.app.sandbox.pay(order.txRef);
  await shop.app.mailbox.waitFor(({ to }) => to === user.email);
  await user.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
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
    [`/products/${item.slug}`]: 'Slow clock',
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
    // Web Vitals rate a layout shift below 0.1 as good.
    const layout = { path, jumped, isCalm: jumped < 0.1, showedSkeleton: bones > 0 };
    // The HTML of these two holds their content.
    const showedSkeleton = path !== '/' && !path.startsWith('/products/');
    expect(layout).toEqual({ path, jumped, isCalm: true, showedSkeleton });
  }
  expect(problems).toEqual([]);
});
