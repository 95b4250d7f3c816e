/** People who share one address, as behind the router of a campus: the calls of their pages count by their accounts. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type StockedVariant, stockVariant } from '../support/stocked-variant.ts';
import { addToCart, type BrowserShop, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(240_000);

const CALLS = 25;

let shop: BrowserShop;
let items: StockedVariant[];
beforeAll(async () => {
  shop = await startBrowserShop({ env: { CALLS_PER_MINUTE: String(CALLS) } });
  items = [await stockVariant(shop.app.db), await stockVariant(shop.app.db)];
});
afterAll(() => shop.close());

test('three who are signed in go on shopping after strangers have used up the limit of their common address', async () => {
  const { url } = shop.app;
  const people = [await shop.openAsUser(), await shop.openAsUser(), await shop.openAsUser()];
  // As strangers use it up.
  for (let n = 0; n <= CALLS; n += 1) await fetch(`${url}/trpc/catalog.products?input={}`);
  expect((await fetch(`${url}/trpc/catalog.products?input={}`)).status).toBe(429);
  for (const { page, problems } of people) {
    for (const { slug } of items) await addToCart(page, url, slug);
    for (const [path, text] of [
      ['/', 'Thing'],
      ['/cart', 'Check out'],
      ['/checkout', 'Street and house number'],
      ['/orders', 'You have not ordered anything yet'],
      ['/account', 'Where you are signed in'],
    ] as const) {
      await page.goto(url + path);
      await page.getByText(text).first().waitFor();
    }
    // Browsers request the pages themselves without a session. Those without content still fetch it.
    expect(problems.filter((problem) => !/^503 GET \/products\//.test(problem))).toEqual([]);
    await page.context().close();
  }
});
