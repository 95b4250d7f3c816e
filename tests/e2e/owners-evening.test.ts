/**
 * An owner's evening, on a laptop and on a phone: a refund, a dispute, a payout, a new product, the shelf, a price, the people.
 * The presses from the first page to each of them are counted.
 */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { formatMoney } from '../../client-sdk/src/index.ts';
import { runReconcileOnce } from '../../jobs/reconcile/reconcile.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { DEVICES, type Device } from './devices.ts';
import { placeConfirmedOrder } from './place-order.ts';
import { countPresses, type PressCounter } from './press-counter.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

/** The owner at the first page, with the presses counted from there. */
async function openDesk({ options }: Device) {
  const { page, problems } = await shop.openAsUser({ role: 'owner', name: 'Tunde Owner' }, options);
  const presses = await countPresses(page);
  const begin = async () => {
    await page.goto(`${url}/desk`);
    await page.getByRole('link', { name: /^To ship \d/ }).waitFor();
    presses.reset();
  };
  await begin();
  return { page, problems, presses, begin };
}

/** A place of the sidebar; on a phone, of the bar below or of its menu. */
async function goTo(page: Page, name: string): Promise<void> {
  const link = page.getByRole('link', { name, exact: true });
  if ((await link.count()) > 0) return link.first().click();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name }).click();
}

test.each(DEVICES)('an owner refunds one unit of one line, after reading what goes back, on $device', async (on) => {
  const shopper = await shop.app.signUp({ name: 'Ngozi Eze' });
  const [fila, cloth] = [
    await stockVariant(shop.app.db, { title: 'Aso oke fila', price: 250_050 }),
    await stockVariant(shop.app.db, { title: 'Indigo cloth' }),
  ];
  const lines = [{ variant: fila, quantity: 2 }, { variant: cloth }];
  const order = await placeConfirmedOrder(shop.app, shopper, lines);
  const { page, problems, presses } = await openDesk(on);
  await page.getByRole('link', { name: /^To ship \d/ }).click();
  await page.getByRole('link', { name: order.code }).click();
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const line = dialog.getByRole('group', { name: 'Aso oke fila' });
  await line.getByLabel('Not to be sent, of 2').fill('1');
  await presses.expectFew('the refund of a line');
  await dialog.getByText('Goes back: ₦2,500.50. Left of the payment: ').waitFor();
  await dialog.getByText(`₦2,500.50 goes back to the customer, from ${order.txRef}`).waitFor();
  await dialog.getByText(`1 × ${fila.sku} not to be shipped any more`).waitFor();
  await check(page, `the refund of a line on ${on.device}`);
  expect(shop.app.sandbox.transaction(order.txRef).refunds).toEqual([]);
  await dialog.getByRole('button', { name: 'Refund', exact: true }).click();
  await page.getByText('Refund requested. Paystack sends it; this page shows how it goes.').waitFor();
  await eventually('the refund at Paystack', () => shop.app.sandbox.finishRefunds() > 0);
  const refunds = page.getByRole('region', { name: 'Refunds' });
  await refunds.getByText('processed').waitFor();
  await refunds.getByText('₦2,500.50').first().waitFor();
  expect(shop.app.sandbox.transaction(order.txRef).refunds.map(({ amount }) => amount)).toEqual([250_050]);
  expect(problems).toEqual([]);
});

test.each(DEVICES)('an owner declines the dispute whose deadline is nearest, on $device', async (on) => {
  const variant = await stockVariant(shop.app.db, { title: 'Brass lamp' });
  const order = await placeConfirmedOrder(shop.app, await shop.app.signUp(), [{ variant }]);
  shop.app.sandbox.openDispute(order.txRef, { category: 'fraud', dueAt: new Date(Date.now() + 30 * 3600_000) });
  await shop.app.sandbox.webhooksIdle();
  await eventually('the dispute to be stored', async () =>
    Boolean(await shop.app.db.orders.exists({ code: order.code, disputeAnswerBy: { $exists: true } })),
  );
  const { page, problems, presses } = await openDesk(on);
  await page.getByRole('link', { name: /^Disputes 1 .*left/ }).click();
  await page.getByRole('link', { name: order.code }).click();
  await page.getByRole('button', { name: /^Decline/ }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('What was sold').inputValue()).toContain(order.code);
  await presses.expectFew('the answer to a dispute');
  await dialog.getByLabel('Message').fill('It was delivered and signed for.');
  await dialog.getByText('What it does:').waitFor();
  await check(page, `declining a dispute on ${on.device}`);
  await dialog.getByRole('button', { name: /^Decline/ }).click();
  await page.getByText('The answer is stored, and goes to Paystack now.').waitFor();
  await page.getByText('the bank decides').first().waitFor();
  expect(problems).toEqual([]);
});

