/** Budgets on slow phones: bytes of script, time to the largest paint, layout shifts, and the answer to a press. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ensurePages } from '../../dev/start/built-pages.ts';
import { type BrowserShop, headline, startBrowserShop } from '../e2e/browser-shop.ts';
import { FAST_3G, OBSERVE, PHONE, readSeen, SLOW_3G } from '../e2e/page-timing.ts';
import { placeOrder } from '../e2e/place-order.ts';
import { newActionKey } from '../support/action-keys.ts';
import { eventually } from '../support/eventually.ts';
import { givePictures } from '../support/photographs.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { PASSWORD } from '../support/test-app.ts';

jest.setTimeout(240_000);

/** Other programs share the machine of the tests, so the best of a few visits counts. */
const VISITS = 8;

let shop: BrowserShop;
let url: string;
let item: StockedVariant;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
  const baskets: string[] = [];
  for (let n = 0; n < 23; n += 1)
    baskets.push((await stockVariant(shop.app.db, { title: `Woven basket number ${n}` })).productId);
  item = await stockVariant(shop.app.db, { title: 'Indigo cloth' });
  // The newest come first.
  const newestFirst = [item.productId, ...baskets.reverse()];
  await givePictures(shop.app, await shop.app.signUp({ role: 'manager' }), newestFirst);
});
afterAll(() => shop.close());

/** A new visitor without a cache, behind a slow network and with a slow processor. */
async function slowVisitor(network: typeof FAST_3G, slowdown: number) {
  // As sharp as most phones, for which the browser chooses larger pictures.
  const { page, problems } = await shop.browser.visitor({ ...PHONE, deviceScaleFactor: 2 });
  await page.addInitScript(OBSERVE);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', network);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  return { page, problems };
}

const least = (values: readonly number[]) => Math.min(...values);

test('the home page sends at most 90 kB of script', async () => {
  const { page } = await shop.browser.visitor(PHONE);
  await page.goto(url, { waitUntil: 'networkidle' });
  const scripts = await page.evaluate<[string, number][]>(
    `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map((one) => [one.name, one.encodedBodySize])`,
  );
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, [, size]) => sum + size, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(90_000);
});

test('each script and style sheet of both apps is sent in Brotli, smaller than by gzip', async () => {
  const { storefrontDir, deskDir } = await ensurePages(() => undefined);
  const sizeOf = async (path: string, encoding: string) => {
    const reply = await fetch(url + path, { headers: { 'accept-encoding': encoding } });
    const bytes = Number(reply.headers.get('content-length'));
    return { encoding: reply.headers.get('content-encoding'), bytes };
  };
  for (const [folder, base] of [
    [storefrontDir, '/assets'],
    [deskDir, '/desk/assets'],
  ] as const) {
    const files = (await readdir(join(folder ?? '', 'assets'))).filter((name) => /\.(js|css)$/.test(name));
    expect(files.length).toBeGreaterThan(10);
    for (const name of files) {
      const [br, plain] = [await sizeOf(`${base}/${name}`, 'gzip, br'), await sizeOf(`${base}/${name}`, 'identity')];
      // Some lines of code may be shorter as they are.
      const isTiny = plain.bytes < 100;
      expect([name, isTiny ? 'br' : br.encoding, br.bytes <= plain.bytes]).toEqual([name, 'br', true]);
      const gzip = await sizeOf(`${base}/${name}`, 'gzip');
      expect([name, br.bytes <= gzip.bytes]).toEqual([name, true]);
    }
  }
});

test('on Fast 3G with a processor four times slower, home and product are painted within 2.5 s', async () => {
  for (const path of ['/', `/products/${item.slug}`]) {
    const paints: number[] = [];
    for (let n = 0; n < VISITS && !(least(paints) <= 2_500); n += 1) {
      const { page } = await slowVisitor(FAST_3G, 4);
      await page.goto(url + path);
      await page.getByText('Indigo cloth').first().waitFor();
      await page.waitForLoadState('networkidle');
      const { lcp, largest } = await readSeen(page);
      expect({ path, largest }).toEqual({ path, largest: expect.stringContaining('/pictures/') });
      paints.push(lcp);
      await page.context().close();
    }
    expect({ path, paints, isFast: least(paints) <= 2_500 }).toMatchObject({ path, isFast: true });
  }
});

