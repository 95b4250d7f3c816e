/** An account's whole life on a phone: made, verified, its password forgotten and changed, its sessions ended elsewhere. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import type { Page } from 'playwright-core';
import { endAllSessions } from '../../models/accounts/end-sessions.ts';
import { ADDRESS } from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { PASSWORD } from '../support/test-app.ts';
import { check, PHONE } from './axe.ts';
import { addToCart, type BrowserShop, signIn, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(90_000);

const NEW_PASSWORD = 'quiet rivers run deep';

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

/** The link in the newest email to the address with this subject. */
async function linkIn(to: string, subject: string): Promise<string> {
  const mail = await shop.app.mailbox.waitFor((mail) => mail.to === to && mail.subject.startsWith(subject));
  return /https?:\/\/\S+#\S+/.exec(mail.text)?.[0] ?? `no link in: ${mail.text}`;
}

const labelled = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a new account is verified by email, and a forgotten password comes back by a link that works once', async () => {
  const email = 'ngozi@example.com';
  const { page, problems } = await shop.browser.visitor(PHONE);
  await page.goto(`${url}/sign-up`);
  await labelled(page, 'Your name').fill('Ngozi Ẹ̀bùn');
  await labelled(page, 'Email').fill(email);
  await labelled(page, 'Password').fill('password1234');
  await press(page, 'Show what you typed');
  expect(await labelled(page, 'Password').getAttribute('type')).toBe('text');
  await press(page, 'Create account');
  await page.getByText('one of the most common passwords').waitFor();
  await check(page, 'sign up, a common password');
  await labelled(page, 'Password').fill(PASSWORD);
  await press(page, 'Create account');
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByText('Confirm your email address').waitFor();
  await check(page, 'account, not verified');

  await page.goto(await linkIn(email, 'Confirm'));
  await page.getByText('Press the button to confirm').waitFor();
  expect(page.url()).not.toContain('#');
  await check(page, 'verify');
  await press(page, 'Confirm my address');
  await page.getByText('Your email address is confirmed').first().waitFor();
  await page.goto(`${url}/account`);
  await page.getByText('Where you are signed in').waitFor();
  expect(await page.getByText('Confirm your email address').count()).toBe(0);

  await press(page, 'Sign out');
  await page.goto(`${url}/sign-in`);
  await page.getByRole('link', { name: 'Forgotten? Set a new one' }).click();
  await labelled(page, 'Email').fill(email);
  await press(page, 'Send me the link');
  await page.getByText('Look at your emails').waitFor();
  await check(page, 'forgotten');
  const link = await linkIn(email, 'Set a new password');
  await page.goto(link);
  await labelled(page, 'New password').fill(NEW_PASSWORD);
  await check(page, 'reset');
  await press(page, 'Set this password');
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.goto('about:blank');
  await page.goto(link);
  await labelled(page, 'New password').fill(NEW_PASSWORD);
  await press(page, 'Set this password');
  await page.getByText('This link works no more').waitFor();
  await check(page, 'spent link');
  expect(problems.filter((problem) => !/^400 POST \/trpc\/auth\.(register|resetPassword)$/.test(problem))).toEqual([]);
});