test.each(DEVICES)('an owner reads what the last payout brought, and from which orders, on $device', async (on) => {
  const variant = await stockVariant(shop.app.db, { title: 'Talking drum' });
  const order = await placeConfirmedOrder(shop.app, await shop.app.signUp(), [{ variant, quantity: 3 }]);
  const made = shop.app.sandbox.settle()[0];
  await runReconcileOnce(shop.app.ctx, { force: true });
  const { page, problems, presses } = await openDesk(on);
  await goTo(page, 'Payouts');
  await page.getByRole('region', { name: 'Payouts', exact: true }).getByRole('link').first().click();
  await page.getByRole('heading', { name: `Payout ${made?.id}` }).waitFor();
  await presses.expectFew('a payout');
  const sums = page.getByRole('region', { name: 'Sums' });
  await sums.getByText('proved').waitFor();
  const naira = (amount: number) => formatMoney({ amount, currency: 'NGN' });
  await sums.getByText(`Charges of ${naira(made?.gross ?? 0)}, less Paystack’s fees of`).waitFor();
  await sums.getByText(naira(made?.net ?? 0)).waitFor();
  await page.getByRole('region', { name: 'Charges' }).getByRole('link', { name: order.code }).waitFor();
  expect(problems).toEqual([]);
});

test.each(DEVICES)('an owner makes a product with a picture, which the shop shows at once, on $device', async (on) => {
  const title = `Clay pot from ${on.device}`;
  const { page, problems, presses } = await openDesk(on);
  await goTo(page, 'Products');
  await page.getByRole('link', { name: 'New product' }).click();
  await page.getByLabel('Title').fill(title);
  await presses.expectFew('the form of a new product');
  await page.getByLabel('Category').fill('Kitchen');
  await page.getByLabel('Description').fill('Thrown by hand.');
  await page.getByRole('textbox', { name: 'Option' }).fill('Red');
  await page.getByRole('textbox', { name: 'SKU' }).fill(`POT-${on.isPhone ? 'P' : 'L'}`);
  await page.getByLabel('Price').fill('1250.50');
  await page.getByLabel('Units in stock').fill('3');
  await page.getByText(`The shop will show ${title} at once: Red at ₦1,250.50, 3 units.`).waitFor();
  await page.getByRole('button', { name: 'Make the product' }).click();
  await page.getByText(`${title} is made. Add its pictures here.`).waitFor();
  await page
    .getByLabel(/^Add pictures/)
    .setInputFiles({ name: 'pot.png', mimeType: 'image/png', buffer: await drawn() });
  await page.getByText('The picture is in the shop.').waitFor();
  const visitor = await shop.browser.visitor(on.options);
  await visitor.page.goto(`${url}/products/${title.toLowerCase().replaceAll(' ', '-')}`);
  const image = visitor.page.locator('img[src*="/pictures/"]').first();
  await eventually('the picture in the shop', async () =>
    image.evaluate((element) => Number(Reflect.get(element, 'naturalWidth')) > 0),
  );
  expect([...problems, ...visitor.problems]).toEqual([]);
});

const drawn = () =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: '#bb8833' } })
    .png()
    .toBuffer();

test.each(DEVICES)(
  'an owner counts a shelf, changes a price, and invites a colleague, who joins, on $device',
  async (on) => {
    const title = `Fila for ${on.device}`;
    const variant = await stockVariant(shop.app.db, { title, stock: 10 });
    const { page, problems, presses, begin } = await openDesk(on);
    await countShelf(page, title, presses);
    await begin();
    await goTo(page, 'Products');
    await page.getByRole('link', { name: title }).click();
    await page.getByRole('button', { name: `Edit ${variant.sku}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('New price in NGN').fill('1750');
    await presses.expectFew('the price of a variant');
    await dialog.getByText('₦1,500.00 → ₦1,750.00, also in carts').waitFor();
    await dialog.getByRole('button', { name: 'Edit' }).click();
    await page.getByText('₦1,750.00').waitFor();

    await begin();
    await goTo(page, 'People');
    await page.getByRole('button', { name: 'Invite' }).click();
    const email = `sola.${on.isPhone ? 'p' : 'l'}@staff.example`;
    await dialog.getByLabel('Email', { exact: true }).fill(email);
    await presses.expectFew('an invitation');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    await page.getByText(`An invitation is on its way to ${email}.`).waitFor();
    await page.getByRole('heading', { name: 'Invited' }).waitFor();
    await joinByEmail(email, `Sola of ${on.device}`);
    await page.reload();
    await page.getByRole('heading', { name: `Sola of ${on.device}` }).waitFor();
    expect(await page.getByRole('heading', { name: 'Invited' }).count()).toBe(0);
    expect(problems).toEqual([]);
  },
);

async function countShelf(page: Page, title: string, presses: PressCounter): Promise<void> {
  await goTo(page, 'Products');
  await page.getByRole('link', { name: title }).click();
  await page.getByText('10 free to sell').waitFor();
  await page.getByRole('button', { name: 'Count' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Units on the shelf').fill('9');
  await presses.expectFew('the count of a shelf');
  await dialog.getByText('Free to sell: 10 → 9').waitFor();
  await check(page, 'the count of a shelf');
  await dialog.getByRole('button', { name: 'Count' }).click();
  await page.getByText('Counted: 9 free to sell.').waitFor();
  await page.getByText('Ledger').click();
  await page.getByText(/^-1 counted/).waitFor();
}

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
