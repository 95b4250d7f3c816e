/** Staff answer disputes on the order's page: evidence and a file, or the money back, with the effects shown before. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(60_000);

let shop: BrowserShop;
beforeAll(async () => {
  shop = await startBrowserShop();
});
afterAll(() => shop.close());

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

async function placeDisputedOrder() {
  const { app } = shop;
  const shopper = await app.signUp();
  const order = await placeOrder(shopper, await stockVariant(app.db));
  app.sandbox.pay(order.txRef);
  await app.mailbox.waitFor(({ to, key }) => to === shopper.email && key?.includes(':order_confirmed:') === true);
  const { id } = app.sandbox.openDispute(order.txRef, { category: 'fraud' });
  await app.sandbox.webhooksIdle();
  return { ...order, dispute: id };
}

test('a dispute is found by its deadline, declined with drafted evidence and a file, and is then with the bank', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' }, PHONE);
  const order = await placeDisputedOrder();
  await page.goto(`${shop.app.url}/desk/attention`);
  await page.getByRole('region', { name: 'Open disputes' }).getByRole('link', { name: order.code }).click();
  await page.getByText('answer it below by').waitFor();
  await check(page, 'an order with a dispute');
  await page.getByRole('button', { name: /^Decline/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Message').fill('It was delivered and signed for.');
  await dialog.getByLabel('What was sold').waitFor();
  expect(await dialog.getByLabel('What was sold').inputValue()).toContain(order.code);
  await dialog
    .getByLabel('A file of your own')
    .setInputFiles({ name: 'x.svg', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
  await dialog.getByText('It must be a PDF, a JPEG or a PNG').waitFor();
  await dialog
    .getByLabel('A file of your own')
    .setInputFiles({ name: 'signed.png', mimeType: 'image/png', buffer: PNG });
  await dialog.getByText('signed.png is attached.').waitFor();
  await dialog.getByText('What it does:').waitFor();
  await check(page, 'declining a dispute');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download the receipt' }).click();
  expect((await download).suggestedFilename()).toBe(`receipt-${order.code}.pdf`);
  await dialog.getByRole('button', { name: /^Decline/ }).click();
  await page.getByText('The answer is stored').waitFor();
  await page.getByText('the bank decides').first().waitFor();
  await page.getByText('at Paystack', { exact: true }).waitFor();
  await check(page, 'an answered dispute');
  const { fileName, evidence } = shop.app.sandbox.dispute(order.dispute);
  expect(shop.app.sandbox.uploadedFile(fileName ?? '')?.equals(PNG)).toBe(true);
  expect(evidence?.serviceDetails).toContain(order.code);
  // The refused file.
  expect(problems.filter((problem) => !problem.includes('400'))).toEqual([]);
});

test('accepting a dispute shows what goes back before, and the order ends as refunded', async () => {
  const { page, problems } = await shop.openAsUser({ role: 'owner' });
  const order = await placeDisputedOrder();
  await page.goto(`${shop.app.url}/desk/orders/${order.orderId}`);
  await page.getByRole('button', { name: /^Give the money back/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^At most/).waitFor();
  await dialog.getByLabel('Message').fill('We give it back.');
  await dialog.getByText('goes back through Paystack for the dispute').waitFor();
  await check(page, 'accepting a dispute');
  await dialog.getByRole('button', { name: /^Give the money back/ }).click();
  await eventually('the order to end', async () => {
    const stored = await shop.app.db.orders.findOne({ code: order.code }).lean();
    return stored?.status === 'refunded';
  });
  await page.getByText('Accepted').first().waitFor();
  expect(problems).toEqual([]);
});
