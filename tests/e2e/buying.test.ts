import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Types } from 'mongoose';
import { editProduct } from '../../models/catalogue/edit-catalogue.ts';
import { newActionKey } from '../support/action-keys.ts';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import {
  addToCart,
  type BrowserShop,
  checkOut,
  decide,
  fillInAddress,
  headline,
  payByCard,
  reachPaystack,
  startBrowserShop,
} from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

const BY = { actor: 'system', now: new Date() };

/** Calls the test with what the order's headline says, at each change. */
const TELL_HEADLINES = `
  new MutationObserver(() => tell(document.querySelector('.headline')?.textContent ?? ''))
    .observe(document, { childList: true, subtree: true });
`;

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

test('a shopper searches, registers during checkout, pays, and sees the order confirmed without a reload', async () => {
  await stockVariant(shop.app.db, { title: 'Indigo scarf', category: 'Clothing', price: 450_000 });
  const { page, problems } = await shop.browser.visitor();
  await page.goto(url);
  await page.getByLabel('Search products').fill('indigo');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Indigo scarf' }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'See the cart and check out' }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Your name').fill('Amara Okafor');
  await page.getByLabel('Email', { exact: true }).fill('amara@example.com');
  await page.getByLabel('Password').fill('tea with the neighbours');
  await page.getByRole('button', { name: 'Create account' }).click();
  expect(await page.getByLabel('Full name').inputValue()).toBe('Amara Okafor');
  await fillInAddress(page);
  await page.getByRole('button', { name: /^Pay/ }).click();
  await reachPaystack(page);
  await payByCard(page);
  await headline(page, 'Your order is confirmed');
  expect(await page.title()).toMatch(/^Order [0-9A-Z]{12} · Test Shop$/);
  await page.getByRole('link', { name: 'Cart', exact: true }).click();
  await page.getByText('Your cart is empty').waitFor();
  const isConfirmation = (key: string | null) => key?.includes(':order_confirmed:') === true;
  await shop.app.mailbox.waitFor(({ to, key }) => to === 'amara@example.com' && isConfirmation(key));
  expect(problems).toEqual([]);
});

test('an order leads to its product, and an old address to the new one, after the address has changed', async () => {
  const item = await stockVariant(shop.app.db, { title: 'Moved mug' });
  const { slug, productId } = item;
  const { page, user, problems } = await shop.openAsUser();
  const { orderId } = await placeOrder(user, item);
  await page.goto(`${url}/products/${slug}`);
  await page.getByRole('heading', { name: 'Moved mug' }).waitFor();
  await editProduct(shop.app.db, new Types.ObjectId(productId), { slug: 'moved-mug' }, BY);
  await page.goto(`${url}/products/${slug}`);
  await page.waitForURL(`${url}/products/moved-mug`);
  await page.goto(`${url}/orders/${orderId}`);
  const link = page.locator('.goods a');
  expect(await link.getAttribute('href')).toMatch(/^\/products\/by-id\/[0-9a-f]{24}$/);
  await link.click();
  await page.waitForURL(`${url}/products/moved-mug`);
  expect(problems).toEqual([]);
});

test('after a declined card the page shows that nothing was charged, and another card pays the order', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const first = await reachPaystack(page);
  await decide(page, 'Decline the card');
  await page.getByText('You were not charged').waitFor();
  await page.getByRole('button', { name: 'Cancel and go back' }).click();
  await headline(page, 'The payment did not go through');
  await page.getByRole('button', { name: /^Pay ₦/ }).click();
  const second = await reachPaystack(page);
  expect(second).not.toBe(first);
  await payByCard(page);
  await headline(page, 'Your order is confirmed');
  expect(problems).toEqual([]);
});

