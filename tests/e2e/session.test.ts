import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import type { Page } from 'playwright-core';
import { createAuth } from '../../server/auth/auth.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { fakeClock, PASSWORD, type SignedIn } from '../support/test-app.ts';
import { addToCart, type BrowserShop, fillInAddress, reachPaystack, signIn, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const DAY_MS = 86_400_000;

/** Replaces the browser's session with one that began so long ago; by default longer than sessions last. */
async function age(page: Page, user: SignedIn, days = 31): Promise<void> {
  const authThen = createAuth({ ...shop.app.ctx, clock: fakeClock(new Date(Date.now() - days * DAY_MS)) });
  const { token, expiresAt } = await authThen.issue({ _id: new Types.ObjectId(user.id), role: 'customer' });
  const stale = JSON.stringify({ token, expiresAt });
  await page.evaluate(`localStorage.session = JSON.stringify({ ...JSON.parse(localStorage.session), ...${stale} })`);
}

test('sign-in works in place, after a wrong password too, and the next account sees no data of the last one', async () => {
  const { db } = shop.app;
  const first = await shop.app.signUp();
  const second = await shop.app.signUp();
  const order = await placeOrder(first, await stockVariant(db));
  const { page, problems } = await shop.browser.visitor();
  await page.goto(`${url}/orders`);
  await signIn(page, first.email, 'not the password');
  await page.getByRole('alert').getByText('Wrong email or password.').waitFor();
  await signIn(page, first.email);
  await page.getByRole('link', { name: `Order ${order.code}` }).waitFor();
  await page.getByRole('link', { name: /^Cart.*1 item$/ }).waitFor();

  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page, second.email);
  await page.getByRole('link', { name: 'Account' }).waitFor();
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByText('You have not ordered anything yet').waitFor();
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByText('Your cart is empty').waitFor();
  await page.goto(`${url}/orders/${order.orderId}`);
  await page.getByText('You are signed in with another account').waitFor();
  // The HTTP status of the rejected order query depends on the other calls in its batch.
  expect(problems.filter((problem) => !problem.startsWith('404 GET'))).toEqual([expect.stringMatching(/^401 POST/)]);
});

test('an expired session shows the sign-in form at the next call, and signing in continues in place', async () => {
  const { db } = shop.app;
  const { page, user, problems } = await shop.openAsUser();
  const order = await placeOrder(user, await stockVariant(db));
  await page.goto(url);
  await page.getByRole('link', { name: 'Account' }).waitFor();
  await age(page, user);
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/orders');
  await signIn(page, user.email);
  await page.getByRole('link', { name: `Order ${order.code}` }).waitFor();
  expect(problems.filter((problem) => !problem.startsWith('401 GET'))).toEqual([]);
});

test('a session in use goes on with the new token that the shop sends', async () => {
  const { page, user, problems } = await shop.openAsUser();
  await page.goto(url);
  await age(page, user, 2);
  const token = () => page.evaluate('JSON.parse(localStorage.session).token');
  const before = await token();
  await page.getByRole('link', { name: 'Orders' }).click();
  await page.getByText('You have not ordered anything yet').waitFor();
  await eventually('the new token', async () => (await token()) !== before);
  await page.reload();
  await page.getByText('You have not ordered anything yet').waitFor();
  expect(problems).toEqual([]);
});

test('signing out everywhere ends the session of another browser', async () => {
  const { page, user, problems } = await shop.openAsUser();
  const other = await shop.browser.visitor();
  await other.page.goto(`${url}/orders`);
  await signIn(other.page, user.email);
  await other.page.getByText('You have not ordered anything yet').waitFor();
  await page.goto(`${url}/account`);
  await page.getByText(user.email).waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await other.page.reload();
  await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(problems).toEqual([]);
});

test('a session that expires at Pay loses no typed text', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, user, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await age(page, user);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await signIn(page, user.email);
  await page.getByRole('button', { name: /^Pay/ }).waitFor();
  expect(await page.getByLabel('Street and house number').inputValue()).toBe('12 Admiralty Way');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await reachPaystack(page);
  expect(problems.filter((problem) => !problem.startsWith('401 '))).toEqual([]);
});

