/** The digests of new orders to staff: each order once, as far apart as the settings say, and no customer's data. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { queueDigestOfOrders } from '../../jobs/digest-of-orders.ts';
import { findNewOrders, readDigestState } from '../../models/messaging/digest/new-orders.ts';
import { queueStaffEmail } from '../../models/messaging/staff-email.ts';
import { newActionKey } from '../support/action-keys.ts';
import { ADDRESS, buy, MINUTE_MS, type Shop, startTestShop, sweep, work } from '../support/shopping.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
  await queueDigestOfOrders(shop.ctx);
});
beforeEach(async () => {
  shop.ctx.defaultSettings.newOrdersMinutes = 1;
  shop.mailbox.clear();
  shop.clock.advance(5 * MINUTE_MS);
  await sweep(shop);
  shop.mailbox.clear();
});
afterAll(() => shop.stop());

/** The digests that staff got, after as many sweeps as workers would make in two minutes. */
async function digests(minutes = 2) {
  for (let half = 0; half < minutes * 2; half += 1) {
    shop.clock.advance(MINUTE_MS / 2);
    await sweep(shop);
  }
  return shop.mailbox.mails({ to: shop.staff.email }).filter(({ key }) => key?.startsWith('staff:new_orders:'));
}

test('two orders are one email, with their codes and sums and nothing of the customers', async () => {
  const orders = [await buy(shop), await buy(shop, { quantity: 2 })];
  const [mail, ...others] = await digests();
  expect(others).toEqual([]);
  expect(mail?.subject).toMatch(/^2 new orders: ₦[\d,]+\.00 – Test Shop$/);
  for (const { code } of orders) expect(mail?.text).toContain(`Order ${code}: `);
  expect(mail?.text).toContain('2 items');
  expect(mail?.text).toContain(`See what is to be sent: ${shop.url}/desk\n`);
  for (const text of [ADDRESS.name, ADDRESS.phone, ...orders.map(({ shopper }) => shopper.email)])
    expect(JSON.stringify(mail)).not.toContain(text);
});

test('one order is named in the subject, and the link leads to it', async () => {
  const { code, orderId } = await buy(shop);
  const [mail] = await digests();
  expect(mail?.subject).toMatch(new RegExp(`^New order ${code}: ₦`));
  expect(mail?.text).toContain(`/desk/orders/${orderId}`);
});

test('a next one comes after the time of the settings, and reports what came meanwhile, each order once', async () => {
  shop.ctx.defaultSettings.newOrdersMinutes = 10;
  shop.clock.advance(10 * MINUTE_MS);
  const first = await buy(shop);
  expect(await digests(1)).toHaveLength(1);
  const later = [await buy(shop), await buy(shop)];
  expect(await digests(8)).toHaveLength(1);
  const all = await digests(3);
  expect(all).toHaveLength(2);
  expect(all.map(({ text }) => [first, ...later].map(({ code }) => text.includes(code)))).toEqual([
    [true, false, false],
    [false, true, true],
  ]);
});

test('workers at once, and one that dies before its checkpoint, send one email', async () => {
  await buy(shop);
  shop.clock.advance(MINUTE_MS);
  const now = shop.clock.now();
  const { n, ...state } = await readDigestState(shop.db, now);
  const data = await findNewOrders(shop.db, { n, ...state }, now);
  if (data === null) throw new Error('an order was paid');
  // The email is in the outbox, and the checkpoint is not moved.
  await queueStaffEmail(shop.db, 'new_orders', { what: String(n + 1), data, now });
  const runs = await Promise.all([1, 2, 3, 4, 5].map(() => queueDigestOfOrders(shop.ctx)));
  expect(runs).toEqual([0, 0, 0, 0, 0]);
  expect((await readDigestState(shop.db, now)).n).toBe(n + 1);
  expect(await digests(3)).toHaveLength(1);
  await buy(shop);
  shop.clock.advance(MINUTE_MS);
  const counts = await Promise.all([1, 2, 3, 4, 5].map(() => queueDigestOfOrders(shop.ctx)));
  expect(counts.sort()).toEqual([0, 0, 0, 0, 1]);
});

test('a confirmation that could not be sent counts, and sent once more it counts no second time', async () => {
  const sent = await buy(shop);
  shop.mailbox.script({ times: 1, fault: { kind: 'bad-address' } });
  const parked = await buy(shop);
  const [mail] = await digests();
  expect([sent, parked].map(({ code }) => mail?.text.includes(code))).toEqual([true, true]);
  for (const { orderId } of [sent, parked]) {
    const { emails } = await shop.staff.client.admin.order.query({ id: orderId });
    const emailId = emails[0]?.id ?? '';
    await shop.staff.client.admin.resendEmail.mutate({ id: orderId, emailId, key: newActionKey() });
  }
  await work(shop);
  expect(await digests()).toHaveLength(1);
});

test('staff who want none get none, and none about that time later', async () => {
  shop.ctx.defaultSettings.newOrdersMinutes = 0;
  await buy(shop);
  expect(await digests(3)).toEqual([]);
  shop.ctx.defaultSettings.newOrdersMinutes = 1;
  expect(await digests(3)).toEqual([]);
});

test('a shop without an address of staff has no digest waiting for one', async () => {
  const owner = { role: 'owner' } as const;
  await shop.db.users.updateMany(owner, { role: 'packer' });
  try {
    await buy(shop);
    expect(await digests()).toEqual([]);
    expect(await shop.db.emails.countDocuments({ _id: /^staff:new_orders:/, state: 'queued' })).toBe(0);
  } finally {
    await shop.db.users.updateMany({ role: 'packer' }, owner);
  }
});

test('it reads the new confirmations by an index, and a thousand of many', async () => {
  for (const field of ['sentAt', 'parkedAt']) {
    const filter = { [field]: { $gt: new Date(0), $lte: shop.clock.now() }, kind: 'order_confirmed' };
    const explained = await shop.db.emails.collection
      .find(filter)
      .sort({ [field]: 1 })
      .explain('queryPlanner');
    expect(JSON.stringify(explained.queryPlanner.winningPlan)).toContain(`"indexName":"${field}_1"`);
    expect(JSON.stringify(explained.queryPlanner.winningPlan)).not.toContain('"SORT"');
  }
  const { orderId } = await buy(shop);
  const [email] = await shop.db.emails.find({ _id: new RegExp(`^${orderId}`) }).lean();
  const order = await shop.db.orders.findById(orderId).lean();
  const copies = Array.from({ length: 1_200 }, (_, n) => n.toString(16).padStart(24, '0'));
  await shop.db.orders.collection.insertMany(
    copies.map((id, n) => ({
      ...order,
      _id: shop.db.orders.base.Types.ObjectId.createFromHexString(id),
      code: `C${n}`,
      checkoutKey: id,
      txRef: id,
      payments: [],
    })) as never[],
  );
  await shop.db.emails.collection.insertMany(
    copies.map((id, n) => ({
      ...email,
      _id: `${id}:order_confirmed:3`,
      orderId: shop.db.orders.base.Types.ObjectId.createFromHexString(id),
      sentAt: new Date(shop.clock.now().getTime() - 1_200 + n),
    })) as never[],
  );
  const all = await digests(4);
  expect(all.map(({ subject }) => subject.split(':')[0])).toEqual(['More than 1,000 new orders', '201 new orders']);
  expect(all[0]?.text).toContain('And 990 more.');
});
