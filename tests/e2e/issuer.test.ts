/** With an outside issuer the shipped pages and Agendash have a way in: authorization code with PKCE, state and nonce. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type FakeIssuer, startFakeIssuer } from '../../dev/issuer/issuer.ts';
import { ADDRESS } from '../support/checkouts.ts';
import { eventually } from '../support/eventually.ts';
import { check } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { observeLate, PHONE, readSeen } from './page-timing.ts';

jest.setTimeout(90_000);

let issuer: FakeIssuer;
let shop: BrowserShop;
beforeAll(async () => {
  issuer = await startFakeIssuer();
  shop = await startBrowserShop({
    env: {
      JWKS_URL: issuer.keysUrl,
      JWT_ISSUER: issuer.url,
      JWT_AUDIENCE: 'orders-api',
      OIDC_CLIENT_ID: issuer.clientId,
    },
  });
});
afterAll(async () => {
  await shop?.close();
  await issuer.close();
});

async function signInAt(page: Page, path: string, email: string): Promise<void> {
  await page.goto(`${shop.app.url}${path}`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** As if orders had gone there. */
async function saveAddresses(email: string, many: number): Promise<void> {
  const addresses = Array.from({ length: many }, (_, n) => ({
    id: `address-${n}`,
    address: { ...ADDRESS, line1: `${n} Broad Street`, phoneE164: '+2348031234567' },
    usedAt: new Date(),
  }));
  await shop.app.db.users.updateOne({ email }, { addresses });
}
const headline = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const sessionOf = (page: Page) => page.evaluate<string | null>("window.localStorage.getItem('session')");

test('a customer signs in at the issuer and comes back to the page that needed it, without a secret', async () => {
  const { page, problems } = await shop.browser.visitor();
  await signInAt(page, '/orders', 'ada@example.com');
  await headline(page, 'Your orders');
  await page.getByRole('link', { name: 'Account' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/orders');
  expect(issuer.exchanges.at(-1)).toMatchObject({ status: 200, fields: { code_verifier: expect.any(String) } });
  expect(JSON.stringify(issuer.exchanges)).not.toContain('secret');
  await page.reload();
  await headline(page, 'Your orders');
  expect(problems).toEqual([]);
});

test('pages about passwords lead to the issuer before anything is sent, and the account’s page is calm', async () => {
  const { page, problems } = await shop.browser.visitor(PHONE);
  for (const path of ['/forgot-password', '/reset-password#any.token', '/verify-email#any.token']) {
    await page.goto(`${shop.app.url}${path}`);
    await page.getByText('Passwords and email addresses are kept there, not by this shop.').waitFor();
    expect(await page.getByRole('button').allTextContents()).toEqual(['Sign in']);
  }
  await check(page, 'a password that an outside issuer keeps');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Email', { exact: true }).fill('bisi@example.com');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Account' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  await observeLate(page);
  for (const saved of [0, 2]) {
    if (saved > 0) await saveAddresses('bisi@example.com', saved);
    await page.goto(`${shop.app.url}/account`);
    await page.getByRole('button', { name: 'Add an address' }).waitFor();
    await eventually('the content', async () => (await page.locator('.loading').count()) === 0);
    await page.waitForTimeout(500);
    const { shifts, sources } = await readSeen(page);
    expect(await page.getByText('Broad Street').count()).toBeGreaterThanOrEqual(saved);
    expect({ saved, sources, shifts, isCalm: shifts <= 0.05 }).toMatchObject({ saved, isCalm: true });
  }
  expect(problems).toEqual([]);
});

test('a return that was not begun here, a cancelled sign-in and a token of another sign-in begin no session', async () => {
  const { page } = await shop.browser.visitor();
  await page.goto(`${shop.app.url}/signed-in?code=stolen&state=guessed`);
  await page.getByText('This sign-in was begun in another window').waitFor();
  await check(page, 'a sign-in that was not begun here');
  const before = issuer.exchanges.length;
  await page.goto(`${shop.app.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('You did not sign in. Nothing has changed.').waitFor();
  await page.goto(`${shop.app.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await check(page, 'sign in, with an outside issuer');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const address = await page.locator('form').getAttribute('action');
  await page.goto(
    `${shop.app.url}/signed-in?code=x&state=${new URL(address ?? '', issuer.url).searchParams.get('nonce')}`,
  );
  await page.getByText('The sign-in could not be completed.').waitFor();
  expect(issuer.exchanges).toHaveLength(before);
  issuer.lieAboutNonce();
  await signInAt(page, '/sign-in', 'ada@example.com');
  await page.getByText('The sign-in could not be completed.').waitFor();
  expect(await sessionOf(page)).toBeNull();
});

test('staff open Agendash and the settings with that sign-in; a customer sees neither', async () => {
  const { page } = await shop.browser.visitor();
  await signInAt(page, '/orders', 'owner@example.com');
  await headline(page, 'Your orders');
  await shop.app.db.users.updateOne({ email: 'owner@example.com' }, { role: 'owner' });
  await page.goto(`${shop.app.url}/desk`);
  await page.getByRole('link', { name: 'Settings' }).click();
  await headline(page, 'Settings of the shop');
  await page.getByLabel('Name of the shop').fill('Ada & Sons');
  await page.getByLabel('Email for customers').fill('help@ada.example');
  await page.getByLabel('Emails to staff go to').fill('not an address');
  await page.getByRole('button', { name: 'Save name and contact' }).click();
  await page.locator('#field-shop-recipients[aria-invalid="true"]').waitFor();
  await page.getByLabel('Emails to staff go to').fill('one@ada.example\ntwo@ada.example');
  await page.getByLabel('Tell staff of new orders').selectOption('At most once an hour');
  await page.getByRole('button', { name: 'Save name and contact' }).click();
  await page.getByText('Saved. Pages and emails follow').waitFor();
  const stored = await shop.app.db.settings.findOne().lean();
  expect(stored).toMatchObject({
    shopName: 'Ada & Sons',
    newOrdersMinutes: 60,
    recipients: ['one@ada.example', 'two@ada.example'],
  });
  await page.goto(`${shop.app.url}/desk/attention`);
  await page.getByRole('button', { name: 'Agendash' }).click();
  await page.getByText('All Jobs').first().waitFor();
  const customer = await shop.browser.visitor();
  await signInAt(customer.page, '/desk/settings', 'ada@example.com');
  await customer.page.getByRole('heading', { name: 'This page is for staff' }).waitFor();
  const reply = await customer.page.goto(`${shop.app.url}/agendash/`);
  expect([reply?.status(), await reply?.headerValue('www-authenticate')]).toEqual([401, 'Bearer']);
});