test('signing out clears the browser of the account, without the shop as well: storage, page and typed text', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, user } = await shop.openAsUser({ name: 'Ẹniọlá Obi' });
  await addToCart(page, url, slug);
  await page.goto(`${url}/checkout`);
  await fillInAddress(page);
  await page.context().route('**/trpc/orders.initializePayment*', (route) => route.abort());
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByRole('alert').first().waitFor();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
  expect(await page.content()).toContain(user.email);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  for (const text of [user.email, user.token, 'Ẹniọlá', '12 Admiralty Way', '801 234 5678'])
    expect([text, String(kept).includes(text), (await page.content()).includes(text)]).toEqual([text, false, false]);
  await page.context().setOffline(false);
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await signIn(page, user.email);
  await page.getByRole('link', { name: /^Cart.*1 item$/ }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  const street = page.getByLabel('Street and house number');
  await street.waitFor();
  expect(await street.inputValue()).toBe('');
});

test('a form whose session ended says after the sign-in that it was not saved yet, and a second press saves it', async () => {
  const { page, user } = await shop.openAsUser();
  await page.goto(`${url}/account`);
  await page.getByLabel('Your name').fill('Ẹniọlá Obi');
  await age(page, user);
  await page.getByRole('button', { name: 'Save your details' }).click();
  await page.getByRole('dialog').getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('You are signed in again').waitFor();
  expect(await page.getByText('Sign in to continue').count()).toBe(0);
  expect(await page.getByLabel('Your name').inputValue()).toBe('Ẹniọlá Obi');
  await page.getByRole('button', { name: 'Save your details' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await page.getByText('You are signed in again').count()).toBe(0);
  expect((await shop.app.db.users.findById(user.id).lean())?.name).toBe('Ẹniọlá Obi');
});

test('signing up with an address that has an account leads to the sign-in and to a new password', async () => {
  const { email } = await shop.app.signUp();
  const { page } = await shop.browser.visitor();
  await page.goto(`${url}/sign-up?next=/cart`);
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  expect(await page.getByText('Have you been here before?').count()).toBe(0);
  await page.getByRole('button', { name: 'Create account' }).click();
  const ways = page.getByText('Have you been here before?').getByRole('link');
  await ways.first().waitFor();
  const hrefs = await Promise.all((await ways.all()).map((way) => way.getAttribute('href')));
  expect(hrefs).toEqual(['/sign-in?next=%2Fcart', '/forgot-password']);
});

test('a device whose clock is a day ahead keeps its session', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, problems } = await shop.openAsUser();
  await page.clock.install({ time: Date.now() + DAY_MS });
  await addToCart(page, url, slug);
  await page.getByRole('link', { name: 'See the cart and check out' }).click();
  await page.getByRole('link', { name: 'Check out' }).waitFor();
  expect(problems).toEqual([]);
});

test('a typed password can be shown, a refused field looks refused with the focus too, and times are in the visitor’s zone', async () => {
  const options = { timezoneId: 'Asia/Tokyo', locale: 'en-GB' };
  const { page, user } = await shop.openAsUser({}, options);
  const order = await placeOrder(user, await stockVariant(shop.app.db));
  await page.goto(`${url}/orders/${order.orderId}`);
  const { createdAt } = await user.client.orders.get.query({ id: order.orderId });
  const placed = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Tokyo' });
  await page
    .getByText('Placed')
    .getByText(placed.format(new Date(createdAt)))
    .waitFor();
  await page.goto(`${url}/account`);
  const next = page.getByLabel('New password');
  await next.fill('short');
  await next.locator('..').getByRole('button', { name: 'Show what you typed' }).click();
  expect(await next.getAttribute('type')).toBe('text');
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change your password' }).click();
  await page.getByText('Choose a longer password').waitFor();
  const colour = (from: string) => page.evaluate<string>(`getComputedStyle(document.${from}).borderColor`);
  expect(await page.evaluate('document.activeElement.name')).toBe('password');
  const still = () =>
    eventually('colours to stand still', () => page.evaluate<boolean>('document.getAnimations().length === 0'));
  await still();
  const refused = await colour('activeElement');
  await page.getByLabel('Your name').focus();
  await still();
  expect(await colour('activeElement')).not.toBe(refused);
  expect(await colour('querySelector("[aria-invalid=true]")')).toBe(refused);
});