test('an order is confirmed although the tab is closed right after the payment', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, newTab, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const reference = await reachPaystack(page);
  // The browser is closed before Paystack's redirect reaches the shop, so only the webhook reports the payment.
  await page.route('**/orders/verify-payment/**', (route) => route.abort());
  const paid = page.waitForResponse((response) => response.request().method() === 'POST');
  await payByCard(page);
  await paid;
  await page.close();
  const later = await newTab();
  await later.goto(`${url}/orders`);
  await later.getByRole('link', { name: `Order ${reference.split('-')[1]}` }).click();
  await headline(later, 'Your order is confirmed');
  expect(problems).toEqual([]);
});

test('after a return from Paystack without paying, the first button pays the same order on the same payment page', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page, user, problems } = await shop.openAsUser();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const reference = await reachPaystack(page);
  const paymentPage = page.url();
  const seen: string[] = [];
  await page.exposeFunction('tell', (text: string) => seen.push(text));
  await page.addInitScript(TELL_HEADLINES);
  await page.getByRole('button', { name: 'Cancel and go back' }).click();
  await headline(page, 'No word of your payment yet');
  expect([seen.length > 0, seen.filter((text) => text.includes('do not pay again'))]).toEqual([true, []]);
  expect(new URL(page.url()).search).toBe('');
  expect(await page.locator('main .button').first().textContent()).toBe('Pay ₦3,000.00');
  await page.locator('main .button').first().click();
  await reachPaystack(page);
  expect(page.url()).toBe(paymentPage);
  shop.app.sandbox.pay(reference);
  await shop.app.sandbox.webhooksIdle();
  await page.goBack();
  await headline(page, 'Your order is confirmed');
  expect((await user.client.orders.list.query({})).items).toHaveLength(1);
  expect(problems).toEqual([]);
});

test('cancelling an unpaid order needs a confirmation, and Escape in its dialog changes nothing', async () => {
  const { page, user, problems } = await shop.openAsUser();
  const order = await placeOrder(user, await stockVariant(shop.app.db));
  await page.goto(`${url}/orders/${order.orderId}`);
  const cancel = page.getByRole('button', { name: 'Cancel the order' });
  const dialog = page.getByRole('dialog');
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => dialog.getByRole('button', { name: 'Go back' }).click(),
  ]) {
    await cancel.click();
    await dialog.waitFor();
    await leave();
    await dialog.waitFor({ state: 'detached' });
    // The focus is back on the button that opened the dialog.
    expect(await page.evaluate<string>('document.activeElement?.textContent ?? ""')).toBe('Cancel the order');
  }
  await cancel.click();
  await dialog.getByRole('button', { name: 'Cancel the order' }).click();
  await headline(page, 'This order is cancelled');
  await page.getByText('You cancelled it. You were not charged.').waitFor();
  expect(await user.client.orders.get.query({ id: order.orderId })).toMatchObject({ status: 'cancelled' });
  expect(problems).toEqual([]);
});

