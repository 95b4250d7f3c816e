import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { PASSWORD } from '../support/test-app.ts';
import {
  addToCart,
  type BrowserShop,
  checkOut,
  headline,
  payByCard,
  reachPaystack,
  startBrowserShop,
} from './browser-shop.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
});
afterAll(() => shop.close());

test('Agendash rejects requests without credentials and with those of a customer', async () => {
  const address = `${shop.app.url}/agendash/`;
  const stranger = await shop.browser.visitor();
  // A Chromium without a window shows the refusal as a page; one with a window fails, because it has no credentials.
  const refused = await stranger.page.goto(address).then((reply) => reply?.status(), String);
  expect(String(refused)).toMatch(/^401$|ERR_INVALID_AUTH_CREDENTIALS/);
  const customer = await shop.app.signUp();
  const credentials = { username: customer.email, password: PASSWORD };
  const { page } = await shop.browser.visitor({ httpCredentials: credentials });
  expect((await page.goto(address))?.status()).toBe(401);
  expect(await page.getByText('All Jobs').count()).toBe(0);
});

test('Agendash shows staff the outcome of a settlement', async () => {
  const { slug } = await stockVariant(shop.app.db);
  const { page: shopper } = await shop.openAsUser();
  await addToCart(shopper, shop.app.url, slug);
  await checkOut(shopper, shop.app.url);
  await reachPaystack(shopper);
  await payByCard(shopper);
  await headline(shopper, 'Your order is confirmed');

  const staff = await shop.app.signUp({ role: 'owner' });
  const { page, problems } = await shop.browser.visitor({
    httpCredentials: { username: staff.email, password: PASSWORD },
  });
  // A run goes on for a second after its last settlement; its row is "Running" until then, and the page is read once.
  const jobs = shop.app.db.connection.collection('agendaJobs');
  await eventually('the end of the run', () =>
    jobs.findOne({ name: 'processOrderPayment', lastFinishedAt: { $ne: null } }),
  );
  await page.goto(`${shop.app.url}/agendash/`);
  const run = page.locator('tr', { hasText: 'processOrderPayment' }).filter({ hasText: 'Completed' }).first();
  await run.getByTitle('Job Data').click();
  await page.getByText('settled 1, cancelled 0, parked 0').first().waitFor();
  // The first request has no credentials, as with any basic authentication.
  expect(problems.filter((problem) => problem !== '401 GET /agendash/')).toEqual([]);
});
