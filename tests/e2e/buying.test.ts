/** Buying in the browser, from the search to the confirmed order, when the payment takes a detour, and when it is called off. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockGoods } from '../support/shop-goods.ts';
import { placeOrder } from './order-of.ts';
import {
  addToCart,
  checkOut,
  decide,
  headline,
  openShopFloor,
  payByCard,
  reachPaystack,
  type ShopFloor,
} from './test-shop.ts';

jest.setTimeout(60_000);

let shop: ShopFloor;
let url: string;
beforeAll(async () => {
  shop = await openShopFloor();
  url = shop.world.url;
});
afterAll(() => shop.close());

test('a shopper searches, signs up on the way, pays, and sees the order confirmed without lifting a finger', async () => {
  await stockGoods(shop.world.db, { title: 'Indigo scarf', category: 'Clothing', price: 450_000 });
  const { page, problems } = await shop.browser.visitor();
  await page.goto(url);
  await page.getByLabel('Search products').fill('indigo');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Indigo scarf' }).click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Your name').fill('Amara Okafor');
  await page.getByLabel('Email').fill('amara@example.com');
  await page.getByLabel('Password').fill('tea with the neighbours');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  expect(await page.getByLabel('Full name').inputValue()).toBe('Amara Okafor');
  await checkOut(page, url);
  await reachPaystack(page);
  await payByCard(page);
  await headline(page, 'Your order is confirmed');
  expect(await page.title()).toMatch(/^Order [0-9A-Z]{12} · Shop$/);
  await page.getByRole('link', { name: 'Cart', exact: true }).click();
  await page.getByText('Your cart is empty').waitFor();
  const mail = await shop.world.mailbox.waitFor(({ to }) => to === 'amara@example.com');
  expect(mail.key).toMatch(/:order_confirmed:/);
  expect(problems).toEqual([]);
});

test('a shopper whose card is declined is told that nothing was charged, and pays with another', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const first = await reachPaystack(page);
  await decide(page, 'Decline the card');
  await page.getByText('You were not charged').waitFor();
  await page.getByRole('button', { name: 'Cancel and go back' }).click();
  await headline(page, 'The payment did not go through');
  await page.getByRole('button', { name: /^Try again: pay/ }).click();
  const second = await reachPaystack(page);
  expect(second).not.toBe(first);
  await payByCard(page);
  await headline(page, 'Your order is confirmed');
  expect(problems).toEqual([]);
});

test('a shopper who closes the tab right after paying finds the order confirmed later', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, newTab, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const reference = await reachPaystack(page);
  // The browser is gone before Paystack's redirect reaches the shop: only the webhook tells.
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

test('a shopper back from Paystack without news is not asked to pay again, and is led to the same payment page', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page, problems } = await shop.enter();
  await addToCart(page, url, slug);
  await checkOut(page, url);
  const reference = await reachPaystack(page);
  const paymentPage = page.url();
  await page.clock.install();
  await page.getByRole('button', { name: 'Cancel and go back' }).click();
  await headline(page, 'Checking your payment');
  expect(await page.getByRole('button', { name: /pay/i }).count()).toBe(0);
  await page.clock.fastForward(11_000);
  await headline(page, 'No word of your payment yet');
  await page.getByRole('button', { name: 'Back to the payment page' }).click();
  await reachPaystack(page);
  expect(page.url()).toBe(paymentPage);
  shop.world.sandbox.pay(reference);
  await shop.world.sandbox.webhooksIdle();
  await page.goBack();
  await headline(page, 'Your order is confirmed');
  expect(problems).toEqual([]);
});

test('a shopper cancels an unpaid order after being asked once more, and Escape at the question changes nothing', async () => {
  const { page, user, problems } = await shop.enter();
  const order = await placeOrder(user, await stockGoods(shop.world.db));
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
    // Back where one was.
    expect(await page.evaluate<string>('document.activeElement?.textContent ?? ""')).toBe('Cancel the order');
  }
  await cancel.click();
  await dialog.getByRole('button', { name: 'Cancel the order' }).click();
  await headline(page, 'This order is cancelled');
  await page.getByText('You cancelled it. You were not charged.').waitFor();
  expect(await user.client.orders.get.query({ id: order.orderId })).toMatchObject({ status: 'cancelled' });
  expect(problems).toEqual([]);
});

test('a shopper who cancels what was paid and confirmed meanwhile is told so, and the order stands', async () => {
  const { page, user, problems } = await shop.enter();
  const order = await placeOrder(user, await stockGoods(shop.world.db));
  await page.goto(`${url}/orders/${order.orderId}`);
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  // The payment comes between the press and the server.
  await page.route('**/trpc/orders.cancel', async (route) => {
    shop.world.sandbox.pay(order.txRef);
    await shop.world.mailbox.waitFor(({ to, key }) => to === user.email && key?.includes(':order_confirmed:') === true);
    await route.continue();
  });
  const answer = page.waitForResponse('**/trpc/orders.cancel');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
  expect((await answer).status()).toBe(409);
  await headline(page, 'Your order is confirmed');
  expect(await user.client.orders.get.query({ id: order.orderId })).toMatchObject({ status: 'confirmed' });
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});
