/**
 * A round of emails that ended by its time limit, or that met one address among many that cannot be written to, did not
 * ask for the next: the rest of a backlog waited for the sweep, every time.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runEmailsOnce } from '../../jobs/send-emails.ts';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  type Checkout,
  checkOut,
  expectBooksInOrder,
  MINUTE_MS,
  pay,
  type Shop,
  startTestShop,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

/** Orders whose confirmations are queued. */
async function confirmed(count: number): Promise<Checkout[]> {
  const checkouts: Checkout[] = [];
  while (checkouts.length < count) {
    const checkout = await checkOut(shop);
    await pay(shop, checkout.txRef);
    checkouts.push(checkout);
  }
  await runSettlementOnce(shop.ctx);
  return checkouts;
}

test('a round that its time limit ends asks for the next, and one that found nothing more due does not', async () => {
  await confirmed(2);
  expect(await runEmailsOnce(shop.ctx, 10, 0)).toMatchObject({ sent: 0, again: true });
  expect(await runEmailsOnce(shop.ctx, 10, MINUTE_MS)).toMatchObject({ sent: 2, again: false });
  await expectBooksInOrder(shop);
});

test('a round that sends as many as it may asks for the next although an address is refused for good', async () => {
  const [bad] = await confirmed(5);
  shop.mailbox.script({ to: bad?.shopper.email ?? '', fault: { kind: 'bad-address' } });
  const runs = [await runEmailsOnce(shop.ctx, 3), await runEmailsOnce(shop.ctx, 3)];
  expect(runs.map(({ again }) => again)).toEqual([true, false]);
  expect(runs.reduce((sum, { sent }) => sum + sent, 0)).toBe(4);
  expect(runs.reduce((sum, { refused }) => sum + refused, 0)).toBe(1);
});

test('a round that the provider’s outage ends leaves the rest to the sweep', async () => {
  await confirmed(12);
  const up = shop.mailbox.script({ fault: { kind: 'status', status: 503 } });
  expect(await runEmailsOnce(shop.ctx)).toMatchObject({ sent: 0, again: false });
  up();
});
