/**
 * Emails, webhooks and jobs of kinds that only a newer version knows stay as they are. The metrics count them, and no
 * known work waits because of them.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { JOBS_COLLECTION } from '../../jobs/agenda/job-collection.ts';
import { staffEmailId } from '../../models/messaging/outbox-id.ts';
import { findDueWebhooks, markWebhookApplied, storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import { eventually } from '../support/eventually.ts';
import { buy, checkOut, mailKinds, orderOf, pay, type Shop, startTestShop, sweep, work } from '../support/shopping.ts';
import { startTestApp } from '../support/test-app.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop.stop());

const NEW_KIND = 'a_kind_of_the_next_release';

/** Due before everything else. */
const EARLY = new Date(0);

/** The gauge's values by kind, as a scrape shows them. */
async function leftToNewer(): Promise<Record<string, number>> {
  await shop.ctx.refreshGauges();
  const metric = await shop.ctx.events.registry.getSingleMetric('left_to_newer_count')?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels.kind, value]));
}

test('an email of an unknown kind is not claimed, although it is the first that is due', async () => {
  const emails = shop.db.connection.collection<{ _id: string }>('emails');
  const rows = Array.from({ length: 20 }, (_, n) => ({
    _id: staffEmailId(NEW_KIND, String(n)),
    kind: NEW_KIND,
    data: {},
    state: 'queued',
    createdAt: EARLY,
    dueAt: EARLY,
    attempts: 0,
  }));
  await emails.insertMany(rows);
  const { shopper } = await buy(shop);
  await sweep(shop);
  expect(mailKinds(shop, shopper)).toEqual(['order_confirmed']);
  expect(await emails.find({ kind: NEW_KIND }).sort({ _id: 1 }).toArray()).toEqual(
    rows.sort((a, b) => (a._id < b._id ? -1 : 1)),
  );
  shop.clock.advance(2_000);
  expect(await leftToNewer()).toMatchObject({ email: 20 });
  await emails.deleteMany({ kind: NEW_KIND });
});

test('a webhook of an unknown kind stays in the inbox, also if its bytes come again', async () => {
  const events = shop.db.connection.collection<{ _id: string }>('webhookevents');
  const known = await checkOut(shop);
  const event = {
    _id: 'd'.repeat(64),
    event: 'transfer.reversed',
    kind: NEW_KIND,
    reference: known.txRef,
    charge: null,
    dispute: { id: '7', dueAt: null },
    receivedAt: EARLY,
    deliveries: 1,
    dueAt: EARLY,
    attempts: 0,
  };
  await events.insertOne(event);
  expect(await findDueWebhooks(shop.db, shop.clock.now(), 10)).toEqual([]);
  await pay(shop, known.txRef);
  await sweep(shop);
  expect(await events.findOne({ kind: NEW_KIND })).toEqual(event);
  expect(await orderOf(shop, known)).toMatchObject({ status: 'confirmed', disputes: [] });

  // This program sees no kind in the bytes that it knows.
  const { _id, event: name } = event;
  const now = shop.clock.now();
  await storeWebhookEvent(shop.db, { _id, event: name, kind: 'other', reference: null, charge: null }, now);
  await markWebhookApplied(shop.db, _id, { code: 'not_relevant' }, now);
  await sweep(shop);
  expect(await events.findOne({ kind: NEW_KIND })).toEqual({ ...event, deliveries: 2, dueAt: now });
  shop.clock.advance(2_000);
  expect(await leftToNewer()).toMatchObject({ webhook: 1 });
  await events.deleteMany({ kind: NEW_KIND });
  await work(shop);
});

test('a job of an unknown name is neither locked nor run, and known jobs run beside it', async () => {
  const app = await startTestApp({ worker: true, dbName: shop.db.connection.name });
  try {
    const jobs = app.db.connection.collection(JOBS_COLLECTION);
    shop.clock.advance(2_000);
    const before = await leftToNewer();
    const job = { name: NEW_KIND, data: {}, priority: 20, type: 'normal', nextRunAt: EARLY, lockedAt: null };
    const { insertedId: _id } = await jobs.insertOne(job);
    await app.ctx.jobs.enqueueEmails();
    const isRun = async () =>
      (await jobs.countDocuments({ name: 'sendEmails', lastFinishedAt: { $exists: true } })) > 0;
    await eventually('a known job to run', isRun);
    expect(await jobs.findOne({ _id })).toEqual({ _id, ...job });
    shop.clock.advance(2_000);
    expect(await leftToNewer()).toEqual({ ...before, job: 1 });
    await jobs.deleteOne({ _id });
  } finally {
    await app.stop();
  }
});

test('a paid order of a higher shape is counted', async () => {
  const { txRef, code } = await checkOut(shop);
  await pay(shop, txRef);
  await shop.db.orders.updateOne({ code }, { $inc: { shape: 1 } });
  shop.clock.advance(2_000);
  expect(await leftToNewer()).toMatchObject({ order: 1 });
});
