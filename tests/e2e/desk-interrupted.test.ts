/** Work at the desk while a colleague writes, a session ends or an order comes in: nothing that was typed or chosen is lost. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { PASSWORD } from '../support/test-app.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeConfirmedOrder } from './place-order.ts';

jest.setTimeout(240_000);

/** More than two calls of an import take. */
const ROWS = 2 * 50 + 20;

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const storedProduct = async ({ productId }: StockedVariant) => shop.app.db.products.findById(productId).lean().orFail();

test('of two people who edit one product, the second reads so, keeps what was typed, and reverts nothing of the first', async () => {
  const variant = await stockVariant(shop.app.db, { title: 'Brass lamp', category: 'Lamps' });
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/products/${variant.productId}`);
  await page.getByRole('button', { name: 'Edit texts' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('Cast in Benin, by hand.');
  await dialog.getByLabel('Title').fill('Brass lamp of Benin');

  const colleague = await shop.app.signUp({ role: 'manager' });
  const { rev } = await colleague.client.admin.product.query({ productId: variant.productId });
  const theirs = { title: 'Bronze lamp', category: 'Light' };
  await colleague.client.admin.editProduct.mutate({ productId: variant.productId, rev, ...theirs });

  await dialog.getByRole('button', { name: 'Edit texts' }).click();
  await dialog.getByRole('alert').getByText('changed').waitFor();
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Cast in Benin, by hand.');
  expect(await dialog.getByLabel('Title').inputValue()).toBe('Brass lamp of Benin');
  // The preview is now of what the colleague has saved.
  await dialog.getByText('Bronze lamp → Brass lamp of Benin').waitFor();
  expect(await dialog.getByLabel('Category').inputValue()).toBe('Light');
  expect(await dialog.getByText('→').count()).toBe(1);
  expect(await storedProduct(variant)).toMatchObject(theirs);

  await dialog.getByRole('button', { name: 'Edit texts' }).click();
  await page.getByText('Saved. The shop shows it now').waitFor();
  expect(await storedProduct(variant)).toMatchObject({
    title: 'Brass lamp of Benin',
    category: 'Light',
    description: 'Cast in Benin, by hand.',
  });
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

test('of two people who edit one variant, the second changes the price and leaves the name that the first gave it', async () => {
  const variant = await stockVariant(shop.app.db, { title: 'Ayo board' });
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/products/${variant.productId}`);
  await page.getByRole('button', { name: `Edit ${variant.sku}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New price in NGN').fill('1999');

  const colleague = await shop.app.signUp({ role: 'manager' });
  const { variants } = await colleague.client.admin.product.query({ productId: variant.productId });
  const change = { variantId: variant.variantId, rev: variants[0]?.rev ?? -1, title: 'Folding' };
  await colleague.client.admin.editVariant.mutate(change);

  await dialog.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByRole('alert').getByText('changed').waitFor();
  await eventually('the new name', async () => (await dialog.getByLabel('Title').inputValue()) === 'Folding');
  expect(await dialog.getByLabel('New price in NGN').inputValue()).toBe('1999');
  await dialog.getByRole('button', { name: 'Edit' }).click();
  // The preview in the dialog names the price, too.
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('₦1,999.00').waitFor();
  const stored = await shop.app.db.variants.findById(variant.variantId).lean().orFail();
  expect(stored).toMatchObject({ title: 'Folding', price: 199_900 });
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

/** From here on the session is another's: the shop refuses its token, as after its end. */
async function endSession(page: Page): Promise<void> {
  await page.evaluate(
    "localStorage.session = JSON.stringify({ ...JSON.parse(localStorage.session), token: 'of.no.session' })",
  );
}

async function signInAgain(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Sign in' });
  // An import's first part may take half a minute on a busy machine.
  await dialog.getByText('Your session has ended.').waitFor({ timeout: 60_000 });
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('pictures whose sending the end of a session stops are sent after the sign-in without being chosen again', async () => {
  const variant = await stockVariant(shop.app.db, { title: 'Clay pot' });
  const { page, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${url}/desk/products/${variant.productId}`);
  await page.getByText('Add pictures').waitFor();
  const files = await Promise.all(
    ['#bb8833', '#335588'].map(async (background, index) => ({
      name: `pot-${index}.png`,
      mimeType: 'image/png',
      buffer: await sharp({ create: { width: 500, height: 300, channels: 3, background } })
        .png()
        .toBuffer(),
    })),
  );
  let sent = 0;
  await page.route('**/admin/pictures', async (route) => {
    sent += 1;
    // The first arrives; the session ends before the second.
    const headers = { ...route.request().headers(), ...(sent === 2 ? { authorization: 'Bearer of.no.session' } : {}) };
    await route.continue({ headers });
  });
  await page.getByLabel(/^Add pictures/).setInputFiles(files);
  await signInAgain(page);
  await page.getByText('Your session ended before pot-1.png was in the shop.').waitFor();
  await check(page, 'an interrupted sending');
  await page.getByRole('button', { name: 'Send 2 files again' }).click();
  await page.getByText('2 pictures are in the shop.').waitFor();
  await eventually('both tiles to stand', async () => (await page.locator('.picture-tile').count()) === 2);
  expect((await storedProduct(variant)).pictures).toHaveLength(2);
  expect(problems.filter((problem) => !problem.startsWith('401 '))).toEqual([]);
});