test('cancelling an order that was paid and confirmed meanwhile shows the reason and keeps the order', async () => {
  const { page, user, problems } = await shop.openAsUser();
  const order = await placeOrder(user, await stockVariant(shop.app.db));
  await page.goto(`${url}/orders/${order.orderId}`);
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  // The payment arrives after the press and before the cancel request.
  await page.route('**/trpc/orders.cancel', async (route) => {
    shop.app.sandbox.pay(order.txRef);
    await shop.app.mailbox.waitFor(({ to, key }) => to === user.email && key?.includes(':order_confirmed:') === true);
    await route.continue();
  });
  const answer = page.waitForResponse('**/trpc/orders.cancel');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
  expect((await answer).status()).toBe(409);
  await headline(page, 'Your order is confirmed');
  expect(await user.client.orders.get.query({ id: order.orderId })).toMatchObject({ status: 'confirmed' });
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

test('the receipt of a paid order can be saved, and printed without what can only be pressed', async () => {
  const { page, user, problems } = await shop.openAsUser();
  const { orderId, code, txRef } = await placeOrder(user, await stockVariant(shop.app.db));
  await page.goto(`${url}/orders/${orderId}`);
  await headline(page, 'Waiting for your payment');
  expect(await page.getByRole('button', { name: 'Download receipt' }).count()).toBe(0);
  shop.app.sandbox.pay(txRef);
  await headline(page, 'Your order is confirmed');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download receipt' }).click();
  expect((await download).suggestedFilename()).toBe(`receipt-${code}.pdf`);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const shown = (locator: string) => page.locator(locator).first().isVisible();
  expect(await Promise.all(['.nav', '.actions', '.steps', '.promises'].map(shown))).toEqual(Array(4).fill(false));
  expect(await Promise.all(['h1', '.goods', '.totals', 'address', '.brand-name'].map(shown))).toEqual(
    Array(5).fill(true),
  );
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  if (process.env.SCREENSHOTS !== undefined)
    await page.pdf({ path: `${process.env.SCREENSHOTS}/order.pdf`, format: 'A4' });
  expect(problems).toEqual([]);
});

test('after a part refund the sums of the order say what went back and what is paid in the end, in the list as well', async () => {
  const { page, user, problems } = await shop.openAsUser({}, PHONE);
  const staff = await shop.app.signUp({ role: 'owner' });
  const order = await placeOrder(user, await stockVariant(shop.app.db, { price: 640_000 }));
  shop.app.sandbox.pay(order.txRef);
  await page.goto(`${url}/orders/${order.orderId}`);
  await headline(page, 'Your order is confirmed');
  const sums = page.getByRole('region', { name: 'Total' });
  expect(await sums.textContent()).not.toContain('Refund');
  await staff.client.admin.refund.mutate({ key: newActionKey(), id: order.orderId, note: 'torn', amount: 50_050 });
  await sums.getByText('Refund on its way').waitFor();
  const sumOf = async (name: string) =>
    (
      await sums
        .locator('div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
        .locator('dd')
        .textContent()
    )?.trim();
  expect([await sumOf('Total'), await sumOf('Refund on its way'), await sumOf('You will have paid')]).toEqual([
    '₦7,900.00',
    '−₦500.50',
    '₦7,399.50',
  ]);
  await eventually('the refund at Paystack', () => shop.app.sandbox.finishRefunds() > 0);
  await sums.getByText('You paid in the end').waitFor();
  expect([await sumOf('Paid'), await sumOf('Refunded'), await sumOf('You paid in the end')]).toEqual([
    '₦7,900.00',
    '−₦500.50',
    '₦7,399.50',
  ]);
  await check(page, 'an order, refunded in part');
  await page.goto(`${url}/orders`);
  await page.getByText('₦500.50').waitFor();
  expect(problems).toEqual([]);
});

test('a search that finds nothing says what to try, and leads on to categories; a near miss shows the nearest', async () => {
  await stockVariant(shop.app.db, { title: 'Leather slippers', category: 'Shoes' });
  const { page, problems } = await shop.browser.visitor(PHONE);
  const search = async (text: string) => {
    await page.getByLabel('Search products').fill(text);
    await page.keyboard.press('Enter');
  };
  await page.goto(url);
  await search('xylophone');
  await page.getByText('Nothing matches “xylophone”').waitFor();
  await page.getByText('Check the spelling, or search by one word').waitFor();
  await check(page, 'nothing found');
  await search('lether slippers');
  await page.getByText('Nothing is spelt like that. These are the nearest:').waitFor();
  await page.getByRole('link', { name: 'Leather slippers' }).waitFor();
  await search('leather xylophone');
  await page.getByText('Nothing has all of these words. These have some of them:').waitFor();
  await page.getByRole('link', { name: 'Leather slippers' }).waitFor();
  await search('xylophone');
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Shoes' }).click();
  await page.getByRole('heading', { name: 'Shoes' }).waitFor();
  await page.getByRole('link', { name: 'Leather slippers' }).waitFor();
  await page.goto(`${url}/?category=Nothing+of+it&q=leather`);
  await page.getByRole('link', { name: 'Search all categories' }).click();
  await page.getByRole('link', { name: 'Leather slippers' }).waitFor();
  expect(problems).toEqual([]);
});
