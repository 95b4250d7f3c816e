/** The jobs at the desk: read, a sweep pressed and its outcome, and the way from a failure to its order. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { makeCatalogue, makePaidOrder } from '../support/orders.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';

jest.setTimeout(240_000);

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop({ env: { SWEEP_SECONDS: '3600' } });
});
afterAll(() => shop.close());

test('a manager presses a sweep, reads its outcome, and opens the order of a failure', async () => {
  const [variant] = await makeCatalogue(shop.app.db);
  if (!variant) throw new Error('no variant was made');
  const parked = await makePaidOrder(shop.app.db, { lines: [{ variant, quantity: 1 }] });
  const at = new Date();
  const settlement = { attempts: 8, lastError: 'Error: planted', parkedAt: at };
  const failures = [{ job: 'processOrderPayment', error: 'Error: planted', at, times: 8 }];
  await shop.app.db.orders.updateOne({ _id: parked._id }, { $set: { settlement, failures } });
  const { page, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${shop.app.url}/desk`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Jobs' }).click();
  await page.getByRole('heading', { name: 'Failures' }).waitFor();
  await check(page, 'jobs');
  await page.getByRole('button', { name: 'Sweep now' }).click();
  await page.getByText('Swept').waitFor();
  await page.getByText(/, at \d+\s\w+\s\d+/).waitFor();
  await check(page, 'jobs, after a sweep');
  await page.getByRole('link', { name: parked.code }).click();
  await page.getByRole('heading', { name: new RegExp(parked.code) }).waitFor();
  await page.goto(`${shop.app.url}/desk/jobs`);
  await page.getByRole('button', { name: 'Jobs in Agendash' }).click();
  // Agendash hides its list on a phone.
  await page.getByText('All Jobs').first().waitFor({ state: 'attached' });
  expect(problems).toEqual([]);
});

test('a packer is shown neither the place nor the page', async () => {
  const { page } = await shop.openAsUser({ role: 'packer' });
  await page.goto(`${shop.app.url}/desk/jobs`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  expect(await page.getByRole('link', { name: 'Jobs' }).count()).toBe(0);
});
