/**
 * With reservations on, checkout reserves its units, so no shopper pays for missing stock. An order that ends without a
 * sale releases them (STOCK_HOLD_MINUTES).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import {
  ADDRESS,
  buy,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  MINUTE_MS,
  mailKinds,
  newCheckoutKey,
  orderOf,
  pay,
  paySilently,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  sweepAfter,
  work,
} from '../support/shopping.ts';
import { stockVariant } from '../support/stocked-variant.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop({ env: { STOCK_HOLD_MINUTES: '15' } });
});
afterAll(() => expectAllConsistent(shop));
afterAll(() => shop.stop());

test('a hold that is shorter than a bank transfer lives is hinted at when the shop starts', () => {
  expect(shop.logged.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('STOCK_HOLD_MINUTES is 15'));
});

test('checkout moves the units from stock to reserved, and settlement takes them from there', async () => {
  const checkout = await checkOut(shop, { quantity: 3 });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 7, reserved: 3 });
  expect((await orderOf(shop, checkout)).expiresAt).toEqual(new Date(shop.clock.now().getTime() + 15 * MINUTE_MS));
  await pay(shop, checkout.txRef);
  await work(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed', reservation: 'committed' });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 7, reserved: 0 });
});

test('a checkout that finds too little of one variant reserves none of the others', async () => {
  const plenty = await stockVariant(shop.db, { stock: 10 });
  const scarce = await stockVariant(shop.db, { stock: 2 });
  const rival = await checkOut(shop, { item: scarce, quantity: 2 });
  const { client } = await shop.signUp();
  await client.cart.addItem.mutate({ variantId: plenty.variantId, quantity: 1 });
  await client.cart.addItem.mutate({ variantId: scarce.variantId, quantity: 1 });
  const input = { shippingAddress: ADDRESS, checkoutKey: newCheckoutKey() };
  expect(await errorCodeOf(client.orders.initializePayment.mutate(input))).toBe('INSUFFICIENT_STOCK');
  expect(await stockOf(shop, plenty)).toEqual({ stock: 10, reserved: 0 });
  await rival.shopper.client.orders.cancel.mutate({ id: rival.orderId });
});

test('a reservation that expires unpaid releases its units once, and the email gives the reason', async () => {
  const checkout = await checkOut(shop, { quantity: 4 });
  await sweepAfter(shop, 14 * MINUTE_MS);
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 6, reserved: 4 });
  await sweepAfter(shop, MINUTE_MS);
  await sweepAfter(shop, MINUTE_MS);
  expect(await orderOf(shop, checkout)).toMatchObject({
    status: 'cancelled',
    cancelReason: 'expired',
    reservation: 'released',
  });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_cancelled']);
});

test.each(['the shopper', 'staff'])(
  'cancelling by %s gives the units back once, however often it is pressed',
  async (who) => {
    const checkout = await checkOut(shop, { quantity: 4 });
    const id = checkout.orderId;
    const press = () =>
      who === 'staff'
        ? shop.staff.client.admin.cancel.mutate({ id })
        : checkout.shopper.client.orders.cancel.mutate({ id });
    await Promise.all([press(), press(), press()]);
    expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
  },
);

test('an order that holds its units is never short, whatever is sold or taken away meanwhile', async () => {
  const item = await stockVariant(shop.db, { stock: 5 });
  const checkout = await checkOut(shop, { item, quantity: 3 });
  await buy(shop, { item, quantity: 2 });
  await pay(shop, checkout.txRef);
  await work(shop);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  expect(await stockOf(shop, item)).toEqual({ stock: 0, reserved: 0 });
});

test('a payment after the hold was released is given back once, and the units stay free', async () => {
  const checkout = await checkOut(shop);
  await sweepAfter(shop, 15 * MINUTE_MS);
  await pay(shop, checkout.txRef);
  await work(shop);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
});

test('a payment without a webhook in the last second of a reservation buys, because Paystack is verified before the release', async () => {
  const checkout = await checkOut(shop);
  shop.clock.advance(15 * MINUTE_MS - 1_000);
  await paySilently(shop, checkout.txRef);
  await sweepAfter(shop, 1_000);
  expect((await orderOf(shop, checkout)).status).toBe('confirmed');
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
});

test('settlement follows the order: switching holds off leaves held orders right, and lets new ones hold nothing', async () => {
  const item = await stockVariant(shop.db, { stock: 3 });
  const held = await checkOut(shop, { item });
  shop.ctx.config.stockHoldMinutes = 0;
  const free = await checkOut(shop, { item });
  shop.ctx.config.stockHoldMinutes = 15;
  expect(await stockOf(shop, item)).toEqual({ stock: 2, reserved: 1 });
  for (const { txRef } of [held, free]) await pay(shop, txRef);
  await runSettlementOnce(shop.ctx);
  expect(await stockOf(shop, item)).toEqual({ stock: 1, reserved: 0 });
  await work(shop);
});
