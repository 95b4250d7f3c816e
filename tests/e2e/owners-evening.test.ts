/** An owner's evening and a supporter's call: from the first page to the order, the product, the people. Presses are counted. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';
import { countPresses } from './press-counter.ts';

jest.setTimeout(120_000);

let shop: BrowserShop;
let url: string;
let variant: StockedVariant;
let order: Awaited<ReturnType<typeof placeOrder>>;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
  variant = await stockVariant(shop.app.db, { title: 'Aso oke fila', stock: 12 });
  order = await placeOrder(await shop.app.signUp({ name: 'Ngozi Eze' }), variant, 2);
  shop.app.sandbox.pay(order.txRef);
  await eventually('the order to be confirmed', async () =>
    Boolean(await shop.app.db.orders.exists({ code: order.code, status: 'confirmed' })),
  );
});
afterAll(() => shop.close());

test('an owner reads what waits, counts a shelf, changes a price, and invites a colleague, who joins', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner', name: 'Tunde Owner' });
  const presses = await countPresses(page);
  await page.goto(`${url}/desk`);
  await page.getByRole('link', { name: /^To ship 1 the oldest for/ }).waitFor();
  await check(page, 'the first page');

  await page.getByRole('link', { name: 'Products' }).click();
  await page.getByRole('link', { name: 'Aso oke fila' }).click();
  await page.getByText('10 free to sell').waitFor();
  await page.getByRole('button', { name: 'Count' }).click();
  expect(await presses.read()).toBe(3);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Units on the shelf').fill('11');
  await dialog.getByText('Free to sell: 10 → 9').waitFor();
  await check(page, 'the count of a shelf');
  await dialog.getByRole('button', { name: 'Count' }).click();
  await page.getByText('Counted: 9 free to sell.').waitFor();
  await page.getByText('Ledger').click();
  await page.getByText(/^-1 counted/).waitFor();

  await page.getByRole('button', { name: `Edit ${variant.sku}` }).click();
  await dialog.getByLabel('New price in NGN').fill('1750');
  await dialog.getByRole('button', { name: 'Edit' }).click();
  await page.getByText('₦1,750.00').waitFor();
  await check(page, 'a product');

  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Invite' }).click();
  await dialog.getByLabel('Email').fill('sola@staff.example');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await page.getByText('An invitation is on its way to sola@staff.example.').waitFor();
  await page.getByRole('heading', { name: 'Invited' }).waitFor();
  await check(page, 'the people');
  await joinByEmail('sola@staff.example', 'Sola Colleague');
  await page.reload();
  await page.getByRole('heading', { name: 'Sola Colleague' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Invited' }).count()).toBe(0);
  expect(problems).toEqual([]);
});

/** On a phone, by the link in the invitation; it works once. */
async function joinByEmail(email: string, name: string): Promise<void> {
  const { text } = await shop.app.mailbox.waitFor(({ to }) => to === email);
  const link = /https?:\/\/\S+\/desk\/invitation#\S+/.exec(text)?.[0] ?? `no link in: ${text}`;
  const { page, problems } = await shop.browser.visitor(PHONE);
  await page.goto(link);
  await page.getByText('You are invited as Packer').waitFor();
  await check(page, 'an invitation');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Choose a password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByText('Choose a longer password').waitFor();
  await page.getByLabel('Choose a password', { exact: true }).fill('nine lamps above a quiet river');
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await page.getByRole('link', { name: /^To ship/ }).waitFor();
  expect(problems).toEqual([]);
  const other = await shop.browser.visitor();
  await other.page.goto(link);
  await other.page.getByText('This invitation works no more').waitFor();
}

test('support finds a caller by phone number, calls back, writes a note, and sends an email once more', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'support', name: 'Sade Support' }, PHONE);
  const presses = await countPresses(page);
  await page.goto(`${url}/desk`);
  await page.getByRole('link', { name: /^To ship 1/ }).waitFor();
  await check(page, 'the first page on a phone');
  await page.keyboard.press('/');
  await page.keyboard.type('0800 000 0000');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: order.code }).click();
  await page.getByRole('heading', { name: `Order ${order.code}` }).waitFor();
  expect(await presses.read()).toBe(1);
  expect(await page.getByRole('link', { name: 'Call' }).getAttribute('href')).toBe('tel:+2348000000000');
  expect(await page.getByRole('link', { name: 'WhatsApp' }).getAttribute('href')).toMatch(
    /^https:\/\/wa\.me\/2348000000000\?/,
  );
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('Wants it before Friday.');
  await page.getByRole('dialog').getByRole('button', { name: 'Add note' }).click();
  await page.locator('.note-text', { hasText: 'Wants it before Friday.' }).waitFor();
  await page.getByRole('button', { name: 'Resend Order confirmed' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resend' }).click();
  await page.getByText('The email is sent once more.').waitFor();
  await page.getByLabel('Show').selectOption('email');
  await page.locator('.event-kind', { hasText: 'email' }).first().waitFor();
  expect(await page.locator('.event-kind', { hasText: 'order' }).count()).toBe(0);
  await check(page, 'an order');
  expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
  await page.goto(`${url}/desk/people`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  expect(problems).toEqual([]);
});
