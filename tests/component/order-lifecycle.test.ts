/**
 * Staff actions on an order: ship, deliver, cancel, resend, archive, adjust stock. Each sends an email, is in the
 * history with its actor, and may be repeated.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aParcelOf, newActionKey } from '../support/action-keys.ts';
import {
  buy,
  type Checkout,
  checkOut,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  mailKinds,
  orderOf,
  pay,
  refundsAnnounced,
  refundsAtPaystack,
  type Shop,
  startTestShop,
  stockOf,
  theMail,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => expectAllConsistent(shop, { copies: 'allowed' }));
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
const PARCEL = { carrier: 'GIG Logistics', trackingNumber: 'GIG-0042' };
const ship = ({ orderId: id }: Checkout, key = newActionKey()) => admin().ship.mutate({ id, key, ...PARCEL });
const deliver = ({ orderId: id }: Checkout) => admin().deliver.mutate({ id });
const cancel = ({ orderId: id }: Checkout, restockRest?: boolean) =>
  admin().cancel.mutate({ id, ...(restockRest === undefined ? {} : { restockRest }) });
const restockRows = ({ orderId }: Checkout) => shop.db.stockMovements.find({ orderId, reason: 'restock' }).lean();

test('an order goes from pending to delivered; each step sends one email and is recorded with its actor', async () => {
  const checkout = await buy(shop);
  const key = newActionKey();
  await Promise.all([ship(checkout, key), ship(checkout, key)]);
  await work(shop);
  await Promise.all([deliver(checkout), deliver(checkout)]);
  await work(shop);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'order_shipped', 'order_delivered']);
  expect(theMail(shop, checkout.shopper, 'order_shipped').text).toContain(PARCEL.trackingNumber);
  const { status, history } = await orderOf(shop, checkout);
  expect(status).toBe('delivered');
  expect(history.map(({ to, actor }) => [to.status, actor])).toEqual([
    ['pending', 'customer'],
    ['pending', 'paystack'],
    ['confirmed', 'system'],
    ['shipped', `staff:${shop.staff.id}`],
    ['delivered', `staff:${shop.staff.id}`],
  ]);
  const seen = await checkout.shopper.client.orders.get.query({ id: checkout.orderId });
  expect(seen.shipment).toMatchObject({ ...PARCEL, deliveredAt: expect.any(String) });
  expect(JSON.stringify(seen)).not.toContain(shop.staff.id);
});

test('steps that the table does not know are refused and change nothing', async () => {
  const pending = await checkOut(shop);
  const confirmed = await buy(shop);
  const shipped = await buy(shop);
  await ship(shipped);
  const cancelled = await checkOut(shop);
  await cancel(cancelled);
  const refused: [Checkout, (checkout: Checkout) => Promise<unknown>][] = [
    [pending, ship],
    [pending, deliver],
    [confirmed, deliver],
    [shipped, cancel],
    [shipped, ({ orderId: id }) => admin().ship.mutate(aParcelOf(id, 'ANOTHER'))],
    [cancelled, ship],
    [cancelled, deliver],
    [cancelled, ({ orderId: id }) => admin().refund.mutate({ key: newActionKey(), id, note: 'why not' })],
    [confirmed, ({ orderId: id, shopper }) => shopper.client.orders.cancel.mutate({ id })],
  ];
  for (const [checkout, step] of refused) {
    const before = await orderOf(shop, checkout);
    expect(await errorCodeOf(step(checkout))).toBe('ORDER_STATE_CONFLICT');
    expect(await orderOf(shop, checkout)).toEqual(before);
  }
});

test('cancelling a confirmed order puts its units back with a ledger row, and its money is given back once', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  await Promise.all([cancel(checkout), cancel(checkout), cancel(checkout)]);
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
  expect(await restockRows(checkout)).toEqual([
    expect.objectContaining({ lines: [expect.objectContaining({ delta: 2 })], actor: `staff:${shop.staff.id}` }),
  ]);
  await finishRefunds(shop);
  const order = await orderOf(shop, checkout);
  // A cancelled order stays cancelled. The status "refunded" is for sold orders.
  expect(order).toMatchObject({ status: 'cancelled', cancelReason: 'by_staff', paymentStatus: 'refunded' });
  expect(refundsAnnounced(shop, checkout)).toEqual([{ kind: 'by_staff', amount: checkout.amount }]);
  expect(refundsAtPaystack(shop, checkout.txRef)).toEqual([{ amount: checkout.amount, status: 'processed' }]);
  expect(mailKinds(shop, checkout.shopper)).toEqual(['order_confirmed', 'order_cancelled', 'refund_done']);
  expect(theMail(shop, checkout.shopper, 'order_cancelled').text).toMatch(/Our staff had to cancel your order/);
});

test('cancelling without restocking leaves the stock and its ledger as they are', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  await cancel(checkout, false);
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 8, reserved: 0 });
  expect(await restockRows(checkout)).toEqual([]);
  await finishRefunds(shop);
});

test('cancelling what is partly refunded gives back the rest and no more', async () => {
  const checkout = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, amount: 100_000, note: 'a stain' });
  // The part is still on its way: the cancellation gives back what is left beside it.
  await cancel(checkout);
  await finishRefunds(shop);
  await finishRefunds(shop);
  expect(refundsAtPaystack(shop, checkout.txRef).map(({ amount }) => amount)).toEqual([
    100_000,
    checkout.amount - 100_000,
  ]);
});

test('an order is not shipped while its full refund is under way', async () => {
  const checkout = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, note: 'changed mind' });
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  await finishRefunds(shop);
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
});

test('an order is not shipped while the refund of all that is left is under way', async () => {
  const checkout = await buy(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, amount: 100_000, note: 'a stain' });
  await finishRefunds(shop);
  await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, note: 'changed mind' });
  expect(await errorCodeOf(ship(checkout))).toBe('ORDER_STATE_CONFLICT');
  await finishRefunds(shop);
  expect((await orderOf(shop, checkout)).status).toBe('refunded');
});

test.each(['shipped', 'delivered'])(
  'an order that is %s can still be refunded, and then is refunded',
  async (status) => {
    const checkout = await buy(shop);
    await ship(checkout);
    if (status === 'delivered') await deliver(checkout);
    await admin().refund.mutate({ key: newActionKey(), id: checkout.orderId, note: 'came back' });
    await finishRefunds(shop);
    expect((await orderOf(shop, checkout)).status).toBe('refunded');
    expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
  },
);

test('a resent email is the same email under the same key', async () => {
  const checkout = await buy(shop);
  const { key, text } = theMail(shop, checkout.shopper, 'order_confirmed');
  const resend = (id: string, emailId: string | null, named = 'resend-01') =>
    admin().resendEmail.mutate({ id, emailId: emailId ?? '', key: named });
  await resend(checkout.orderId, key);
  // A repeated press, and a second one before the first was sent.
  const repeated = resend(checkout.orderId, key).then(({ id }) => id);
  expect(await repeated.catch(() => 'refused')).toBe(checkout.orderId);
  expect(await errorCodeOf(resend(checkout.orderId, key, 'resend-02'))).toBe('ORDER_STATE_CONFLICT');
  await work(shop);
  const mails = shop.mailbox.mails({ to: checkout.shopper.email });
  expect(mails.map((mail) => ({ key: mail.key, text: mail.text }))).toEqual([
    { key, text },
    { key, text },
  ]);
  const other = await buy(shop);
  expect(await errorCodeOf(resend(checkout.orderId, `${checkout.orderId}:order_confirmed:9`))).toBe('NOT_FOUND');
  expect(await errorCodeOf(resend(other.orderId, key))).toBe('INVALID_INPUT');
  const unknown = `${other.orderId}:order_shipped:99`;
  expect(await errorCodeOf(resend(other.orderId, unknown))).toBe('NOT_FOUND');
});

test('stock is adjusted by a delta with a reason, recorded in the ledger with the actor, and never below the free units', async () => {
  const { item } = await checkOut(shop);
  const { variantId } = item;
  expect(
    (await admin().adjustStock.mutate({ key: newActionKey(), variantId, delta: -4, reason: 'broken' })).stock,
  ).toBe(6);
  expect(
    (await admin().adjustStock.mutate({ key: newActionKey(), variantId, delta: 10, reason: 'delivery' })).stock,
  ).toBe(16);
  expect(
    await errorCodeOf(admin().adjustStock.mutate({ key: newActionKey(), variantId, delta: -17, reason: 'lost' })),
  ).toBe('INSUFFICIENT_STOCK');
  const rows = await shop.db.stockMovements
    .find({ 'lines.variantId': variantId, reason: 'adjust' })
    .sort({ 'lines.delta': 1 })
    .lean();
  expect(rows.map(({ lines, note, actor }) => ({ delta: lines[0]?.delta, note, actor }))).toEqual([
    { delta: -4, note: 'broken', actor: `staff:${shop.staff.id}` },
    { delta: 10, note: 'delivery', actor: `staff:${shop.staff.id}` },
  ]);
});

test('a product that is archived or edited after checkout is still sold as it was ordered', async () => {
  const checkout = await checkOut(shop);
  await admin().editVariant.mutate({ variantId: checkout.item.variantId, price: 1, title: 'Other size' });
  await admin().editProduct.mutate({ productId: checkout.item.productId, title: 'Another thing' });
  await admin().archiveProduct.mutate({ productId: checkout.item.productId });
  const before = await orderOf(shop, checkout);
  await pay(shop, checkout.txRef);
  await work(shop);
  const after = await orderOf(shop, checkout);
  expect(after).toMatchObject({ status: 'confirmed', items: before.items, total: before.total });
  expect(theMail(shop, checkout.shopper, 'order_confirmed').text).toContain(before.items[0]?.productSnapshot.title);
});
