/** The staff page: lists of work, corrections, notes and tags, and a page that fails or whose code is gone. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import type { SignedIn } from '../support/test-app.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
let url: string;
beforeAll(async () => {
  shop = await startBrowserShop();
  url = shop.app.url;
});
afterAll(() => shop.close());

const mailed = (email: string, kind: string) =>
  shop.app.mailbox.waitFor(({ to, key }) => to === email && key?.includes(`:${kind}:`) === true);

async function buy(shopper: SignedIn) {
  const order = await placeOrder(shopper, await stockVariant(shop.app.db));
  shop.app.sandbox.pay(order.txRef);
  return order;
}

const list = (page: Page, name: string) => page.getByRole('region', { name });

async function confirm(page: Page, button: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
}

test('what waits for a person is listed: disputes by deadline, failed emails', async () => {
  const first = await shop.app.signUp({ name: 'ليلى حسن' });
  const second = await shop.app.signUp();
  const older = await buy(first);
  await mailed(first.email, 'order_confirmed');
  shop.app.mailbox.script({ to: second.email, fault: { kind: 'bad-address' } });
  const newer = await buy(second);
  const { page, problems } = await shop.openAsUser({ role: 'manager' }, PHONE);
  await page.goto(`${url}/desk/attention`);
  const failed = list(page, 'Failed emails');
  await failed.getByRole('link', { name: newer.code }).waitFor();
  await failed.getByText(`“Order confirmed” to`).waitFor();

  shop.app.sandbox.openDispute(older.txRef, { dueAt: new Date('2031-05-04T03:02:01Z') });
  await eventually('the dispute to be stored', async () =>
    Boolean(await shop.app.db.orders.exists({ code: older.code, disputeAnswerBy: { $exists: true } })),
  );
  await page.reload();
  await list(page, 'Open disputes').getByRole('link', { name: older.code }).waitFor();
  await list(page, 'Open disputes').getByText('A dispute must be answered by 4 May 2031').waitFor();
  // A name of another direction is isolated from what stands around it.
  expect(await page.locator('bdi', { hasText: 'ليلى حسن' }).count()).toBeGreaterThan(0);
  await check(page, 'the lists of work');
  await failed.getByRole('link', { name: newer.code }).click();
  await page.getByRole('heading', { name: `Order ${newer.code}` }).waitFor();
  expect(problems).toEqual([]);
});

test('contact and address are corrected, and the customer’s email and page follow', async () => {
  const shopper = await shop.openAsUser();
  const { email } = shopper.user;
  shop.app.mailbox.script({ to: email, fault: { kind: 'bad-address' } });
  const order = await buy(shopper.user);
  const { page, problems } = await shop.openAsUser({ role: 'manager', name: 'Sola Staff' }, PHONE);
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await list(page, 'Emails').getByText('could not be sent').waitFor();

  await page.getByRole('button', { name: 'Correct contact' }).click();
  await page.getByText('With another email, the email that could not be sent is sent there.').waitFor();
  await check(page, 'the dialog of the contact');
  await page.getByRole('dialog').getByLabel('Email', { exact: true }).fill(`right-${email}`);
  await confirm(page, 'Correct contact');
  await page.getByText('Saved. Different from the checkout: email. The price stays as it was paid.').waitFor();
  await mailed(`right-${email}`, 'order_confirmed');

  await page.getByRole('button', { name: 'Correct address' }).click();
  await check(page, 'the dialog of the address');
  await page.getByRole('dialog').getByLabel('Street and house number').fill('7 Broad Street');
  await confirm(page, 'Correct address');
  await page.getByText('Saved. Different from the checkout: email, street.').waitFor();
  await page.getByText('Street at the checkout').waitFor();
  await shopper.page.goto(`${url}/orders/${order.orderId}`);
  await shopper.page.getByText('7 Broad Street').waitFor();

  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('Moved house.\nCalls before noon.');
  await confirm(page, 'Add note');
  await page.locator('.note-text', { hasText: 'Calls before noon.' }).waitFor();
  await page.getByRole('button', { name: 'Edit tags' }).click();
  await page.getByRole('dialog').getByLabel('Tags').fill('VIP, moved house');
  await confirm(page, 'Edit tags');
  await check(page, 'a corrected order');
  await page.getByRole('button', { name: 'Delete these' }).click();
  await confirm(page, 'Delete these');
  await page.getByText('The earlier values are deleted.').waitFor();
  expect(await list(page, 'Before the corrections').count()).toBe(0);

  await page.getByRole('link', { name: 'moved house' }).click();
  await page.getByRole('heading', { name: 'Orders with the tag “moved house”' }).waitFor();
  await page.getByRole('link', { name: order.code }).waitFor();
  expect([...problems, ...shopper.problems]).toEqual([]);
});

test('the link to pay is sent from the page of an unpaid order, whose declined attempt shows when and why', async () => {
  const shopper = await shop.app.signUp();
  const order = await placeOrder(shopper, await stockVariant(shop.app.db));
  shop.app.sandbox.pay(order.txRef, { card: 'insufficient-funds' });
  await fetch(`${url}/orders/verify-payment/${order.txRef}`, { headers: { accept: 'application/json' } });
  const { page, problems } = await shop.openAsUser({ role: 'manager' });
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await list(page, 'Payments')
    .getByText(/^Declined .*: the bank says “.+”\.$/)
    .waitFor();
  await page.getByRole('button', { name: 'Send the link to pay' }).click();
  await confirm(page, 'Send the link to pay');
  await page.getByText('The link is sent to the customer by email.').waitFor();
  const mail = await mailed(shopper.email, 'payment_link');
  expect(mail.text).toMatch(new RegExp(`^Pay for your order: http.*/orders/${order.orderId}$`, 'm'));
  expect(problems).toEqual([]);
});

test('a page that fails while it is shown says so and leads on', async () => {
  const order = await buy(await shop.app.signUp());
  const { page } = await shop.openAsUser({ role: 'manager' });
  await page.route(/\/trpc\/admin\.order\b/, async (route) => {
    const reply = await route.fetch();
    await route.fulfill({ response: reply, body: (await reply.text()).replace(/"items":\[/, '"items":null,"lost":[') });
  });
  await page.goto(`${url}/desk/orders/${order.orderId}`);
  await page.getByText('Something in it failed').waitFor();
  await check(page, 'a page that failed');
  await page.getByRole('link', { name: 'Needs attention' }).click();
  await list(page, 'Failed emails').waitFor();
  await page.goBack();
  await page.getByText('Something in it failed').waitFor();
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.getByRole('heading', { name: `Order ${order.code}` }).waitFor();
});

test('a page whose code is gone after a release is loaded once more, and never in a loop', async () => {
  const { page } = await shop.openAsUser({ role: 'manager' });
  let isGone = true;
  let loads = 0;
  await page.route(/attention-page-.*\.js$/, (route) =>
    isGone ? route.fulfill({ status: 404, body: '' }) : route.continue(),
  );
  await page.route(/\/desk\/attention$/, (route) => {
    loads += 1;
    return route.continue();
  });
  await page.goto(`${url}/desk/orders`);
  await page.getByRole('link', { name: 'Needs attention' }).click();
  await page.getByText('Something in it failed').waitFor();
  expect(loads).toBe(1);

  await page.goto(`${url}/desk/orders`);
  await page.getByRole('link', { name: 'Needs attention' }).hover();
  await page.unroute(/\/desk\/attention$/);
  await page.route(/\/desk\/attention$/, (route) => {
    isGone = false;
    return route.continue();
  });
  await page.getByRole('link', { name: 'Needs attention' }).click();
  await list(page, 'Failed emails').waitFor();
});
