/** Settlement with a variant that is updated all the time, and with an order in the batch that cannot be settled. */
import { expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runSettlementOnce } from '../../jobs/settle-orders.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import type { Order } from '../../models/order/order-document.ts';
import { eventually } from '../support/eventually.ts';
import { makeCatalogue, makePaidOrder } from '../support/orders.ts';
import { fakeClock, startTestApp, type TestApp } from '../support/test-app.ts';

async function inWorld(run: (app: TestApp) => Promise<void>, options: Parameters<typeof startTestApp>[0] = {}) {
  const app = await startTestApp(options);
  try {
    await run(app);
  } finally {
    await app.stop();
  }
}

async function makeVariant(app: TestApp, stock: number): Promise<Variant> {
  const [variant] = await makeCatalogue(app.db, { stock, now: app.ctx.clock.now() });
  if (!variant) throw new Error('no variant was made');
  return variant;
}

/** Ten at a time, because a hundred concurrent checkouts exceed their deadline on a busy machine. */
async function paidOrders(app: TestApp, variant: Variant, count: number): Promise<Order[]> {
  const paid: Order[] = [];
  while (paid.length < count) {
    const some = Array.from({ length: Math.min(10, count - paid.length) }, () =>
      makePaidOrder(app.db, { lines: [{ variant, quantity: 1 }], now: app.ctx.clock.now() }),
    );
    paid.push(...(await Promise.all(some)));
  }
  return paid;
}

test('a batch that takes a variant which others write every 8 ms still commits', async () => {
  await inWorld(async (app) => {
    const variant = await makeVariant(app, 1_000);
    const paid = await paidOrders(app, variant, 60);
    let writes = 0;
    const meddling = setInterval(() => {
      app.db.variants.updateOne({ _id: variant._id }, { $set: { title: `Written ${writes}` } }).then(
        () => {
          writes += 1;
        },
        () => undefined,
      );
    }, 8);
    // The other updates have begun.
    await eventually('the first writes', () => writes > 3);
    const run = await runSettlementOnce(app.ctx).finally(() => clearInterval(meddling));
    expect(run).toMatchObject({ confirmed: 60, cancelled: 0, parked: 0, ended: 'drained' });
    expect(await app.db.variants.findById(variant._id).lean()).toMatchObject({ stock: 940 });
    expect(await app.db.orders.countDocuments({ 'settlement.attempts': { $gt: 0 } })).toBe(0);
    expect(paid).toHaveLength(60);
  });
});

test('one order that cannot be settled among 100: the 99 settle at once; it is parked after 8 tries, alerted, and staff restore it', async () => {
  const clock = fakeClock();
  await inWorld(
    async (app) => {
      const variant = await makeVariant(app, 99);
      const paid = await paidOrders(app, variant, 99);
      // Paid last and short of stock, so it is owed a refund, but the document has lost the amount.
      clock.advance(1_000);
      const [poison] = await paidOrders(app, variant, 1);
      const id = poison?._id ?? new Types.ObjectId();
      await app.db.orders.collection.updateOne({ _id: id }, { $unset: { 'payments.0.amount': 1 } });

      const first = await runSettlementOnce(app.ctx);
      expect(first).toMatchObject({ confirmed: 99, cancelled: 0, parked: 0, ended: 'drained' });
      expect(await app.db.orders.countDocuments({ status: 'confirmed' })).toBe(paid.length);
      const settlement = async () => (await app.db.orders.findById(id).lean())?.settlement;
      expect(await settlement()).toMatchObject({ attempts: 1 });

      const waits: number[] = [];
      for (let attempt = 2; attempt <= 8; attempt += 1) {
        const retryAt = (await settlement())?.retryAt ?? clock.now();
        waits.push(retryAt.getTime() - clock.now().getTime());
        // A run one millisecond early skips it.
        await runSettlementOnce(app.ctx);
        expect(await settlement()).toMatchObject({ attempts: attempt - 1 });
        clock.advance(retryAt.getTime() - clock.now().getTime());
        await runSettlementOnce(app.ctx);
      }
      expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64].map((seconds) => seconds * 1_000));
      expect(await settlement()).toMatchObject({ attempts: 8, parkedAt: clock.now() });
      expect(await settlement()).not.toHaveProperty('dueAt');
      const alerts = app.logged.filter(({ event, alert }) => event === 'settlement_parked' && alert === true);
      expect(alerts).toMatchObject([{ orderId: String(id), attempts: 8 }]);

      const staff = await app.signUp({ role: 'owner' });
      const waiting = await staff.client.admin.orders.query({ attention: 'parked' });
      expect(waiting.items.map(({ id: parked }) => parked)).toEqual([String(id)]);
      await runSettlementOnce(app.ctx);
      expect(await settlement()).toMatchObject({ attempts: 8 });

      await app.db.orders.collection.updateOne({ _id: id }, { $set: { 'payments.0.amount': poison?.total ?? 0 } });
      await staff.client.admin.retrySettlement.mutate({ id: String(id) });
      await runSettlementOnce(app.ctx);
      expect(await app.db.orders.findById(id).lean()).toMatchObject({
        status: 'cancelled',
        settlement: { attempts: 0 },
        refunds: [{ amount: poison?.total }],
      });
      expect((await staff.client.admin.orders.query({ attention: 'parked' })).items).toEqual([]);
    },
    { context: { clock } },
  );
});

test('an order of a hundred lines and an order of one settle in one batch', async () => {
  await inWorld(async (app) => {
    const variants = await makeCatalogue(app.db, { variants: 100, stock: 3 });
    const wide = await makePaidOrder(app.db, { lines: variants.map((variant) => ({ variant, quantity: 1 })) });
    await paidOrders(app, variants[0] ?? (await makeVariant(app, 1)), 1);
    expect(await runSettlementOnce(app.ctx)).toMatchObject({ confirmed: 2, ended: 'drained' });
    const rows = await app.db.stockMovements.find({ orderId: wide._id }).lean();
    expect(rows.map(({ _id, lines }) => [_id, lines.length])).toEqual([[`sale:${wide._id}`, 100]]);
  });
});
