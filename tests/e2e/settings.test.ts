/** An owner's settings: each part saved alone, what customers see at once, and two owners at the same time. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const saved = (page: { getByText(text: string): { first(): { waitFor(): Promise<void> } } }) =>
  page.getByText('Saved.').first().waitFor();
const accent = '(getComputedStyle(document.querySelector(".brand-mark, .button-primary")).backgroundColor)';

test('an owner sets logo, colour and policies on a phone; a visitor sees them at the next page', async () => {
  await stockVariant(shop.app.db, { title: 'Raffia basket' });
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  await page.goto(`${url}/desk/settings`);
  const looks = page.getByRole('form', { name: 'Logo and colour' });
  await looks.getByLabel('Colour of links and buttons').fill('#ffd500');
  await looks.getByText('Text in #ffd500 could not be read').waitFor();
  await check(page, 'settings, with a colour that cannot be read');
  await looks.getByLabel('Colour of links and buttons').fill('#7a1fa2');
  await looks.getByText('#7a1fa2 on light pages and in emails').waitFor();
  const background = { r: 122, g: 31, b: 162, alpha: 1 };
  const png = await sharp({ create: { width: 400, height: 100, channels: 4, background } })
    .png()
    .toBuffer();
  await looks.getByLabel('Logo').setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('none') });
  await looks.getByText('no.png: This must be a JPEG, a PNG, a WebP or an AVIF.').waitFor();
  await looks.getByLabel('Logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png });
  await looks.getByText('Not saved yet.').waitFor();
  await looks.getByRole('button', { name: 'Save' }).click();
  await looks.getByText('Saved. Pages and emails follow').waitFor();
  const policies = page.getByRole('form', { name: 'Policies' });
  await policies.getByLabel('Returns and refunds').fill('## Within 14 days\n\n- unused\n- **in its box**');
  await policies.getByText('As customers read it').click();
  await policies.getByRole('heading', { name: 'Within 14 days' }).waitFor();
  await policies.getByRole('button', { name: 'Save' }).click();
  await saved(policies);
  await check(page, 'settings, saved');
  const sent = async () => (await fetch(url, { headers: { accept: 'text/html' } })).text();
  await eventually('the settings on the pages', async () => /logo\.png.*"policies":\["returns"\]/s.test(await sent()));

  const visitor = await shop.browser.visitor(PHONE);
  await visitor.page.goto(url);
  await visitor.page.getByRole('img', { name: 'Test Shop' }).waitFor();
  await check(visitor.page, 'a page with logo, colour and policies');
  await visitor.page.goto(`${url}/sign-in`);
  await visitor.page.getByRole('button', { name: 'Sign in' }).waitFor();
  await visitor.page.emulateMedia({ colorScheme: 'light' });
  expect(await visitor.page.evaluate<string>(accent)).toBe('rgb(122, 31, 162)');
  await visitor.page.getByRole('link', { name: 'Returns and refunds' }).click();
  await visitor.page.getByRole('heading', { name: 'Within 14 days' }).waitFor();
  await check(visitor.page, 'a policy');
  // As the server sends it, before any script.
  const html = await (await fetch(`${url}/policies/returns`, { headers: { accept: 'text/html' } })).text();
  expect(html).toContain('<strong>in its box</strong>');
  expect([problems, visitor.problems]).toEqual([['400 POST /admin/logo'], []]);
});

test('carriers and limits are set and read again; what is wrong is said beside its field', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  await page.goto(`${url}/desk/settings`);
  const carriers = page.getByRole('form', { name: 'Carriers' });
  for (const [place, name] of ['GIG Logistics', 'Kwik'].entries()) {
    await carriers.getByRole('button', { name: 'Add a carrier' }).click();
    await carriers
      .getByRole('group', { name: `Carrier ${place + 1}` })
      .getByLabel('Name')
      .fill(name);
  }
  const link = carriers.getByRole('group', { name: 'Carrier 2' }).getByLabel('Link to follow a parcel');
  await link.fill('http://kwik.example/{tracking}');
  await carriers.getByRole('button', { name: 'Save' }).click();
  await carriers.getByText('This must be an https address with {tracking}').waitFor();
  await check(page, 'settings, with a refused link');
  await link.fill('https://kwik.example/{tracking}');
  await carriers.getByText('Parcel 0123456789: https://kwik.example/0123456789').waitFor();
  await carriers.getByRole('button', { name: 'Remove carrier 1' }).click();
  await carriers.getByRole('button', { name: 'Save' }).click();
  await saved(carriers);
  const limits = page.getByRole('form', { name: 'Limits' });
  await limits.getByLabel('Support gives back').fill('lots');
  await limits.getByRole('button', { name: 'Save' }).click();
  await limits.getByText('Support’s limit is no sum.').waitFor();
  await limits.getByLabel('Support gives back').fill('5,000.50');
  await limits.getByLabel('Low stock').fill('9');
  await limits.getByRole('button', { name: 'Save' }).click();
  await saved(limits);
  await page.reload();
  expect(await limits.getByLabel('Support gives back').inputValue()).toBe('5000.50');
  expect(await limits.getByLabel('Low stock').inputValue()).toBe('9');
  expect(await carriers.getByLabel('Name').inputValue()).toBe('Kwik');
  expect(problems).toEqual(['400 POST /trpc/admin.setCarriers']);
});

test('two owners at once: parts that the other left alone are saved, and the same part is never overwritten unseen', async () => {
  const one = await shop.openAsUser({ role: 'owner' });
  const other = await shop.openAsUser({ role: 'owner' });
  for (const { page } of [one, other]) {
    await page.goto(`${url}/desk/settings`);
    await page.getByRole('form', { name: 'Limits' }).waitFor();
  }
  const formOf = (page: typeof one.page, name: string) => page.getByRole('form', { name });
  const name = (page: typeof one.page) => formOf(page, 'Name and contact').getByLabel('Name of the shop');
  const save = (page: typeof one.page, part: string) =>
    formOf(page, part).getByRole('button', { name: 'Save' }).click();
  await name(one.page).fill('Ada’s');
  await save(one.page, 'Name and contact');
  await saved(formOf(one.page, 'Name and contact'));
  await formOf(other.page, 'Limits').getByLabel('Low stock').fill('3');
  await save(other.page, 'Limits');
  await saved(formOf(other.page, 'Limits'));
  await name(other.page).fill('Bola’s');
  await save(other.page, 'Name and contact');
  await other.page.getByText('Somebody else changed this meanwhile').waitFor();
  await check(other.page, 'settings, changed by somebody else');
  expect((await shop.app.client().shop.info.query()).name).not.toBe('Bola’s');
  await other.page.getByRole('button', { name: 'Show theirs' }).click();
  expect(await name(other.page).inputValue()).toBe('Ada’s');
  await name(other.page).fill('Ada & Bola');
  await save(other.page, 'Name and contact');
  await saved(formOf(other.page, 'Name and contact'));
  const stored = await shop.app.db.settings.findOne().lean();
  expect(stored).toMatchObject({ shopName: 'Ada & Bola', limits: { lowStock: 3 } });
  expect([one.problems, other.problems]).toEqual([[], []]);
});