test('fields of passwords take what is pasted, and tell password managers what belongs into them', async () => {
  const { page, user } = await shop.openAsUser();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${url}/account`);
  const fillings = async (): Promise<(string | null)[]> => {
    const fields = page.locator('form:visible input:is([type=email], [type=password])');
    await fields.first().waitFor();
    await page.evaluate(`navigator.clipboard.writeText('${NEW_PASSWORD}')`);
    const found: (string | null)[] = [];
    for (const field of await fields.all()) {
      found.push(await field.getAttribute('autocomplete'));
      if ((await field.getAttribute('type')) === 'email') continue;
      await field.focus();
      await page.keyboard.press('ControlOrMeta+V');
      expect([page.url(), await field.inputValue()]).toEqual([page.url(), NEW_PASSWORD]);
    }
    return found;
  };
  expect(await fillings()).toEqual(['current-password', 'new-password']);
  // Which account the new password is of.
  expect(await page.locator('input[autocomplete=username]').inputValue()).toBe(user.email);
  await press(page, 'Sign out');
  for (const [path, expected] of [
    ['/sign-in', ['username', 'current-password']],
    ['/sign-up', ['username', 'new-password']],
    ['/forgot-password', ['username']],
    ['/reset-password#some.token', ['new-password']],
  ] as const) {
    await page.goto(`${url}${path}`);
    expect([path, await fillings()]).toEqual([path, expected]);
  }
});

test('the account keeps name, addresses and sessions, and checkout offers the address', async () => {
  const item = await stockVariant(shop.app.db);
  const { page, user, problems } = await shop.openAsUser({}, PHONE);
  await shop.app.client().auth.login.mutate({ email: user.email, password: PASSWORD });
  await page.goto(`${url}/account`);
  await labelled(page, 'Your name').fill('Ada Ẹze');
  await page.getByLabel('Your phone').fill('0803 123 4567');
  await press(page, 'Save your details');
  await page.getByText('Saved', { exact: true }).waitFor();
  const end = page.getByRole('button', { name: 'End the session on A program' });
  await end.click();
  await end.waitFor({ state: 'detached' });
  await user.client.account.saveAddress.mutate({ address: { ...ADDRESS, line1: '1 One Street' } });
  await user.client.account.saveAddress.mutate({ address: { ...ADDRESS, line1: '2 Two Street' } });
  await page.reload();
  await page.getByRole('button', { name: 'Change the address 1 One Street' }).click();
  await page.getByLabel('Street and house number').fill('3 Three Street');
  await check(page, 'account, an address changed');
  await press(page, 'Save the address');
  await page.getByText('3 Three Street', { exact: true }).waitFor();
  await addToCart(page, url, item.slug);
  await page.goto(`${url}/checkout`);
  const street = page.getByLabel('Street and house number');
  expect(await street.inputValue()).toBe('3 Three Street');
  await page.getByLabel('Your addresses').selectOption({ index: 1 });
  expect(await street.inputValue()).toBe('2 Two Street');
  await page.getByLabel('Your addresses').selectOption('Another address');
  expect(await street.inputValue()).toBe('');
  await check(page, 'checkout, saved addresses');
  await user.client.account.saveAddress.mutate({ address: { ...ADDRESS, country: 'DK', phone: '32 12 34 56' } });
  await page.goto(`${url}/account`);
  await page.getByText('Without a country’s code it is a number in Denmark.').waitFor();
  await page.getByLabel('Your phone').fill('32 12 34 57');
  await press(page, 'Save your details');
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(problems).toEqual([]);
});

test('what was typed survives a session that ends elsewhere, after a wrong password too, in another tab as well', async () => {
  const { page, newTab, user, problems } = await shop.openAsUser({}, PHONE);
  const other = await newTab();
  await other.goto(`${url}/account`);
  await labelled(other, 'Current password').fill(PASSWORD);
  await page.goto(`${url}/account`);
  await labelled(page, 'Your name').fill('Ada of the other device');
  await endAllSessions(shop.app.db, { _id: new Types.ObjectId(user.id) }, new Date());
  await pressOver(page, 'Save your details');
  const again = page.getByRole('dialog', { name: 'Sign in' });
  await again.waitFor();
  await check(page, 'signed out under a form');
  await other.getByRole('dialog', { name: 'Sign in' }).waitFor();
  await again.getByLabel('Password', { exact: true }).fill('not it at all');
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await again.getByText('Wrong email or password.').waitFor();
  await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await again.waitFor({ state: 'detached' });
  expect(await labelled(page, 'Your name').inputValue()).toBe('Ada of the other device');
  await press(page, 'Save your details');
  await page.getByText('Saved', { exact: true }).waitFor();
  await other.getByRole('dialog', { name: 'Sign in' }).waitFor({ state: 'detached' });
  expect(await labelled(other, 'Current password').inputValue()).toBe(PASSWORD);
  await labelled(other, 'New password').fill(NEW_PASSWORD);
  await press(other, 'Change your password');
  await other.getByText('Your password is changed').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  expect(problems.filter((problem) => !problem.startsWith('401 '))).toEqual([]);
});

/** A read in the background may have found the end of the session first, and the form to sign in stands over the button. */
const pressOver = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).dispatchEvent('click');

test('another person who signs in over a page sees nothing of it, and whoever leaves it is signed out', async () => {
  const { page, user } = await shop.openAsUser();
  const second = await shop.app.signUp({ name: 'Second Person' });
  await page.goto(`${url}/account`);
  await labelled(page, 'Your name').fill('typed by the first');
  await endAllSessions(shop.app.db, { _id: new Types.ObjectId(user.id) }, new Date());
  await press(page, 'Save your details');
  const again = page.getByRole('dialog', { name: 'Sign in' });
  await again.getByLabel('Email', { exact: true }).fill(second.email);
  await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await again.waitFor({ state: 'detached' });
  await page.getByText(second.email).first().waitFor();
  expect(await labelled(page, 'Your name').inputValue()).toBe('Second Person');
  await endAllSessions(shop.app.db, { _id: new Types.ObjectId(second.id) }, new Date());
  await pressOver(page, 'Save your details');
  await page.getByRole('button', { name: 'Leave this page' }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await page.goto(`${url}/account`);
  await signIn(page, second.email);
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
});
