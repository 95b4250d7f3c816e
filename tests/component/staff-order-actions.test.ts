/**
 * Staff find orders by each criterion in stable pages and see one with its timeline. Access requires the staff role in
 * the database at the time of the call.
 */

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newActionKey } from '../../client-sdk/src/index.ts';
import { aParcelOf } from '../support/action-keys.ts';
import {
  ADDRESS,
  buy,
  type Checkout,
  checkOut,
  DAY_MS,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  HOUR_MS,
  orderOf,
  pay,
  type Shop,
  startTestShop,
  sweepAfter,
  work,
} from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

type Search = Parameters<Shop['staff']['client']['admin']['orders']['query']>[0];
const find = (search: Search) => shop.staff.client.admin.orders.query(search);
const codesOf = async (search: Search) => (await find(search)).items.map(({ code }) => code);

test('orders are found by status, email, code, reference and date, alone and together', async () => {
  const sold = await buy(shop);
  const open = await checkOut(shop);
  const { email } = sold.shopper;
  expect(await codesOf({ email })).toEqual([sold.code]);
  expect(await codesOf({ email: ` ${email.toUpperCase()} ` })).toEqual([sold.code]);
  expect(await codesOf({ code: sold.code.toLowerCase() })).toEqual([sold.code]);
  expect(await codesOf({ reference: open.txRef })).toEqual([open.code]);
  expect(await codesOf({ status: 'confirmed' })).toContain(sold.code);
  expect(await codesOf({ status: 'confirmed' })).not.toContain(open.code);
  expect(await codesOf({ email, status: 'pending' })).toEqual([]);
  const hour = (ms: number) => new Date(shop.clock.now().getTime() + ms).toISOString();
  expect(await codesOf({ code: sold.code, from: hour(-HOUR_MS), to: hour(HOUR_MS) })).toEqual([sold.code]);
  expect(await codesOf({ code: sold.code, from: hour(HOUR_MS) })).toEqual([]);
  expect(await codesOf({ code: sold.code, to: hour(-HOUR_MS) })).toEqual([]);
  expect(await codesOf({ email: 'nobody@example.com' })).toEqual([]);
});

test('pages by cursor show every order once, newest first, although new ones come in between', async () => {
  const shopper = await shop.signUp();
  const made: Checkout[] = [];
  for (let n = 0; n < 5; n += 1) made.push(await checkOut(shop, { shopper }));
  const newestFirst = made.map(({ code }) => code).reverse();
  const first = await find({ email: shopper.email, limit: 2 });
  await made[0]?.shopper.client.orders.cancel.mutate({ id: made[0].orderId });
  await shopper.client.cart.clear.mutate();
  const late = await checkOut(shop, { shopper });
  const second = await find({
    email: shopper.email,
    limit: 2,
    ...(first.nextCursor ? { cursor: first.nextCursor } : {}),
  });
  const third = await find({
    email: shopper.email,
    limit: 2,
    ...(second.nextCursor ? { cursor: second.nextCursor } : {}),
  });
  const seen = [first, second, third].flatMap(({ items }) => items.map(({ code }) => code));
  expect(seen).toEqual(newestFirst);
  expect(third.nextCursor).toBeNull();
  expect(await codesOf({ email: shopper.email, limit: 1 })).toEqual([late.code]);
  expect(await errorCodeOf(find({ cursor: 'not-a-cursor' }))).toBe('INVALID_INPUT');
});

test('one order is shown with its whole timeline in one list by time', async () => {
  const checkout = await checkOut(shop);
  const { orderId: id, txRef } = checkout;
  shop.clock.advance(1_000);
  await whileDamaged(checkout, async () => {
    await pay(shop, txRef, { webhook: 'duplicate' });
    await work(shop);
    await sweepAfter(shop, 1_000);
  });
  shop.mailbox.script({ to: checkout.shopper.email, times: 1, fault: { kind: 'status', status: 503 } });
  await sweepAfter(shop, 2_000);
  const { admin } = shop.staff.client;
  shop.clock.advance(HOUR_MS);
  await admin.ship.mutate(aParcelOf(id, 'T-9'));
  shop.clock.advance(DAY_MS);
  await admin.refund.mutate({ key: newActionKey(), id, note: 'torn', amount: 50_000 });
  shop.sandbox.script({ route: 'refund.list', fault: { kind: 'status', status: 500 } });
  await work(shop);
  shop.sandbox.clearScript();
  await sweepAfter(shop, HOUR_MS);
  await finishRefunds(shop);
  const { timeline, emails } = await admin.order.query({ id });
  const times = timeline.map(({ at }) => Date.parse(at));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(timeline.map(({ kind }) => kind))).toEqual(
    new Set(['history', 'payment', 'webhook', 'refund', 'email', 'job']),
  );
  const story = timeline.map(({ what, actor }) => `${actor?.name ?? actor?.kind ?? ''} ${what}`).join('\n');
  for (const told of [
    /^customer order placed$/m,
    /^paystack paid by ord-.*; payment: paid$/m,
    /Paystack reports: a payment succeeded, 2 times; (paid|known)/,
    /pending → confirmed/,
    /Sola Staff confirmed → shipped: shipped with GIG, T-9/,
    /Sola Staff refund of ₦500.00 .* requested: torn/,
    /refund of ₦500\.00 .* sent to Paystack/,
    /refund of ₦500\.00 .* processed/,
    // The failures on the way, although all work has succeeded since.
    /settling the order failed 2 times by then: MongoBulkWriteError/,
    /sending refunds failed: refund of ₦500\.00: unavailable/,
    /sending the email failed: “order confirmed”: .*503/,
    /the email “order on its way” is accepted by the provider/,
  ])
    expect(story).toMatch(told);
  expect(emails.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'order_confirmed sent',
    'order_shipped sent',
    'refund_started sent',
    'refund_done sent',
  ]);
  await expectAllConsistent(shop);
});

