/**
 * The pages of shoppers on the narrowest phones: with large text, with the longest values that the shop takes, and with
 * names in other scripts. With SCREENSHOTS=<folder> each page is also kept as a picture.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newActionKey, newCheckoutKey } from '../../client-sdk/src/checkout-key.ts';
import { createProduct, createVariant } from '../../models/catalogue/edit-catalogue.ts';
import { MAX_LENGTH } from '../../models/contract/limits.ts';
import { eventually } from '../support/eventually.ts';
import { PASSWORD } from '../support/test-app.ts';
import { check, expectNoOverflow } from './axe.ts';
import { addToCart, type BrowserShop, headline, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(240_000);

const SMALL = { viewport: { width: 360, height: 640 }, reducedMotion: 'reduce' } as const;
const DESKTOP = { width: 1280, height: 800 };
const BY = { actor: 'system', now: new Date() };
const HTML = { headers: { accept: 'text/html' } };
/** In one word, which no line can hold. */
const longest = (length: number, letter = 'W') => letter.repeat(length);
const LONGEST_ADDRESS = {
  name: longest(MAX_LENGTH.name),
  line1: longest(MAX_LENGTH.addressLine),
  line2: longest(MAX_LENGTH.addressLine),
  city: longest(MAX_LENGTH.city),
  state: 'Lagos',
  postalCode: longest(MAX_LENGTH.postalCode, '9'),
  country: 'NG',
  phone: '+2348012345678',
};

let shop: BrowserShop;
let url: string;
let slug: string;
let variantIds: string[];
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
  const { db } = shop.app;
  slug = longest(MAX_LENGTH.slug, 'w');
  const product = await createProduct(
    db,
    {
      slug,
      title: longest(MAX_LENGTH.title),
      description: longest(600),
      category: longest(MAX_LENGTH.category),
    },
    BY,
  );
  const variant = (n: number) =>
    createVariant(
      db,
      {
        productId: product._id,
        sku: `LONG-${n}`,
        title: `${longest(MAX_LENGTH.title - 1)}${n}`,
        price: 9_999_999_900 + n,
        currency: 'NGN',
        stock: 10,
      },
      BY,
    );
  variantIds = [String((await variant(1))._id), String((await variant(2))._id)];
});
afterAll(() => shop.close());

