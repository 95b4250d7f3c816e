/** Pages as they arrive: content in the HTML, taken over by the browser without a fault, within budgets on slow phones. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockVariant } from '../support/stocked-variant.ts';
import { check } from './axe.ts';
import { type BrowserShop, headline, signIn, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

test('home and product come with their content, and are taken over as they are', async () => {
  const { slug } = await stockVariant(shop.app.db, { title: 'First bowl' });
  const { page, problems } = await shop.browser.visitor();
  const calls: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/trpc/')) calls.push(new URL(request.url()).pathname);
  });
  const withoutScript = await shop.browser.visitor({ javaScriptEnabled: false });
  for (const path of ['/', `/products/${slug}`, '/?q=bowl']) {
    await withoutScript.page.goto(url + path);
    await withoutScript.page.getByText('First bowl').first().waitFor();
    await page.goto(url + path);
    await page.getByText('First bowl').first().waitFor();
    await page.waitForLoadState('networkidle');
  }
  expect(calls).toEqual([]);
  expect([...problems, ...withoutScript.problems]).toEqual([]);
});

test('a browser without the session hears of the payment after the return, sees nothing private, and signs in there', async () => {
  const item = await stockVariant(shop.app.db, { title: 'Private bowl' });
  const { page, problems, user } = await shop.openAsUser();
  const { orderId, txRef } = await placeOrder(user, item);
  const code = txRef.split('-')[1] ?? '';
  const stranger = await shop.browser.visitor({ viewport: { width: 390, height: 844 } });
  await stranger.page.goto(`${url}/orders/verify-payment/${txRef}`);
  await stranger.page.waitForURL(`${url}/orders/${orderId}`);
  await stranger.page.getByText(`No payment for order ${code} has come in yet`).waitFor();
  shop.app.sandbox.pay(txRef);
  await stranger.page.getByText(`The payment for order ${code} has been received`).waitFor();
  expect(await stranger.page.content()).not.toMatch(/Private bowl|Admiralty|@example\.com/);
  const other = await shop.openAsUser();
  await other.page.goto(`${url}/orders/verify-payment/${txRef}`);
  await other.page.getByText(`The payment for order ${code} has been received`).waitFor();
  await other.page.getByText('You are signed in with another account').waitFor();
  await check(other.page, 'the return of another account');
  expect(await other.page.content()).not.toMatch(/Private bowl|Admiralty/);
  await check(stranger.page, 'the return without a session');
  await signIn(stranger.page, user.email);
  await headline(stranger.page, 'Your order is confirmed');
  await page.goto(`${url}/orders/${orderId}`);
  await headline(page, 'Your order is confirmed');
  await stranger.page.goto(`${url}/orders/verify-payment/ord-NOSUCHORDER1-1`);
  await stranger.page.getByRole('heading', { name: 'We know no such payment' }).waitFor();
  await check(stranger.page, 'the return with an unknown reference');
  expect(problems).toEqual([]);
  expect(stranger.problems).toEqual(['404 GET /orders/verify-payment/ord-NOSUCHORDER1-1']);
});
