/** A supporter's call, on a laptop and on a phone: the order found by phone number, put right, and written down. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { stockVariant } from '../support/stocked-variant.ts';
import { check } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { DEVICES } from './devices.ts';
import { placeConfirmedOrder } from './place-order.ts';
import { countPresses } from './press-counter.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

async function answer(page: Page, button: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
}

test.each(DEVICES)(
  'support finds a caller by phone number, corrects the address, resends an email, and writes a note, on $device',
  async ({ device, isPhone, options }) => {
    const shopper = await shop.app.signUp({ name: 'Ngozi Eze' });
    const variant = await stockVariant(shop.app.db, { title: 'Aso oke fila' });
    const phone = isPhone ? '+2348031234567' : '+2348098765432';
    const order = await placeConfirmedOrder(shop.app, shopper, [{ variant }], { phone });
    const isConfirmation = ({ to, key }: { to: string; key: string | null }) =>
      to === shopper.email && key?.includes(':order_confirmed:') === true;
    await shop.app.mailbox.waitFor(isConfirmation);

    const { page, problems } = await shop.openAsUser({ role: 'support', name: 'Sade Support' }, options);
    const presses = await countPresses(page);
    await page.goto(`${url}/desk`);
    await page.getByRole('link', { name: /^To ship \d/ }).waitFor();
    // As the caller says it, without the code of the country.
    if (isPhone) await page.getByLabel('Code, name, email, phone or SKU').click();
    else await page.keyboard.press('/');
    await page.keyboard.type(phone.replace('+234', '0').replace(/(\d{4})(\d{3})(\d{4})/, '$1 $2 $3'));
    await page.keyboard.press('Enter');
    await page.getByText('1 order', { exact: true }).waitFor();
    await page.getByRole('link', { name: order.code }).click();
    await page.getByRole('heading', { name: `Order ${order.code}` }).waitFor();
    await page.getByRole('button', { name: 'Correct address' }).click();
    await page.getByRole('dialog').getByLabel('Street and house number').fill('7 Broad Street');
    await presses.expectFew('the form of the address');
    await check(page, `the form of the address on ${device}`);
    await answer(page, 'Correct address');
    await page.getByText('Saved. Different from the checkout: street. The price stays as it was paid.').waitFor();
    await page.getByRole('region', { name: 'Deliver to' }).getByText('7 Broad Street').waitFor();

    expect(await page.getByRole('link', { name: 'Call' }).getAttribute('href')).toBe(`tel:${phone}`);
    expect(await page.getByRole('link', { name: 'WhatsApp' }).getAttribute('href')).toMatch(
      new RegExp(`^https://wa\\.me/${phone.slice(1)}\\?`),
    );

    await page.getByRole('button', { name: 'Resend Order confirmed' }).click();
    await page.getByRole('dialog').getByText(`It goes to ${shopper.email}.`).waitFor();
    await answer(page, 'Resend');
    await page.getByText('The email is sent once more.').waitFor();
    await shop.app.mailbox.waitFor((mail) => isConfirmation(mail) && mail.text.includes('7 Broad Street'));

    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('dialog').getByLabel('Note').fill('Moved. Wants it before Friday.');
    await answer(page, 'Add note');
    await page.locator('.note-text', { hasText: 'Wants it before Friday.' }).waitFor();
    await page.getByLabel('Show').selectOption('email');
    await page.locator('.event-kind', { hasText: 'email' }).first().waitFor();
    expect(await page.locator('.event-kind', { hasText: 'order' }).count()).toBe(0);
    expect(problems).toEqual([]);
  },
);

test('support is offered no people, and finds no page of them', async () => {
  const { page } = await shop.openAsUser({ role: 'support' });
  await page.goto(`${url}/desk`);
  await page.getByRole('link', { name: 'Disputes', exact: true }).waitFor();
  expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
  await page.goto(`${url}/desk/people`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
});