/** The page at three sizes of text, as browsers and phones let people set it, and on a desktop. */
async function checkSizes(page: Page, what: string): Promise<void> {
  for (const size of ['100%', '130%', '200%']) {
    await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
    await keepPicture(page, `${what}, ${size}`);
    await expectNoOverflow(page, `${what}, text of ${size}`);
  }
  await check(page, `${what}, text of 200%`);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.evaluate("document.documentElement.style.fontSize = ''");
  await page.setViewportSize(DESKTOP);
  await keepPicture(page, `${what}, desktop`);
  await check(page, `${what}, on a desktop`);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(SMALL.viewport);
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replace(/[^a-z0-9%]+/gi, '-')}.png`), fullPage: true });
}

/** The share of the element that is inside the window without scrolling. */
async function isInSight(page: Page, name: string): Promise<boolean> {
  const box = await page.getByRole('button', { name, exact: true }).boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y + box.height <= height;
}

test('the longest values and the largest text stay inside of the window on every page of the way to an order', async () => {
  const owner = await shop.app.signUp({ role: 'owner' });
  const { version } = await owner.client.admin.shopSettings.query();
  await owner.client.admin.setShopSettings.mutate({
    version,
    shopName: longest(MAX_LENGTH.name),
    contact: { email: `${longest(60, 'w')}@${longest(60, 'w')}.example`, phone: '+234 801 234 5678' },
    recipients: [],
  });
  const { page, user, problems } = await shop.openAsUser({ name: longest(MAX_LENGTH.name) }, SMALL);
  await page.goto(url);
  await page.getByRole('link', { name: longest(MAX_LENGTH.title) }).waitFor();
  await page.getByText('from ₦99,999,999.01').waitFor();
  await checkSizes(page, 'home');
  await addToCart(page, url, slug);
  await checkSizes(page, 'product');
  const [variantId = '', otherId = ''] = variantIds;
  await user.client.cart.ensure.mutate({
    lines: [
      { variantId, quantity: 8 },
      { variantId: otherId, quantity: 12 },
    ],
  });
  await page.goto(`${url}/cart`);
  await page.getByText('Only 10 left.').waitFor();
  await checkSizes(page, 'cart');
  await user.client.cart.setQuantity.mutate({ variantId: otherId, quantity: 1 });
  await page.goto(`${url}/checkout`);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.locator('[aria-invalid]').first().waitFor();
  await checkSizes(page, 'checkout');
  const { orderId, txRef } = await user.client.orders.initializePayment.mutate({
    shippingAddress: LONGEST_ADDRESS,
    checkoutKey: newCheckoutKey(),
  });
  await page.goto(`${url}/orders/${orderId}`);
  await headline(page, 'Waiting for your payment');
  await checkSizes(page, 'order, unpaid');
  shop.app.sandbox.pay(txRef);
  await headline(page, 'Your order is confirmed');
  const lines = [{ lineId: 1, quantity: 1 }];
  await owner.client.admin.ship.mutate({
    id: orderId,
    key: newActionKey(),
    lines,
    carrier: longest(MAX_LENGTH.carrier),
    trackingNumber: longest(MAX_LENGTH.trackingNumber, '8'),
  });
  await owner.client.admin.refund.mutate({
    id: orderId,
    key: newActionKey(),
    note: 'torn',
    lines: [{ lineId: 2, unshipped: 1, shipped: 0, restock: 0 }],
  });
  await page.locator('.totals-sum', { hasText: /You (will have )?paid/ }).waitFor();
  await checkSizes(page, 'order, sent in part and refunded in part');
  await page.goto(`${url}/orders`);
  await page
    .getByRole('link', { name: /^Order/ })
    .first()
    .waitFor();
  await checkSizes(page, 'orders');
  const email = `${longest(60, 'x')}@${longest(60, 'y')}.example`;
  await shop.app.db.users.updateOne({ _id: user.id }, { email });
  await page.goto(`${url}/account`);
  await page.getByText(email).first().waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere' }).waitFor();
  await checkSizes(page, 'account');
  expect(problems).toEqual([]);
  await page.goto(`${url}/orders/verify-payment/${longest(300, 'x')}`);
  await page.getByRole('heading', { level: 1, name: 'We know no such payment' }).waitFor();
  await checkSizes(page, 'a return with a wrong link');
});

test('the button to buy is in sight at 360 × 640 and stays there, and says where the cart is', async () => {
  const { page, problems } = await shop.browser.visitor(SMALL);
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).waitFor();
  expect(await isInSight(page, 'Add to cart')).toBe(true);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'See the cart and check out' }).waitFor();
  expect(await isInSight(page, 'Add to cart')).toBe(true);
  const link = await page.getByRole('link', { name: 'See the cart and check out' }).boundingBox();
  expect((link?.y ?? 640) + (link?.height ?? 0)).toBeLessThanOrEqual(640);
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  expect(height).toBeGreaterThan(2 * SMALL.viewport.height);
  for (let y = 0; y < height; y += SMALL.viewport.height / 2) {
    await page.evaluate(`window.scrollTo(0, ${y})`);
    const text = await page.locator('.product-text').boundingBox();
    // It leaves with its product, so that it does not cover the foot of the page.
    if (text === null || text.y + text.height < SMALL.viewport.height) break;
    expect([y, await isInSight(page, 'Add to cart')]).toEqual([y, true]);
  }
  expect(problems).toEqual([]);
});

test('the foot of each page names the shop with the contact of the settings, which can be pressed', async () => {
  const owner = await shop.app.signUp({ role: 'owner' });
  const { version } = await owner.client.admin.shopSettings.query();
  const contact = { email: 'hello@adire.example', phone: '0803 123 4567' };
  await owner.client.admin.setShopSettings.mutate({ version, shopName: 'Adire & Sons', contact, recipients: [] });
  const { page, problems } = await shop.browser.visitor(SMALL);
  await eventually('the new name', async () => (await (await fetch(url, HTML)).text()).includes('Adire &amp; Sons'));
  for (const path of ['/', `/products/${slug}`, '/cart', '/sign-in']) {
    await page.goto(url + path);
    const foot = page.getByRole('contentinfo');
    await foot.getByText('Adire & Sons').waitFor();
    const hrefOf = (name: string) => foot.getByRole('link', { name, exact: true }).getAttribute('href');
    expect([path, await hrefOf(contact.email), await hrefOf(contact.phone)]).toEqual([
      path,
      'mailto:hello@adire.example',
      'tel:+2348031234567',
    ]);
  }
  await check(page, 'the contact at the foot');
  expect(problems).toEqual([]);
});

test('at the desk the longest values and names in other scripts stay inside of the window, in the list and on the order', async () => {
  const owner = await shop.app.signUp({ role: 'owner', name: longest(MAX_LENGTH.name) });
  const session = JSON.stringify(await shop.app.client().auth.login.mutate({ email: owner.email, password: PASSWORD }));
  const storageState = { cookies: [], origins: [{ origin: url, localStorage: [{ name: 'session', value: session }] }] };
  const { page, problems } = await shop.browser.visitor({ ...SMALL, storageState });
  const [variantId = ''] = variantIds;
  const people = [
    { ...LONGEST_ADDRESS },
    { ...LONGEST_ADDRESS, name: 'عائشة بنت محمد 🌴', line1: '12 شارع البحر', line2: 'شقة 3', city: 'كانو' },
  ];
  for (const shippingAddress of people) {
    const buyer = await shop.app.signUp({
      name: shippingAddress.name,
      email: `${longest(60, 'x')}.${people.indexOf(shippingAddress)}@${longest(60, 'y')}.example`,
    });
    await buyer.client.cart.addItem.mutate({ variantId, quantity: 1 });
    const { orderId, txRef, code } = await buyer.client.orders.initializePayment.mutate({
      shippingAddress,
      checkoutKey: newCheckoutKey(),
    });
    shop.app.sandbox.pay(txRef);
    await page.goto(`${url}/desk/orders/${orderId}`);
    await page.getByText('Confirmed').first().waitFor();
    await owner.client.admin.addNote.mutate({ id: orderId, key: newActionKey(), text: longest(MAX_LENGTH.orderNote) });
    await owner.client.admin.setTags.mutate({ id: orderId, tags: [longest(MAX_LENGTH.tag)] });
    await owner.client.admin.ship.mutate({
      id: orderId,
      key: newActionKey(),
      carrier: longest(MAX_LENGTH.carrier),
      trackingNumber: longest(MAX_LENGTH.trackingNumber, '8'),
    });
    await page.reload();
    await page.getByRole('heading', { level: 1, name: code }).waitFor();
    await page.getByText(longest(MAX_LENGTH.orderNote)).first().waitFor();
    await page.locator('bdi', { hasText: shippingAddress.name }).first().waitFor();
    await checkSizes(page, `desk, order of ${shippingAddress.name.slice(0, 5)}`);
  }
  for (const path of ['/desk/orders?tab=all', '/desk/products', '/desk/attention']) {
    await page.goto(url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await eventually('the content', async () => (await page.locator('.loading').count()) === 0);
    await checkSizes(page, `desk, ${path}`);
  }
  await page.goto(`${url}/desk/orders?tab=all`);
  const code = page.locator('.cell-code .code').first();
  await code.waitFor();
  // A long tag beside it must not leave it one letter's width.
  expect((await code.boundingBox())?.height).toBeLessThan(30);
  expect(problems).toEqual([]);
});

test('names in other scripts scramble no line beside them', async () => {
  const { db } = shop.app;
  const title = 'مصباح من سعف النخيل 2';
  const product = await createProduct(db, { slug: 'palm-lamp', title, description: 'وصف 1', category: 'بيت' }, BY);
  const variant = await createVariant(
    db,
    { productId: product._id, sku: 'PALM', title: 'كبير 58', price: 150_000, currency: 'NGN', stock: 9 },
    BY,
  );
  const { page, user, problems } = await shop.openAsUser({ name: 'عائشة 🌴' }, SMALL);
  await user.client.cart.addItem.mutate({ variantId: String(variant._id), quantity: 2 });
  const inIsolation = (text: string) => page.locator('bdi', { hasText: text }).first().waitFor();
  await page.goto(`${url}/cart`);
  await inIsolation(title);
  await inIsolation('كبير 58');
  await keepPicture(page, 'cart, arabic');
  await page.goto(`${url}/checkout`);
  await inIsolation(title);
  const { orderId } = await user.client.orders.initializePayment.mutate({
    shippingAddress: { ...LONGEST_ADDRESS, name: 'عائشة 🌴', line1: '12 شارع البحر', line2: 'شقة 3', city: 'كانو' },
    checkoutKey: newCheckoutKey(),
  });
  await page.goto(`${url}/orders/${orderId}`);
  for (const text of [title, 'كبير 58', 'عائشة 🌴', '12 شارع البحر']) await inIsolation(text);
  const tops = await page.evaluate<number[]>(
    "[...document.querySelectorAll('main address bdi')].map((part) => part.getBoundingClientRect().top)",
  );
  expect(tops.length).toBeGreaterThanOrEqual(6);
  expect(new Set(tops).size).toBe(tops.length);
  await keepPicture(page, 'order, arabic');
  expect(problems).toEqual([]);
});
