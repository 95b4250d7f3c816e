/** Staff ship an order in parts and take back what was a mistake; the customer's page shows the parcels and what still comes. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stockVariant } from '../support/stocked-variant.ts';
import { type BrowserShop, headline, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
  const owner = await shop.app.signUp({ role: 'owner' });
  const carriers = [{ name: 'GIG Logistics', trackingUrl: 'https://gig.example/{tracking}' }];
  await owner.client.admin.setCarriers.mutate({ version: 0, carriers });
});
afterAll(() => shop.close());

test('a parcel of one unit of three, a corrected number, a voided pick-up', async () => {
  const shopper = await shop.openAsUser();
  const order = await placeOrder(shopper.user, await stockVariant(shop.app.db), 3);
  shop.app.sandbox.pay(order.txRef);
  await shopper.page.goto(`${shop.app.url}/orders/${order.orderId}`);
  await headline(shopper.page, 'Your order is confirmed');

  const { page, problems } = await shop.openAsUser({ role: 'packer' });
  await page.goto(`${shop.app.url}/desk/orders/${order.orderId}`);
  const dialog = page.getByRole('dialog');
  const open = (button: string) => page.getByRole('button', { name: button, exact: true }).click();
  const confirm = (button: string) => dialog.getByRole('button', { name: button, exact: true }).click();

  await open('Ship');
  await dialog.getByRole('spinbutton').fill('1');
  await dialog.getByLabel('Courier').fill('GIG Logistics');
  await dialog.getByLabel('Tracking number').fill('GIG-1');
  await dialog.getByText('What it does').waitFor();
  await confirm('Ship');
  await page.getByText('Shipped. The customer is told by email.').waitFor();
  await shopper.page.getByRole('heading', { name: 'Still to come' }).waitFor();
  await headline(shopper.page, 'A part of your order has left');
  const link = shopper.page.getByRole('link', { name: 'Track this parcel' });
  expect(await link.getAttribute('href')).toBe('https://gig.example/GIG-1');

  await open('Correct tracking Parcel 1');
  await dialog.getByLabel('Tracking number').fill('GIG-2');
  await confirm('Correct tracking');
  await shopper.page.getByText('GIG-2').waitFor();

  await open('Ship');
  await dialog.getByLabel('How it goes').selectOption('pickup');
  await confirm('Ship');
  await page.getByText('Ready. The customer is told by email.').waitFor();
  await shopper.page.getByRole('heading', { name: 'Pick-up 2 of 2' }).waitFor();
  await open('Void Pick-up 2');
  await dialog.getByLabel('Reason, for our own books').fill('the customer cannot come');
  await dialog.getByText('to be shipped again').waitFor();
  await confirm('Void');
  await page.getByText('Voided. Its units are to be shipped again.').waitFor();
  await shopper.page.getByRole('heading', { name: 'Still to come' }).waitFor();

  await open('Mark as delivered Parcel 1');
  await confirm('Mark as delivered');
  await open('Not delivered Parcel 1');
  await dialog.getByLabel('Reason, for our own books').fill('the neighbour’s parcel');
  await confirm('Not delivered');
  await page.getByText('Taken back.').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await shopper.page.setViewportSize({ width: 390, height: 844 });
  for (const one of [page, shopper.page]) {
    expect(await one.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  }
  expect([...problems, ...shopper.problems]).toEqual([]);
});