/** Chooses a file of new products and waits for their check. The button imports them. */
async function chooseCups(page: Page, name: string): Promise<Locator> {
  const sku = name.toUpperCase();
  const rows = Array.from({ length: ROWS }, (_, n) => `${name}-${n},Cup ${n},Cups,A cup.,${sku}-${n},One,1500,NGN,3`);
  const csv = ['product,title,category,description,sku,variant,price,currency,stock', ...rows].join('\n');
  await page.goto(`${url}/desk/products/import`);
  await page
    .getByLabel(/^Choose a CSV file/)
    .setInputFiles({ name: 'cups.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  const importAll = page.getByRole('button', { name: `Import ${ROWS} products` });
  await importAll.waitFor();
  return importAll;
}

function internalError(url: string): unknown {
  const data = { code: 'INTERNAL', httpStatus: 500, details: { requestId: 'r-1' } };
  const reply = { error: { message: 'Something failed.', code: -32603, data } };
  return url.includes('batch=1') ? [reply] : reply;
}

test('an import whose answers are lost is repeated, and what has no answer is not called unchanged', async () => {
  const { page } = await shop.openAsUser({ role: 'manager' });
  const importAll = await chooseCups(page, 'lost');
  let calls = 0;
  await page.route(/admin\.importProducts/, async (route) => {
    calls += 1;
    const body = route.request().postData() ?? '';
    // The first part: done, and its first answer is lost. The second: done, then the shop fails. The last: never answered.
    const isLost = calls === 1 || body.includes(`LOST-${ROWS - 1}`);
    const hasFailed = body.includes('LOST-99');
    if (isLost || hasFailed) await route.fetch();
    if (isLost) await route.abort();
    else if (hasFailed) await route.fulfill({ status: 500, json: internalError(route.request().url()) });
    else await route.continue();
  });
  await importAll.click();
  await page.getByText('50 products imported, 70 products of unknown outcome.').waitFor();
  await page.getByText('It may have been done all the same').first().waitFor();
  await check(page, 'an import without an answer');
  expect(calls).toBe(2 + 1 + 3);
  await page.unroute(/admin\.importProducts/);
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText(`${ROWS} products as it is in the shop.`).waitFor();
  expect(await shop.app.db.products.countDocuments({ slug: /^lost-/ })).toBe(ROWS);
});

test('orders whose shipping has no answer are not called refused, and the next check says what became of them', async () => {
  const variant = await stockVariant(shop.app.db);
  const { code } = await placeConfirmedOrder(shop.app, await shop.app.signUp(), [{ variant }]);
  const { page } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/ship-many`);
  await page.getByLabel('Or paste the rows').fill(`code,carrier,tracking\n${code},GIG Logistics,GIG-1`);
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await page.route(/admin\.shipMany/, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByRole('button', { name: 'Ship 1 order' }).click();
  await page.getByText('1 of unknown outcome').waitFor();
  await page.getByText('It may have been done all the same').waitFor();
  await check(page, 'a shipping without an answer');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('1 shipped before').waitFor();
  const { shipments } = await shop.app.db.orders.findOne({ code }).lean().orFail();
  expect(shipments).toHaveLength(1);
});

test('an import that the end of a session stops says what is done, and goes on with the rest after the sign-in', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  const importAll = await chooseCups(page, 'import');
  let hasEnded = false;
  await page.route(/admin\.importProducts/, async (route) => {
    const ends =
      !hasEnded &&
      route
        .request()
        .postData()
        ?.includes(`IMPORT-${ROWS - 1}`) === true;
    hasEnded ||= ends;
    const headers = { ...route.request().headers(), ...(ends ? { authorization: 'Bearer of.no.session' } : {}) };
    await route.continue({ headers });
  });
  await importAll.click();
  await signInAgain(page);
  await page.getByText('This was not done yet. Press the button once more.').waitFor();
  const made = await shop.app.db.products.countDocuments({ slug: /^import-/ });
  expect(made).toBeGreaterThan(0);
  await page.getByText(`${made} products imported, ${ROWS - made} products new.`).waitFor();
  await page.getByRole('button', { name: `Import ${ROWS - made} products` }).click();
  await page.getByText(`${ROWS} products imported.`).waitFor();
  expect(await shop.app.db.products.countDocuments({ slug: /^import-/ })).toBe(ROWS);
  expect(problems).toEqual([expect.stringMatching(/^401 POST/)]);
});

test('a form that is open when the session ends keeps its texts over the sign-in, and saves them then', async () => {
  const variant = await stockVariant(shop.app.db, { title: 'Talking drum' });
  const { page, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${url}/desk/products/${variant.productId}`);
  await page.getByRole('button', { name: 'Edit texts' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit Talking drum' });
  await dialog.getByLabel('Description').fill('Speaks in three tones.');
  await endSession(page);
  await dialog.getByRole('button', { name: 'Edit texts' }).click();
  await signInAgain(page);
  await dialog.getByText('This was not done yet. Press the button once more.').waitFor();
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Speaks in three tones.');
  await dialog.getByRole('button', { name: 'Edit texts' }).click();
  await page.getByText('Saved. The shop shows it now').waitFor();
  expect((await storedProduct(variant)).description).toBe('Speaks in three tones.');
  expect(problems.filter((problem) => !problem.startsWith('401 '))).toEqual([]);
});

const COUNT_NOTES = `
  globalThis.notesPlayed = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    globalThis.notesPlayed += 1;
    return start.apply(this, at);
  };
`;

test('a new order rings where the sound is on, stands in the badge and in the title, and is forgotten once the list was seen', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'packer', name: 'Peju Packer' });
  await page.addInitScript(COUNT_NOTES);
  const notes = () => page.evaluate<number>('globalThis.notesPlayed');
  await page.goto(`${url}/desk/products`);
  await page.getByRole('heading', { name: 'Products' }).waitFor();
  const badge = page.getByRole('link', { name: 'Orders' }).getByRole('status');
  const sell = async () =>
    placeConfirmedOrder(shop.app, await shop.app.signUp(), [{ variant: await stockVariant(shop.app.db) }]);

  await sell();
  await badge.getByText('1 new').waitFor();
  await eventually('the title', async () => /^\(1\) Products/.test(await page.title()));
  // It is off until it is switched on.
  expect(await notes()).toBe(0);
  await page.getByRole('button', { name: /Peju Packer/ }).click();
  const sound = page.getByRole('menuitemcheckbox', { name: 'Sound for new orders: off' });
  await sound.click();
  await page.getByRole('menuitemcheckbox', { name: 'Sound for new orders: on' }).waitFor();
  await page.keyboard.press('Escape');
  // Switching it on plays it once.
  await eventually('the sound of the switch', async () => (await notes()) === 2);

  await sell();
  await badge.getByText('2 new').waitFor();
  await eventually('the sound of the order', async () => (await notes()) === 4);
  await check(page, 'the badge of new orders');
  await page.getByRole('link', { name: 'Today' }).click();
  await eventually('the title of another page', async () => /^\(2\) Today/.test(await page.title()));
  await page.reload();
  await page.getByRole('heading', { name: 'Today' }).waitFor();
  await sell();
  await badge.getByText('1 new').waitFor();
  await page.getByRole('link', { name: /^Orders/ }).click();
  await eventually('the plain title', async () => /^Orders/.test(await page.title()));
  expect(await badge.count()).toBe(0);
  expect(problems).toEqual([]);
});
