/**
 * Every page in its normal states: no axe-core violation, and no horizontal scrolling on a narrow phone. The tests of
 * failures check the same for theirs (scarcity, bad-connection, staff-attention).
 */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { addToCart, type BrowserShop, fillInAddress, headline, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(90_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

test('public pages have no accessibility violation and do not scroll sideways on a phone', async () => {
  const { slug } = await stockVariant(shop.app.db, { title: 'Raffia basket' });
  await stockVariant(shop.app.db, { title: 'Sold-out stool', stock: 0 });
  const { page, problems } = await shop.browser.visitor(PHONE);
  await page.goto(url);
  await page.getByRole('link', { name: 'Sold-out stool' }).waitFor();
  await check(page, 'products');
  await page.goto(`${url}/?q=nothing-like-it`);
  await page.getByText('Nothing matches').waitFor();
  await check(page, 'nothing found');
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).waitFor();
  await check(page, 'product');
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Enter your password.').waitFor();
  await check(page, 'sign in, with errors');
  await page.goto(`${url}/sign-up`);
  await page.getByRole('heading', { name: 'Create your account' }).waitFor();
  await check(page, 'sign up');
  await page.goto(`${url}/nowhere`);
  await page.getByText('There is no such page').waitFor();
  await check(page, 'no such page');
  expect(problems).toEqual(['404 GET /nowhere']);
});

test('cart, checkout and order pages have no accessibility violation on a phone', async () => {
  const item = await stockVariant(shop.app.db, { title: 'Woven mat', stock: 5 });
  const { page, user, problems } = await shop.openAsUser({}, PHONE);
  await page.goto(`${url}/orders`);
  await page.getByText('You have not ordered anything yet').waitFor();
  await check(page, 'no orders');
  await addToCart(page, url, item.slug);
  await check(page, 'product, in the cart');
  await user.client.cart.setQuantity.mutate({ variantId: item.variantId, quantity: 7 });
  await page.goto(`${url}/cart`);
  await page.getByText('Only 5 left.').waitFor();
  await check(page, 'cart, short');
  await page.getByRole('button', { name: 'Take 5' }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('Enter the city or town.').waitFor();
  await check(page, 'checkout, with errors');
  await page.getByText('Choose the state.').waitFor();
  await page.getByLabel('Country').selectOption('Ghana');
  await page.getByLabel('State or region').waitFor();
  expect(await page.getByText('Choose the state.').count()).toBe(0);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByLabel('Country').selectOption('Nigeria');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('Choose the state.').waitFor();
  await user.client.cart.clear.mutate();
  await page.goto(`${url}/cart`);
  await page.getByText('Your cart is empty').waitFor();
  await check(page, 'cart, empty');
  const order = await placeOrder(user, item);
  await page.goto(`${url}/orders/${order.orderId}`);
  await headline(page, 'Waiting for your payment');
  await check(page, 'order, waiting');
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await check(page, 'order, asking to cancel');
  await page.keyboard.press('Escape');
  shop.app.sandbox.pay(order.txRef);
  await headline(page, 'Your order is confirmed');
  await check(page, 'order, confirmed');
  await page.goto(`${url}/orders`);
  await page.getByRole('link', { name: `Order ${order.code}` }).waitFor();
  await check(page, 'orders');
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await check(page, 'account');
  expect(problems).toEqual([]);
});

test('staff pages have no accessibility violation on a phone', async () => {
  const customer = await shop.app.signUp();
  const order = await placeOrder(customer, await stockVariant(shop.app.db));
  shop.app.sandbox.pay(order.txRef);
  await shop.app.mailbox.waitFor(({ to }) => to === customer.email);
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  await page.goto(`${url}/desk/attention`);
  await page.getByText('No refund is stuck.').waitFor();
  await check(page, 'staff');
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await page.getByRole('button', { name: 'Refund' }).click();
  await check(page, 'staff, an order');
  expect(problems).toEqual([]);
});

test('checkout works by keyboard alone, and each navigation moves the focus to the new heading', async () => {
  const { slug } = await stockVariant(shop.app.db, { title: 'Bronze bell' });
  const { page, problems } = await shop.openAsUser();
  const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('button', { name: 'Add to cart' }).press('Enter');
  await page.getByRole('link', { name: 'See the cart and check out' }).press('Enter');
  await page.getByRole('link', { name: 'Bronze bell' }).waitFor();
  expect(await focused()).toBe('Your cart');
  await page.getByRole('link', { name: 'Check out' }).press('Enter');
  await page.getByLabel('Phone').waitFor();
  expect(await focused()).toBe('Checkout');
  await page.getByRole('button', { name: /^Pay/ }).press('Enter');
  expect(await page.evaluate<string>('document.activeElement?.id ?? ""')).toBe('field-phone');
  await fillInAddress(page);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Secure payment' }).waitFor();
  expect(problems).toEqual([]);
});
