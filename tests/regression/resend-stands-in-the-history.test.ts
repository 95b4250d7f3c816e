/** A bug once: staff's resend of an email was only logged, so an order's history did not say who had done it. */
import { expect, test } from '@jest/globals';
import { buy, expectBooksInOrder, mailKinds, orderOf, startTestShop, work } from '../support/shopping.ts';

test('a resent email stands in the history with who resent it, and arrives once more under the same key', async () => {
  const shop = await startTestShop();
  try {
    const checkout = await buy(shop);
    const before = await orderOf(shop, checkout);
    const [key] = shop.mailbox.mails({ to: checkout.shopper.email }).map((mail) => mail.key ?? '');
    await shop.staff.client.admin.resendEmail.mutate({ id: checkout.orderId, key: key ?? '' });
    await work(shop);

    expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'order_confirmed']);
    const after = await orderOf(shop, checkout);
    expect(after.history.at(-1)).toMatchObject({ actor: shop.staff.id, reason: 'email order_confirmed is sent again' });
    expect(after.status).toBe(before.status);
    await expectBooksInOrder(shop, { copies: 'allowed' });
  } finally {
    await shop.stop();
  }
});