/** Its settlement fails meanwhile, because the server refuses half a unit of stock. */
async function whileDamaged(checkout: Checkout, act: () => Promise<void>): Promise<void> {
  const { _id } = await orderOf(shop, checkout);
  const setQuantity = (quantity: number) =>
    shop.db.orders.collection.updateOne({ _id }, { $set: { 'items.0.quantity': quantity } });
  await setQuantity(0.5);
  await act();
  await setQuantity(1);
}

test('a storm of webhooks is shown in part, and the list says so', async () => {
  const checkout = await checkOut(shop);
  const reference = checkout.txRef;
  const receipts = Array.from({ length: 203 }, (_, n) => ({
    _id: `storm-${n}`,
    event: 'charge.success',
    kind: 'charge',
    reference,
    charge: null,
    receivedAt: new Date(Date.now() + n),
    deliveries: 1,
    attempts: 0,
    appliedAt: new Date(),
  }));
  await shop.db.webhookEvents.insertMany(receipts);
  const { timeline } = await shop.staff.client.admin.order.query({ id: checkout.orderId });
  const webhooks = timeline.filter(({ kind }) => kind === 'webhook');
  expect(webhooks).toHaveLength(201);
  expect(webhooks.at(-1)?.what).toBe('more than 200 webhooks came; those from here on are not shown');
});

test('only staff reach the desk, and the role is the database’s, not the token’s', async () => {
  const { orderId: id, item, shopper } = await buy(shop);
  const { productId, variantId } = item;
  const fields = { slug: 'new-thing', title: 'New', description: 'New.', category: 'Things' };
  const desk = ({ client: { admin } }: Pick<typeof shopper, 'client'>): (() => Promise<unknown>)[] => [
    () => admin.orders.query({}),
    () => admin.order.query({ id }),
    () => admin.ship.mutate(aParcelOf(id)),
    () => admin.deliver.mutate({ id }),
    () => admin.cancel.mutate({ id }),
    () => admin.refund.mutate({ key: newActionKey(), id, note: 'mine' }),
    () => admin.retryRefund.mutate({ id, refundId: 'r' }),
    () => admin.recordRefundPaidElsewhere.mutate({ id, refundId: 'r', note: 'in cash' }),
    () => admin.retrySettlement.mutate({ id }),
    () => admin.retryStuck.mutate({ id }),
    () => admin.resolveReview.mutate({ id, reference: 'ord-X-1', resolution: 'accept' }),
    () => admin.failedEmails.query({}),
    () => admin.resendEmail.mutate({ id, emailId: `${id}:order_confirmed:3`, key: 'resend-01' }),
    () => admin.sendPaymentLink.mutate({ id, key: 'link-0001' }),
    () => admin.correctContact.mutate({ id, name: 'Mine' }),
    () => admin.correctAddress.mutate({ id, address: ADDRESS }),
    () => admin.emptyCorrections.mutate({ id }),
    () => admin.addNote.mutate({ id, key: 'note-0001', text: 'mine' }),
    () => admin.removeNote.mutate({ id, noteId: 'note-0001' }),
    () => admin.setTags.mutate({ id, tags: ['mine'] }),
    () => admin.adjustStock.mutate({ key: newActionKey(), variantId, delta: 1, reason: 'gift' }),
    () => admin.createProduct.mutate(fields),
    () => admin.editProduct.mutate({ productId, title: 'Mine' }),
    () => admin.archiveProduct.mutate({ productId }),
    () => admin.createVariant.mutate({ productId, sku: 'NEW-1', title: 'New', price: 1, stock: 1 }),
    () => admin.editVariant.mutate({ variantId, price: 1 }),
    () => admin.archiveVariant.mutate({ variantId }),
    () => admin.restoreProduct.mutate({ slug: 'new-thing' }),
    () => admin.restoreVariant.mutate({ sku: 'NEW-1' }),
  ];
  const books = async () =>
    JSON.stringify([
      await shop.db.orders.find().lean(),
      await shop.db.variants.find().lean(),
      await shop.db.products.find().lean(),
    ]);
  const before = await books();
  for (const call of desk(shopper)) expect(await errorCodeOf(call())).toBe('FORBIDDEN');
  for (const call of desk({ client: shop.client() })) expect(await errorCodeOf(call())).toBe('UNAUTHENTICATED');
  const demoted = await shop.signUp({ role: 'owner' });
  await demoted.client.admin.orders.query({});
  await shop.db.users.updateOne({ _id: demoted.id }, { $set: { role: 'customer' } });
  for (const call of desk(demoted)) expect(await errorCodeOf(call())).toBe('FORBIDDEN');
  expect(await books()).toBe(before);
});
