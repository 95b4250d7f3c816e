import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { aParcelOf } from '../support/action-keys.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';
import { type BrowserShop, headline, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

/** A confirmed order of this shopper, placed through the API. */
async function buy(shopper: SignedIn, card: 'success' | 'refund-needs-attention' = 'success') {
  const order = await placeOrder(shopper, await stockVariant(shop.app.db));
  shop.app.sandbox.pay(order.txRef, { card });
  await shop.app.mailbox.waitFor(({ to, key }) => to === shopper.email && key?.includes(':order_confirmed:') === true);
  return order;
}

/** `about`: the full name of the button on the page, where several have the same text. */
async function confirm(
  page: Page,
  button: string,
  fields: Record<string, string> = {},
  about: string = button,
): Promise<void> {
  await page.getByRole('button', { name: about, exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(fields)) await dialog.getByLabel(label).fill(text);
  await dialog.getByRole('button', { name: button, exact: true }).click();
}

test('staff ship, deliver and refund an order, and the shopper’s page shows each step', async () => {
  const shopper = await shop.openAsUser();
  const order = await buy(shopper.user);
  await shopper.page.goto(`${url}/orders/${order.orderId}`);
  await headline(shopper.page, 'Your order is confirmed');

  const { page, problems } = await shop.openAsUser({ role: 'owner', name: 'Sola Staff' });
  await page.goto(`${url}/desk/attention`);
  for (const wanted of [shopper.user.email, order.txRef, order.code.toLowerCase()]) {
    await page.getByLabel('Code, name, email, phone or SKU').fill(wanted);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Orders for “${wanted}”` }).waitFor();
    await page.getByRole('link', { name: order.code }).waitFor();
  }
  await page.getByRole('link', { name: order.code }).click();

  await confirm(page, 'Ship', { Courier: 'GIG Logistics', 'Tracking number': 'GIG-12345' });
  await page.getByText('Shipped. The customer is told by email.').waitFor();
  await headline(shopper.page, 'Your order is on its way');
  await shopper.page.getByText('GIG-12345').waitFor();

  await confirm(page, 'Mark as delivered', {}, 'Mark as delivered Parcel 1');
  await headline(shopper.page, 'Your order was delivered');

  await confirm(page, 'Refund', { 'Another amount in NGN': '500', 'Note for our own books': 'A scratch' });
  await page.getByText('Refund requested.').waitFor();
  await shopper.page.getByText('Refund on its way').first().waitFor();
  await page.getByText('sent to Paystack').waitFor();
  shop.app.sandbox.finishRefunds();
  await shopper.page.locator('.refund', { hasText: 'Refunded' }).getByText('₦500.00').waitFor();
  await page.locator('.entry', { hasText: 'A scratch' }).getByText('processed').waitFor();

  await page.getByRole('button', { name: 'Resend Order on its way' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Resend/ })
    .click();
  await page.getByText('The email is sent once more.').waitFor();
  expect([...problems, ...shopper.problems]).toEqual([]);
});

test('an action shows its effects, is refused once a colleague was first, and the page then says why', async () => {
  const shopper = await shop.app.signUp();
  const order = await buy(shopper);
  const { page, problems } = await shop.openAsUser({ role: 'owner' });
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await page.getByRole('button', { name: 'Cancel order' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The order goes from confirmed to cancelled.').waitFor();
  await dialog.getByText(`is cancelled – Test Shop” to ${shopper.email}`).waitFor();

  const colleague = await shop.app.signUp({ role: 'owner' });
  await colleague.client.admin.ship.mutate(aParcelOf(order.orderId));
  await dialog.getByRole('button', { name: 'Cancel order' }).click();
  await dialog.getByText('The order has changed since the preview; look at the new one.').waitFor();
  await dialog.getByText('Not possible now: a shipped order cannot be cancelled; refund it instead.').waitFor();
  await dialog.getByRole('button', { name: 'Go back' }).click();
  await page.getByRole('button', { name: 'Mark as delivered' }).waitFor();
  expect(await page.getByRole('button', { name: 'Cancel order' }).count()).toBe(0);
  await page.getByText('a shipped order cannot be cancelled; refund it instead').waitFor();
  expect(problems).toEqual([expect.stringMatching(/^409 POST/)]);
});

test('a refund above the paid amount shows an error, and nothing is refunded', async () => {
  const order = await buy(await shop.app.signUp());
  const { page, problems } = await shop.openAsUser({ role: 'owner' });
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await confirm(page, 'Refund', { 'Another amount in NGN': '999999', 'Note for our own books': 'Too much' });
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Go back' }).click();
  expect(shop.app.sandbox.transaction(order.txRef).refunds).toEqual([]);
  expect(problems).toEqual([expect.stringMatching(/^422 POST/)]);
});

test('a refund that needs attention is listed on the staff page with advice', async () => {
  const shopper = await shop.openAsUser();
  const order = await buy(shopper.user, 'refund-needs-attention');
  const { page, problems } = await shop.openAsUser({ role: 'owner' });
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await confirm(page, 'Cancel order');
  await page.getByText('Cancelled. What is left of the payment is refunded').waitFor();
  await page.getByText('sent to Paystack').waitFor();
  shop.app.sandbox.finishRefunds();
  await page
    .getByText(/bank details: enter them/)
    .first()
    .waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Needs attention' }).click();
  const waiting = page.getByRole('region', { name: 'Refunds needing attention' });
  await waiting.getByRole('link', { name: order.code }).waitFor();
  await shopper.page.goto(`${url}/orders/${order.orderId}`);
  await shopper.page.getByText('Refund being looked after').first().waitFor();
  expect([...problems, ...shopper.problems]).toEqual([]);
});

test('customers read at the desk that it is for staff', async () => {
  const { page, problems } = await shop.openAsUser();
  await page.goto(`${url}/desk/attention`);
  await page.getByRole('heading', { name: 'This page is for staff' }).waitFor();
  expect(problems).toEqual([]);
});