test('the first row of pictures is loaded at once, the first of them before all others, and the rest when it comes near', async () => {
  const html = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  const pictures = (html.match(/<img [^>]*>/g) ?? []).map((tag) => [
    /loading="(\w+)"/.exec(tag)?.[1],
    /fetchpriority="(\w+)"/i.exec(tag)?.[1],
    /sizes="[^"]*\dvw[^"]*"/.test(tag) || /calc\(/.test(tag),
  ]);
  expect(pictures).toEqual([
    ['eager', 'high', true],
    ...Array(5).fill(['eager', 'auto', true]),
    ...Array(18).fill(['lazy', 'auto', true]),
  ]);
});

test('on Slow 3G the goods are seen within 6 s', async () => {
  const times: number[] = [];
  for (let n = 0; n < VISITS && !(least(times) <= 6_000); n += 1) {
    const { page } = await slowVisitor(SLOW_3G, 1);
    await page.goto(url, { waitUntil: 'commit' });
    await page.getByRole('link', { name: 'Indigo cloth' }).waitFor();
    // Text is in the document before the style sheet lets the browser paint it.
    times.push(await eventually('a paint', async () => (await readSeen(page)).lcp || null));
    await page.context().close();
  }
  expect(least(times)).toBeLessThanOrEqual(6_000);
});

test('no page of shoppers or staff shifts its layout by more than 0.05 while it loads', async () => {
  const { page, user, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  const order = await placeOrder(user, item);
  shop.app.sandbox.pay(order.txRef);
  await shop.app.mailbox.waitFor(({ to }) => to === user.email);
  await user.client.cart.addItem.mutate({ variantId: item.variantId, quantity: 1 });
  await page.addInitScript(OBSERVE);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', { ...FAST_3G, latency: 250 });
  const paths = [
    ...['/', '/?q=basket', '/?q=nothing-of-it', '/?category=Things', '/?category=nothing', `/products/${item.slug}`],
    ...['/nowhere', '/cart', '/checkout', '/orders', `/orders/${order.orderId}`, '/account'],
    ...['/desk', '/desk/orders', `/desk/orders/${order.orderId}`, '/desk/attention', '/desk/disputes', '/desk/payouts'],
    ...['/desk/products', `/desk/products/${item.productId}`, '/desk/products/new', '/desk/products/import'],
    ...['/desk/ship-many', '/desk/people', '/desk/settings'],
  ];
  const shifts: [string, number, string[]][] = [];
  const visit = async (at: Page, path: string) => {
    // An order's page keeps a stream open, so its network is never idle.
    await at.goto(url + path);
    await eventually('the content', async () => (await at.locator('.loading').count()) === 0, 20_000);
    await at.waitForTimeout(800);
    const seen = await readSeen(at);
    shifts.push([path, seen.shifts, seen.sources]);
  };
  for (const path of paths) await visit(page, path);
  const ofStrangers = [
    ...['/sign-in', '/sign-up', '/forgot-password', '/reset-password', '/reset-password#some.token', '/verify-email'],
    ...['/verify-email#some.token', '/cart', `/orders/${order.orderId}`, '/desk'],
  ];
  const stranger = await slowVisitor(FAST_3G, 1);
  for (const path of ofStrangers) await visit(stranger.page, path);
  expect(shifts.filter(([, value]) => value > 0.05)).toEqual([]);
  expect(problems.filter((one) => !['404 GET /nowhere', '404 GET /'].includes(one))).toEqual([]);
});

test('an order’s page that is open stays calm while its refund is made and processed', async () => {
  const { page, user, problems } = await shop.openAsUser({}, PHONE);
  const staff = await shop.app.signUp({ role: 'owner' });
  const order = await placeOrder(user, item);
  shop.app.sandbox.pay(order.txRef);
  await shop.app.mailbox.waitFor(({ to }) => to === user.email);
  await page.addInitScript(OBSERVE);
  await page.goto(`${url}/orders/${order.orderId}`);
  await headline(page, 'Your order is confirmed');
  await page.waitForTimeout(800);
  const before = await readSeen(page);
  await staff.client.admin.refund.mutate({ key: newActionKey(), id: order.orderId, note: 'torn', amount: 50_050 });
  await eventually('the refund at Paystack', () => shop.app.sandbox.finishRefunds() > 0);
  await page.locator('.refund', { hasText: 'Refunded' }).waitFor();
  await page.waitForTimeout(500);
  const { shifts, sources } = await readSeen(page);
  const moved = shifts - before.shifts;
  expect({ moved, sources, isCalm: moved <= 0.05 }).toMatchObject({ isCalm: true });
  expect(problems).toEqual([]);
});

test('with a processor four times slower, presses and typing are answered within 200 ms, from the search to the payment', async () => {
  const { email } = await shop.app.signUp();
  const slowest: number[] = [];
  for (let n = 0; n < VISITS && !(least(slowest) <= 200); n += 1) {
    const { page } = await slowVisitor({ ...FAST_3G, latency: 20 }, 4);
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.getByLabel('Search products').pressSequentially('indigo', { delay: 60 });
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Indigo cloth' }).click();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByText('In your cart').waitFor();
    await page.getByRole('link', { name: /^Cart/ }).first().click();
    await page.getByRole('button', { name: /^One more/ }).click();
    await page.getByRole('button', { name: /^One less/ }).click();
    await page.getByRole('link', { name: 'Check out' }).click();
    await page.getByLabel('Email', { exact: true }).pressSequentially(email, { delay: 20 });
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('Street and house number').pressSequentially('12 Admiralty Way', { delay: 40 });
    await page.getByLabel('Country').selectOption('Ghana');
    await page.getByLabel('Country').selectOption('Nigeria');
    // Names what is missing.
    await page.getByRole('button', { name: /^Pay/ }).click();
    await page.getByText('Enter the city or town.').waitFor();
    await page.waitForTimeout(300);
    slowest.push((await readSeen(page)).inp);
    await page.context().close();
  }
  expect(least(slowest)).toBeGreaterThan(0);
  expect(least(slowest)).toBeLessThanOrEqual(200);
});
