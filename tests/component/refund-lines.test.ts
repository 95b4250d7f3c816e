/**
 * Refunds by lines: units leave the order and go into stock in the commit that requests the refund. They stay so whatever
 * becomes of the money. The preview says so, the customer reads that the order stands, and the goods stay accounted for.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newActionKey, type RefundInput } from '../../client-sdk/src/index.ts';
import {
  buy,
  type Checkout,
  errorCodeOf,
  expectAllConsistent,
  finishRefunds,
  orderOf,
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
afterAll(() => shop.stop());

const admin = () => shop.staff.client.admin;
type Asked = Omit<RefundInput, 'id' | 'key'>;
const refund = ({ orderId: id }: Checkout, input: Asked) =>
  admin().refund.mutate({ id, key: newActionKey(), ...input });
const ship = ({ orderId: id }: Checkout, quantity: number) =>
  admin().ship.mutate({
    id,
    key: newActionKey(),
    lines: [{ lineId: 1, quantity }],
    carrier: 'GIG',
    trackingNumber: 'T-1',
  });
const rowsOf = ({ orderId }: Checkout) => shop.db.stockMovements.find({ orderId, reason: { $ne: 'sale' } }).lean();

test('ship one of three, deliver it, refund two: the order is delivered, and two units are on the shelf', async () => {
  const checkout = await buy(shop, { quantity: 3 });
  const { orderId: id, item } = checkout;
  const [line] = (await orderOf(shop, checkout)).items;
  const price = line?.unitPrice ?? 0;
  await ship(checkout, 1);
  await admin().deliver.mutate({ id });
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'confirmed' });
  const input: Omit<Asked, 'expect'> = { lines: [{ lineId: 1, unshipped: 2, restock: 2 }], cause: 'unavailable' };
  const shown = await admin().previewRefund.mutate({ id, ...input });
  expect(shown).toMatchObject({
    why: null,
    status: { from: 'confirmed', to: 'delivered' },
    money: [{ what: 'refund_requested', amount: 2 * price }],
    units: [{ what: 'withdrawn', lineId: 1, quantity: 2 }],
    stock: [{ sku: item.sku, stock: 2, reserved: 0 }],
    emails: [{ kind: 'refund_started' }],
  });
  const view = await refund(checkout, { ...input, expect: shown.digest });
  expect(view).toMatchObject({ status: 'delivered', refunds: [{ amount: 2 * price, cause: 'unavailable' }] });
  expect(await stockOf(shop, item)).toEqual({ stock: 9, reserved: 0 });
  expect(await rowsOf(checkout)).toMatchObject([
    { _id: `return:${id}:${view.refunds[0]?.id}`, reason: 'return', lines: [{ delta: 2 }] },
  ]);
  await finishRefunds(shop);
  const { text } = theMail(shop, checkout.shopper, 'refund_started');
  expect(text).toContain('We cannot send everything that you ordered');
  expect(text).toMatch(/It is for 2 × .+\.\s+Your order stands\. All else of it has been sent\./);
  expect(text).not.toContain('back in your cart');
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'delivered', paymentStatus: 'partially_refunded' });
});

test('refund of the last unit with the delivery kept: after shipping it is of the unit, before it the order is cancelled', async () => {
  const unshipped = await buy(shop);
  const last = { lines: [{ lineId: 1, unshipped: 1, restock: 1 }] };
  const { why } = await admin().previewRefund.mutate({ id: unshipped.orderId, ...last });
  expect(String(why)).toMatch(/cancel the order instead/);
  expect(await errorCodeOf(refund(unshipped, last))).toBe('ORDER_STATE_CONFLICT');

  const shipped = await buy(shop);
  const { shippingFee, total } = await orderOf(shop, shipped);
  await ship(shipped, 1);
  const back = [{ lineId: 1, shipped: 1, restock: 1 }];
  const kept = await refund(shipped, { lines: back, cause: 'returned' });
  expect(kept).toMatchObject({ status: 'shipped', refunds: [{ amount: total - shippingFee, delivery: false }] });
  expect(await stockOf(shop, shipped.item)).toEqual({ stock: 10, reserved: 0 });
  await finishRefunds(shop);
  expect(await orderOf(shop, shipped)).toMatchObject({ status: 'shipped', paymentStatus: 'partially_refunded' });
  // The delivery goes back later: nothing is left, the order ends, and no unit goes into stock again.
  await refund(shipped, { delivery: true });
  await finishRefunds(shop);
  expect(await orderOf(shop, shipped)).toMatchObject({ status: 'refunded' });
  expect(await stockOf(shop, shipped.item)).toEqual({ stock: 10, reserved: 0 });
});

test('with the last unit and the delivery, all that is left goes back, and no other amount', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  await ship(checkout, 2);
  await refund(checkout, { amount: 5_000 });
  const { total } = await orderOf(shop, checkout);
  const all = { lines: [{ lineId: 1, shipped: 2, restock: 0 }], delivery: true };
  expect(await errorCodeOf(refund(checkout, { ...all, amount: total - 5_001 }))).toBe('ORDER_STATE_CONFLICT');
  expect((await refund(checkout, all)).refunds.at(-1)).toMatchObject({ amount: total - 5_000 });
  await finishRefunds(shop);
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded' });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 8, reserved: 0 });
});

test('a failed refund of restocked units: the goods stay withdrawn, and its replacement takes none again', async () => {
  const checkout = await buy(shop, { quantity: 2 }, { card: 'refund-failed' });
  const [line] = (await orderOf(shop, checkout)).items;
  const price = line?.unitPrice ?? 0;
  await refund(checkout, { lines: [{ lineId: 1, unshipped: 1, restock: 1 }], cause: 'unavailable' });
  await finishRefunds(shop);
  const failed = await admin().order.query({ id: checkout.orderId });
  expect(failed).toMatchObject({
    refunds: [{ state: 'failed' }],
    attention: [expect.stringMatching(/refund once more/)],
  });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
  const again = await refund(checkout, { replaces: failed.refunds[0]?.id ?? '' });
  expect(again.refunds.at(-1)).toMatchObject({
    amount: price,
    cause: 'unavailable',
    lines: [],
    replaces: failed.refunds[0]?.id,
  });
  expect(again.attention).toEqual([]);
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 9, reserved: 0 });
  // The rest can be shipped, and the money that is owed does not stand in its way.
  await ship(checkout, 1);
  expect(await errorCodeOf(ship(checkout, 1))).toBe('ORDER_STATE_CONFLICT');
  await finishRefunds(shop);
});

test('a part refund of an order that stands says what still comes; a cancellation then gives back what is left', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  await refund(checkout, { amount: 50_000, cause: 'damaged' });
  await work(shop);
  const { text } = theMail(shop, checkout.shopper, 'refund_started');
  expect(text).toMatch(/not as it should be/);
  expect(text).toMatch(/Your order stands\. Still to come: 2 × /);
  expect(text).not.toContain('back in your cart');
  const { total } = await orderOf(shop, checkout);
  const shown = await admin().previewCancel.mutate({ id: checkout.orderId, note: 'as agreed' });
  expect(shown).toMatchObject({
    money: [{ amount: total - 50_000 }],
    units: [{ what: 'withdrawn', quantity: 2 }],
    stock: [{ stock: 2 }],
  });
  const view = await admin().cancel.mutate({ id: checkout.orderId, note: 'as agreed', expect: shown.digest });
  expect(view).toMatchObject({ status: 'cancelled', refunds: [{}, { amount: total - 50_000, note: 'as agreed' }] });
  await finishRefunds(shop);
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
  expect(await stockOf(shop, checkout.item)).toEqual({ stock: 10, reserved: 0 });
});

test('units that are not there are refused in words, and an order of which a part was shipped is not cancelled', async () => {
  const checkout = await buy(shop, { quantity: 2 });
  await ship(checkout, 1);
  const preview = async (input: Omit<Asked, 'expect'>) =>
    String((await admin().previewRefund.mutate({ id: checkout.orderId, ...input })).why);
  expect(await preview({ lines: [{ lineId: 1, unshipped: 2 }] })).toMatch(/^only 1 × .+ are still to be shipped$/);
  expect(await preview({ lines: [{ lineId: 1, shipped: 2 }] })).toMatch(/^only 1 × .+ are with the customer$/);
  expect(await preview({ lines: [{ lineId: 2, unshipped: 1 }] })).toMatch(/it has only 1 lines?/);
  const [first] = [await errorCodeOf(refund(checkout, { lines: [{ lineId: 1, unshipped: 1, restock: 2 }] }))];
  expect(first).toBe('INVALID_INPUT');
  await refund(checkout, { delivery: true });
  expect(await preview({ delivery: true })).toMatch(/its delivery fee went back before/);
  const { why } = await admin().previewCancel.mutate({ id: checkout.orderId });
  expect(String(why)).toMatch(/a part of it was shipped/);
});

test.each([
  ['delivered', 0],
  ['lost', 1],
])('no bank account is sent for a refund whose charge is disputed, the webhooks %s', async (webhooks, reads) => {
  const checkout = await buy(shop, {}, { card: 'refund-needs-attention' });
  const { orderId: id, txRef } = checkout;
  await refund(checkout, {});
  await finishRefunds(shop);
  const refundId = (await admin().order.query({ id })).refunds[0]?.id ?? '';
  if (webhooks === 'lost') shop.sandbox.scriptWebhooks({ event: 'charge.dispute.*', mode: 'lose' });
  const disputeId = shop.sandbox.openDispute(txRef).id;
  await shop.sandbox.webhooksIdle();
  const before = shop.sandbox.requests({ route: 'dispute.list', reference: txRef }).length;
  const send = () =>
    errorCodeOf(admin().sendRefundAccount.mutate({ id, refundId, accountNumber: '0123456789', bankId: '9' }));
  expect(await send()).toBe('ORDER_STATE_CONFLICT');
  expect(shop.sandbox.requests({ route: 'dispute.list', reference: txRef })).toHaveLength(before + reads);
  const action = async () =>
    (await admin().order.query({ id })).actions.find((one) => one.action === 'sendRefundAccount');
  expect(await action()).toMatchObject({ allowed: false, why: expect.stringMatching(/disputed/) });
  shop.sandbox.clearWebhookRules();
  shop.sandbox.resolveDispute(disputeId, 'merchant-accepted');
  await shop.sandbox.webhooksIdle();
  expect(await send()).toBe('ORDER_STATE_CONFLICT');
  expect(await action()).toMatchObject({ allowed: false, why: expect.stringMatching(/another way/) });
  expect(shop.sandbox.requests({ route: 'refund.retry', reference: txRef })).toEqual([]);
});

test('that an account was sent is recorded, also when the charge becomes disputed meanwhile', async () => {
  const checkout = await buy(shop, {}, { card: 'refund-needs-attention' });
  const { orderId: id, txRef } = checkout;
  await refund(checkout, {});
  await finishRefunds(shop);
  const refundId = (await admin().order.query({ id })).refunds[0]?.id ?? '';
  const { paystack } = shop.ctx;
  shop.ctx.paystack = {
    ...paystack,
    sendRefundAccount: async (input) => {
      const report = await paystack.sendRefundAccount(input);
      shop.sandbox.openDispute(txRef);
      await shop.sandbox.webhooksIdle();
      return report;
    },
  };
  try {
    const account = { accountNumber: '0123456789', bankId: '9' };
    const { timeline } = await admin().sendRefundAccount.mutate({ id, refundId, ...account });
    expect(timeline.map(({ what }) => what).join()).toMatch(/bank account was sent to Paystack/);
  } finally {
    shop.ctx.paystack = paystack;
  }
  const { refunds, disputes } = await orderOf(shop, checkout);
  expect([refunds[0]?.state, disputes[0]?.state]).toEqual(['pending', 'open']);
});

test('a refund that needs a bank account goes on once staff send one, which is kept nowhere', async () => {
  const checkout = await buy(shop, {}, { card: 'refund-needs-attention' });
  const { orderId: id, txRef } = checkout;
  await refund(checkout, {});
  await finishRefunds(shop);
  const view = await admin().order.query({ id });
  const refundId = view.refunds[0]?.id ?? '';
  expect(view.actions).toContainEqual({ action: 'sendRefundAccount', target: refundId, allowed: true, why: null });
  const banks = await admin().refundBanks.query({ currency: 'NGN' });
  expect(banks.map(({ name }) => name)).toContain('Zenith Bank');
  const account = { accountNumber: '0123456789', bankId: banks[0]?.id ?? '' };
  const sent = await admin().sendRefundAccount.mutate({ id, refundId, ...account });
  expect(sent.timeline.map(({ what }) => what).join()).toMatch(/bank account was sent to Paystack/);
  expect(await errorCodeOf(admin().sendRefundAccount.mutate({ id, refundId: 'unknown-1', ...account }))).toBe(
    'NOT_FOUND',
  );
  const stored = JSON.stringify([await shop.db.orders.find().lean(), await shop.db.emails.find().lean()]);
  expect(stored + JSON.stringify(shop.logged)).not.toContain(account.accountNumber);
  await finishRefunds(shop);
  expect(await orderOf(shop, checkout)).toMatchObject({ status: 'refunded' });
  expect(shop.sandbox.transaction(txRef).refunds).toMatchObject([{ status: 'processed' }]);
  expect(await errorCodeOf(admin().sendRefundAccount.mutate({ id, refundId, ...account }))).toBe(
    'ORDER_STATE_CONFLICT',
  );
});

test('after all of it the books are right', () => expectAllConsistent(shop));
