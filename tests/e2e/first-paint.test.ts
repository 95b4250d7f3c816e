/** Pages as they arrive: content in the HTML, taken over by the browser without a fault, within budgets on slow phones. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockVariant } from '../support/stocked-variant.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';

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
