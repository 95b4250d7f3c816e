/** Agendash in a browser: closed to strangers and customers, and for staff it shows what each run came to. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockGoods } from '../support/shop-goods.ts';
import { PASSWORD } from '../support/test-app.ts';
import { addToCart, checkOut, headline, openShopFloor, payByCard, reachPaystack, type ShopFloor } from './test-shop.ts';

jest.setTimeout(60_000);

let shop: ShopFloor;
beforeAll(async () => {
  shop = await openShopFloor();
});
afterAll(() => shop.close());

test('without credentials, and with a customer’s, there is no dashboard', async () => {
  const address = `${shop.world.url}/agendash/`;
  const stranger = await shop.browser.visitor();
  await expect(stranger.page.goto(address)).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS');
  const customer = await shop.world.signUp();
  const credentials = { username: customer.email, password: PASSWORD };
  const { page } = await shop.browser.visitor({ httpCredentials: credentials });
  expect((await page.goto(address))?.status()).toBe(401);
  expect(await page.getByText('All Jobs').count()).toBe(0);
});

test('staff see what a settlement came to', async () => {
  const { slug } = await stockGoods(shop.world.db);
  const { page: shopper } = await shop.enter();
  await addToCart(shopper, shop.world.url, slug);
  await checkOut(shopper, shop.world.url);
  await reachPaystack(shopper);
  await payByCard(shopper);
  await headline(shopper, 'Your order is confirmed');

  const staff = await shop.world.signUp({ role: 'staff' });
  const { page, problems } = await shop.browser.visitor({
    httpCredentials: { username: staff.email, password: PASSWORD },
  });
  await page.goto(`${shop.world.url}/agendash/`);
  const run = page.locator('tr', { hasText: 'processOrderPayment' }).filter({ hasText: 'Completed' }).first();
  await run.getByTitle('Job Data').click();
  await page.getByText('settled 1, cancelled 0, parked 0').first().waitFor();
  // The browser asks without credentials first, and is told which ones are wanted.
  expect(problems.filter((problem) => problem !== '401 GET /agendash/')).toEqual([]);
});
