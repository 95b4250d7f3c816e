/** A product's pictures from the desk to the shop: sent, described, ordered, seen in the shop, bought, in the email and on the order. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import {
  addToCart,
  type BrowserShop,
  checkOut,
  headline,
  payByCard,
  reachPaystack,
  startBrowserShop,
} from './browser-shop.ts';

jest.setTimeout(120_000);

let shop: BrowserShop;
let url: string;
let lamp: StockedVariant;
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

test('pictures are sent from the desk, described, put in order and removed; a file that is none is refused in words', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/products/${lamp.productId}`);
  await page.getByText('a drawn pattern in their place').waitFor();
  const input = page.getByLabel(/^Add pictures/);
  await input.setInputFiles([await picture('front.png', '#bb8833'), await picture('back.png', '#335588')]);
  await page.getByText('2 pictures are in the shop.').waitFor();
  expect(await page.locator('.picture-tile').count()).toBe(2);
  await input.setInputFiles({ name: 'notes.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByText('notes.txt: This must be a JPEG, a PNG, a WebP or an AVIF.').waitFor();
  await page.getByRole('button', { name: 'Describe picture 2' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('The lamp from behind');
  await dialog.getByRole('button', { name: 'Describe' }).click();
  await page.getByRole('img', { name: 'The lamp from behind' }).waitFor();
  await page.getByRole('button', { name: 'Move picture 2 forward' }).click();
  await page.locator('.picture-tile').first().getByText('The lamp from behind').waitFor();
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
  await page.getByRole('img', { name: 'The lamp from behind' }).waitFor();
  await shows('in the list');
  await addToCart(page, url, lamp.slug);
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
  expect(problems).toEqual([]);
});
