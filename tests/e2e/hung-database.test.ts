/** A browser that comes back from paying while no command of the database is answered. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type FaultyMongo, startFaultyMongo, VICTIM } from '../support/faulty-mongo.ts';
import { stockVariant } from '../support/stocked-variant.ts';
import { check, PHONE } from './axe.ts';
import { type BrowserShop, headline, startBrowserShop } from './browser-shop.ts';
import { placeOrder } from './place-order.ts';

jest.setTimeout(240_000);

/** A page comes within 5 s; the rest is reserve for a busy machine. */
const PAGE_WITHIN_MS = 5_500 + 3_000;
const COMMANDS = ['find', 'aggregate', 'insert', 'update', 'delete', 'findAndModify', 'getMore', 'commitTransaction'];

let mongo: FaultyMongo;
let shop: BrowserShop;
beforeAll(async () => {
  mongo = await startFaultyMongo();
  shop = await startBrowserShop({ env: { MONGODB_URI: mongo.uri }, context: { appName: VICTIM } });
});
afterAll(async () => {
  await mongo.heal();
  await shop.close();
  await mongo.stop();
});

test('the return link is a page that says that nothing is lost, the order’s page is one, and afterwards both show the order', async () => {
  const { page, user } = await shop.openAsUser({}, PHONE);
  const { txRef, orderId } = await placeOrder(user, await stockVariant(shop.app.db));
  shop.app.sandbox.pay(txRef, { webhook: 'lose' });
  const back = `${shop.app.url}/orders/verify-payment/${txRef}?trxref=${txRef}&reference=${txRef}`;
  await mongo.fail({ failCommands: COMMANDS, blockConnection: true, blockTimeMS: 12_000 });
  const visit = async (address: string) => {
    const startedAt = performance.now();
    const reply = await page.goto(address);
    const tookMs = performance.now() - startedAt;
    return [reply?.status(), reply?.headers()['content-type'], tookMs < PAGE_WITHIN_MS];
  };
  expect(await visit(back)).toEqual([503, 'text/html; charset=utf-8', true]);
  await page.getByText('If you have paid, nothing is lost').waitFor();
  await check(page, 'back from paying, while the database hangs');
  expect(await visit(`${shop.app.url}/orders/${orderId}`)).toEqual([200, 'text/html; charset=utf-8', true]);
  await page.getByRole('link', { name: 'To the shop' }).or(page.getByRole('banner')).first().waitFor();

  await mongo.heal();
  await page.goto(back);
  await headline(page, 'Your order is confirmed');
  expect(new URL(page.url()).pathname).toBe(`/orders/${orderId}`);
});
