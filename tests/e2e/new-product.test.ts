/** A product from the desk to the shop: made, its pictures sent and ordered, seen, bought, in the email and on the order. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import sharp from 'sharp';
import { endAllSessions } from '../../models/accounts/end-sessions.ts';
import { eventually } from '../support/eventually.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { PASSWORD } from '../support/test-app.ts';
import { check, PHONE } from './axe.ts';
import {
  addToCart,
  type BrowserShop,
  checkOut,
  headline,
  payByCard,
  reachPaystack,
  signIn,
  startBrowserShop,
} from './browser-shop.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
let url: string;
let lamp: StockedVariant;
/** The page of the product that the first test makes. */
let potPage: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  shop.app.ctx.config.publicUrl = shop.app.url;
  url = shop.app.url;
  lamp = await stockVariant(shop.app.db, { title: 'Brass lamp', stock: 5 });
});
afterAll(() => shop.close());

const picture = async (name: string, background: string) => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 900, height: 600, channels: 3, background } })
    .png()
    .toBuffer(),
});

test('the heading takes the focus before the page shows, not from a field in which somebody types already', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/products`);
  const link = page.getByRole('link', { name: 'New product' });
  await link.waitFor();
  const focused = page.evaluate(`new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('input[name="title"]') === null) return;
      observer.disconnect();
      resolve(document.activeElement.textContent);
    }).observe(document.body, { childList: true, subtree: true });
  })`);
  await link.click();
  expect(await focused).toBe('New product');
  expect(problems).toEqual([]);
});

test('a product is made at the desk with two variants; what was typed outlives a reload, and what is wrong is said beside its field', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${url}/desk/products`);
  await page.getByRole('link', { name: 'New product' }).click();
  await page.getByLabel('Title').fill('Clay pot, large');
  await page.getByLabel('Category').fill('Kitchen');
  await page.reload();
  const title = page.getByLabel('Title');
  await eventually('the title that was typed', async () => (await title.inputValue()) === 'Clay pot, large');
  expect(await page.getByLabel('Address in the shop').inputValue()).toBe('clay-pot-large');
  await page.getByLabel('Description').fill('Thrown by hand.');
  await page.getByRole('textbox', { name: 'Option' }).fill('Red');
  await page.getByRole('textbox', { name: 'SKU' }).fill(lamp.sku);
  await page.getByLabel('Price').fill('1250.50');
  await page.getByLabel('Units in stock').fill('3');
  await page.getByText('The shop will show Clay pot, large at once: Red at ₦1,250.50, 3 units.').waitFor();
  await page.getByRole('button', { name: 'Another variant' }).click();
  const second = page.getByRole('group', { name: 'Variant 2' });
  await second.getByRole('textbox', { name: 'Option' }).fill('Blue');
  await second.getByLabel('SKU').fill('POT-BLUE');
  await page.getByRole('button', { name: 'Make the product' }).click();
  await second.getByText('Write a price like 1500 or 1500.50.').waitFor();
  await second.getByLabel('Price').fill('1300');
  await page.getByRole('button', { name: 'Make the product' }).click();
  await page.getByRole('group', { name: 'Variant 1' }).getByText('This is taken.').waitFor();
  await check(page, 'a new product');
  await page.getByRole('group', { name: 'Variant 1' }).getByLabel('SKU').fill('pot-red');
  await page.getByRole('button', { name: 'Make the product' }).click();
  await page.getByRole('heading', { name: 'Clay pot, large' }).waitFor();
  await page.getByText('3 free to sell').waitFor();
  await page.getByRole('button', { name: 'Edit texts' }).click();
  await page.getByRole('dialog').getByLabel('Category').fill('Pots');
  await page.getByRole('dialog').getByText('Kitchen → Pots').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Edit texts' }).click();
  await page.getByText(/^edited category: Pots/).waitFor();
  await page.getByRole('button', { name: 'Archive POT-BLUE' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
  await page.getByRole('button', { name: 'Bring back POT-BLUE' }).waitFor();
  await page.getByRole('button', { name: 'Bring back POT-BLUE' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
  await page.getByRole('button', { name: 'Archive POT-BLUE' }).waitFor();
  potPage = page.url();
  await page.goto(`${url}/desk/products/new`);
  expect(await page.getByLabel('Title').inputValue()).toBe('');
  expect(problems).toEqual(['400 POST /trpc/admin.createProduct']);
});

test('the preview of a new product says what its form says: after a reload, with another variant, and without it', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/products/new`);
  await page.getByLabel('Title').fill('Brass lamp');
  await page.getByLabel('Category').fill('Lamps');
  await page.getByLabel('Description').fill('Cast by hand.');
  await page.getByRole('textbox', { name: 'Option' }).fill('Small');
  await page.getByRole('textbox', { name: 'SKU' }).fill('LAMP-S');
  await page.getByLabel('Price').fill('1500');
  const small = page.getByText('The shop will show Brass lamp at once: Small at ₦1,500.00, 0 units.', { exact: true });
  await small.waitFor();
  await page.reload();
  await small.waitFor();
  await page.getByRole('button', { name: 'Another variant' }).click();
  await small.waitFor({ state: 'detached' });
  const large = page.getByRole('group', { name: 'Variant 2' });
  await large.getByLabel('Option', { exact: true }).fill('Large');
  await large.getByLabel('SKU').fill('LAMP-L');
  await large.getByLabel('Price').fill('2500');
  await page.getByText('Small at ₦1,500.00, 0 units; Large at ₦2,500.00, 0 units.').waitFor();
  await large.getByRole('button', { name: /^Leave out/ }).click();
  await small.waitFor();
  expect(problems).toEqual([]);
});

test('who signs out at the desk is not invited to sign in again, although other calls are refused before the reply comes', async () => {
  const { page } = await shop.openAsUser({ role: 'owner' });
  await page.goto(`${url}/desk/products/new`);
  await page.getByLabel('Title').fill('A secret product');
  let reply = () => {};
  const isReleased = new Promise<void>((resolve) => {
    reply = resolve;
  });
  await page.route('**/trpc/auth.signOut*', async (route) => {
    const response = await route.fetch();
    await isReleased;
    await route.fulfill({ response });
  });
  await page.locator('.who').click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'People', exact: true }).first().click();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  // Its end, stored here, opens the form in all tabs.
  expect(await page.evaluate('localStorage.session')).not.toContain('ended');
  reply();
  await page.getByLabel('Email', { exact: true }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('A secret product');
});

test('what was typed at the desk goes with its writer, and another who signs in on the same tab sees none of it', async () => {
  const { page, user } = await shop.openAsUser({ role: 'manager' });
  const other = await shop.app.signUp({ role: 'manager', name: 'Second Person' });
  const typeTitle = async () => {
    await page.goto(`${url}/desk/products/new`);
    await page.getByLabel('Title').fill('A secret product');
  };
  const kept = () => page.evaluate('JSON.stringify({ ...sessionStorage })');
  await typeTitle();
  expect(await kept()).toContain('A secret product');
  await page.locator('.who').click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Email', { exact: true }).waitFor();
  expect(await kept()).not.toContain('A secret product');
  await signIn(page, user.email);
  await page.getByLabel('Title').waitFor();
  await typeTitle();
  await endAllSessions(shop.app.db, { _id: new Types.ObjectId(user.id) }, new Date());
  await page.reload();
  const again = page.getByRole('dialog');
  await again.getByLabel('Email', { exact: true }).fill(other.email);
  await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('.who', { hasText: 'Second Person' }).waitFor();
  expect(await page.getByLabel('Title').inputValue()).toBe('');
});

test('pictures are sent from the desk, described, put in order and removed; a file that is none is refused in words', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(potPage);
  await page.getByText('a drawn pattern in their place').waitFor();
  const input = page.getByLabel(/^Add pictures/);
  await input.setInputFiles([await picture('front.png', '#bb8833'), await picture('back.png', '#335588')]);
  await page.getByText('2 pictures are in the shop.').waitFor();
  await eventually('both tiles to stand', async () => (await page.locator('.picture-tile').count()) === 2);
  await input.setInputFiles({ name: 'notes.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByText('notes.txt: This must be a JPEG, a PNG, a WebP or an AVIF.').waitFor();
  await page.getByRole('button', { name: 'Describe picture 2' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('The pot from behind');
  await dialog.getByRole('button', { name: 'Describe' }).click();
  await page.getByRole('img', { name: 'The pot from behind' }).waitFor();
  await page.getByRole('button', { name: 'Move picture 2 forward' }).click();
  await page.locator('.picture-tile').first().getByText('The pot from behind').waitFor();
  await check(page, 'a product with pictures');
  await page.getByRole('button', { name: 'Remove picture 2' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Removed.').waitFor();
  await eventually('one picture to be left', async () => (await page.locator('.picture-tile').count()) === 1);
  expect(problems).toEqual(['400 POST /admin/pictures']);
});

test('the picture stands in the list, on the product, in the cart, on the order and in its email', async () => {
  const { page, problems, user } = await shop.openAsUser({ name: 'Ngozi Eze' }, PHONE);
  const shows = async (what: string) => {
    const image = page.locator(`img[src*="/pictures/"]`).first();
    await image.scrollIntoViewIfNeeded();
    const loaded = async () => image.evaluate((element) => Number(Reflect.get(element, 'naturalWidth')) > 0);
    await eventually(`the picture to be loaded ${what}`, loaded);
  };
  await page.goto(url);
  await page.getByRole('img', { name: 'The pot from behind' }).waitFor();
  await shows('in the list');
  await addToCart(page, url, 'clay-pot-large');
  await shows('on the product');
  await page.goto(`${url}/cart`);
  await page.getByRole('link', { name: 'Check out' }).waitFor();
  await shows('in the cart');
  await check(page, 'a cart with pictures');
  await checkOut(page, url);
  await reachPaystack(page);
  await payByCard(page);
  await headline(page, 'Your order is confirmed');
  await shows('on the order');
  await check(page, 'an order with pictures');
  const { html } = await shop.app.mailbox.waitFor(({ to, subject }) => to === user.email && /confirmed/i.test(subject));
  const [source = ''] = /http[^"]+\/mail\.jpg/.exec(html) ?? [];
  const mailed = await fetch(source);
  expect([mailed.status, mailed.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const reader = await shop.browser.visitor(PHONE);
  await reader.page.setContent(html);
  const inMail = reader.page.locator('img').first();
  await eventually('the picture to be loaded in the email', async () =>
    inMail.evaluate((element) => Number(Reflect.get(element, 'naturalWidth')) > 0),
  );
  expect(problems).toEqual([]);
});

test('a file of products is checked, imported, and has nothing left to do when it comes again', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/products/import`);
  await check(page, 'the import of products');
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel(/^Choose a CSV file/).setInputFiles({ name, mimeType: 'text/csv', buffer });
  await choose('latin.csv', Buffer.from('product,sku\ncafé,C', 'latin1'));
  await page.getByText('This file is not in UTF-8.').waitFor();
  const file = Buffer.from(`product,title,sku,price\n${lamp.slug},Brass lamp,${lamp.sku},1999\nbad one,,B,\n`);
  await choose('products.csv', file);
  await page.getByText('1 product to change, 1 product with faults').waitFor();
  await page.getByText(`${lamp.sku}: ₦1,500.00 → ₦1,999.00`).waitFor();
  await page.getByText(/^Row 2: product: must be lower case/).waitFor();
  await check(page, 'a checked file');
  await page.getByRole('button', { name: 'Import 1 product' }).click();
  await page.getByText('1 product imported').waitFor();
  await page.getByRole('button', { name: 'Another file' }).click();
  await choose('products.csv', file);
  await page.getByText('1 product as it is in the shop').waitFor();
  expect(await page.getByRole('button', { name: /^Import/ }).count()).toBe(0);
  await page.goto(`${url}/products/${lamp.slug}`);
  await page.getByText('₦1,999.00').first().waitFor();
  expect(problems).toEqual([]);
});
