/** An order's history is bounded and its types are closed; what staff may repeat ends before money can no longer move. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { driverCollection } from '../../models/db/connection.ts';
import { MAX_HISTORY, MAX_REPEATED_HISTORY } from '../../models/order/history.ts';
import { buy, errorCodeOf, orderOf, type Shop, startTestShop } from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const REFUSED_BY_VALIDATOR = { code: 121 };

test('an email is not sent again once the history is nearly full, and the order can still be cancelled', async () => {
  const checkout = await buy(shop);
  const { admin } = shop.staff.client;
  const { orderId: id } = checkout;
  const { _id, history } = await orderOf(shop, checkout);
  const { emails } = await admin.order.query({ id });
  const emailId = emails[0]?.id ?? '';
  const resent = () =>
    admin.order.query({ id }).then(({ actions }) => actions.find(({ target }) => target === emailId));
  expect(await resent()).toMatchObject({ action: 'resendEmail', allowed: true, why: null });
  const last = history.at(-1);
  if (last === undefined) throw new Error('a bought order has a history');
  const { to } = last;
  const filling = Array.from({ length: MAX_REPEATED_HISTORY - history.length }, (_, n) => ({
    ...{ seq: last.seq + n + 1, at: last.at, actor: 'system' as const, from: to, to },
    type: 'settlement_retried' as const,
  }));
  await driverCollection(shop.db.orders).updateOne(
    { _id },
    { $push: { history: { $each: filling } }, $inc: { version: filling.length } },
  );
  expect(await resent()).toMatchObject({ allowed: false, why: 'its history is full' });
  expect(await errorCodeOf(admin.resendEmail.mutate({ id, emailId, key: 'resend-01' }))).toBe('ORDER_STATE_CONFLICT');
  expect((await admin.cancel.mutate({ id })).status).toBe('cancelled');
});

test('MongoDB refuses an entry of an unknown type or actor, and one too many', async () => {
  const { _id, history } = await orderOf(shop, await buy(shop));
  const [entry] = history;
  if (entry === undefined) throw new Error('a bought order has a history');
  const push = (...entries: object[]) =>
    shop.db.orders.collection.updateOne({ _id }, { $push: { history: { $each: entries } } } as object);
  await expect(push({ ...entry, type: 'order_lost' })).rejects.toMatchObject(REFUSED_BY_VALIDATOR);
  await expect(push({ ...entry, actor: 'Ada Obi' })).rejects.toMatchObject(REFUSED_BY_VALIDATOR);
  const full = Array.from({ length: MAX_HISTORY - history.length }, () => entry);
  await expect(push(...full, entry)).rejects.toMatchObject(REFUSED_BY_VALIDATOR);
  await push(...full);
});
