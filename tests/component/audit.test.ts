/**
 * The audit against a real database: books that the models have kept are clean whatever happened in them, and each
 * violation planted behind their back is found by the check that names it, and by no other.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { MAX_LISTED } from '../../models/audit/check.ts';
import { AUDIT_CHECKS, type AuditOptions, runAudit } from '../../models/audit.ts';
import { driverCollection } from '../../models/connection.ts';
import type { Database } from '../../models/database.ts';
import { type Email, emailKey, RETENTION_MS } from '../../models/email-outbox.ts';
import type { Order } from '../../models/order-document.ts';
import type { StockMovement } from '../../models/stock-movement.ts';
import type { Variant } from '../../models/variant.ts';
import { storeWebhookEvent } from '../../models/webhook-event.ts';
import { type LifeName, makeEveryLife } from '../support/order-lives.ts';
import { makeCatalogue, openOwnDatabase } from '../support/orders.ts';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const GRACE_MS = 60_000;

let db: Database;
let variant: Variant;
let lives: Record<LifeName, Order>;

beforeAll(async () => {
  db = await openOwnDatabase();
  const [made] = await makeCatalogue(db, { stock: 500, now });
  if (!made) throw new Error('no variant was made');
  variant = made;
  lives = await makeEveryLife(db, variant, now);
});
afterAll(async () => {
  await db.connection.close();
});

const audit = (options: Partial<AuditOptions> = {}) =>
  runAudit(db, { now, graceMs: GRACE_MS, domain: 'test', ...options });

/** The offenders that each check complains of, by the checks' names. */
async function findings(options: Partial<AuditOptions> = {}): Promise<Record<string, string[]>> {
  const { checks } = await audit(options);
  const violated = checks.filter(({ violationCount }) => violationCount > 0);
  return Object.fromEntries(
    violated.map(({ name, violations }) => [name, [...new Set(violations.map(({ id }) => id))]]),
  );
}

/** Plants, sees that exactly this is found, and puts every document back as it was. */
async function expectFindings(plant: () => Promise<unknown>, expected: Record<string, unknown[]>): Promise<void> {
  const models = [db.orders, db.emails, db.stockMovements, db.variants, db.webhookEvents];
  const collections = models.map((model) => db.connection.collection<{ _id: unknown }>(model.collection.name));
  const before = await Promise.all(collections.map((collection) => collection.find().toArray()));
  try {
    await plant();
    const ids = Object.entries(expected).map(([name, offenders]) => [name, offenders.map(String)]);
    expect(await findings()).toEqual(Object.fromEntries(ids));
  } finally {
    for (const [index, collection] of collections.entries()) {
      await collection.deleteMany({});
      const documents = before[index] ?? [];
      if (documents.length > 0) await collection.insertMany(documents);
    }
  }
  expect(await findings()).toEqual({});
}

const onOrder = (life: LifeName, update: object) =>
  driverCollection(db.orders).updateOne({ _id: lives[life]._id }, update);
const idOf = (life: LifeName) => lives[life]._id;

const sentEmail = (orderId: Types.ObjectId, kind: Email['kind'], seq: number, data: Email['data'] = {}): Email => ({
  _id: emailKey(orderId, kind, seq),
  orderId,
  kind,
  data,
  state: 'sent',
  createdAt: now,
  sentAt: now,
  attempts: 1,
});

test('books that the models have kept are clean, whatever happened in them', async () => {
  const report = await audit();
  expect(report.checks.flatMap(({ name, violations }) => violations.map((found) => ({ name, ...found })))).toEqual([]);
  expect(report.clean).toBe(true);
  expect(report.checks.map(({ name }) => name)).toEqual(AUDIT_CHECKS.map(({ name }) => name));
  expect(new Set(AUDIT_CHECKS.map(({ name }) => name)).size).toBe(AUDIT_CHECKS.length);
});

test('the sums per currency are all of the captured money, each in its place', async () => {
  const [books, ...others] = (await audit()).books;
  expect(others).toEqual([]);
  if (!books) throw new Error('there are no books');
  const { captured, pays, waits, owedBack, inReview, takenBack, unaccounted } = books;
  const parts = [pays, waits, owedBack, inReview, takenBack].map(Number);
  expect(parts.every((part) => part > 0)).toBe(true);
  expect(parts.reduce((a, b) => a + b, 0)).toBe(Number(captured));
  expect(unaccounted).toBe('0');
});

test('an empty database is clean', async () => {
  const empty = await openOwnDatabase();
  try {
    expect(await runAudit(empty, { now })).toMatchObject({ clean: true, books: [] });
  } finally {
    await empty.connection.close();
  }
});

describe('I1 finds', () => {
  test('stock that its ledger does not explain', () =>
    expectFindings(() => driverCollection(db.variants).updateOne({ _id: variant._id }, { $inc: { stock: 1 } }), {
      ledger: [variant._id],
    }));

  test('reserved units that no order holds', () =>
    expectFindings(
      () => driverCollection(db.variants).updateOne({ _id: variant._id }, { $inc: { stock: -1, reserved: 1 } }),
      { reserved: [variant._id] },
    ));

  test('units booked on a variant that does not exist', async () => {
    const missing = new Types.ObjectId();
    await expectFindings(
      () =>
        driverCollection<StockMovement>(db.stockMovements).insertOne({
          _id: `initial:${missing}`,
          variantId: missing,
          delta: 3,
          reason: 'initial',
          actor: 'system',
          at: now,
        }),
      { ledger: [missing] },
    );
  });

  test('a sale that is not in the ledger', () =>
    expectFindings(
      async () => {
        await db.stockMovements.deleteOne({ _id: `sale:${idOf('confirmed')}:${variant._id}` });
        await driverCollection(db.variants).updateOne({ _id: variant._id }, { $inc: { stock: 2 } });
      },
      { 'sales-and-restocks': [idOf('confirmed')] },
    ));

  test('a restock of an order that was not restocked, and of no order at all', async () => {
    const nobody = new Types.ObjectId();
    const row = (orderId: Types.ObjectId): StockMovement => ({
      _id: `restock:${orderId}:${variant._id}`,
      variantId: variant._id,
      delta: 2,
      reason: 'restock',
      orderId,
      actor: 'system',
      at: now,
    });
    await expectFindings(
      async () => {
        await driverCollection(db.stockMovements).insertMany([row(idOf('writtenOff')), row(nobody)]);
        await driverCollection(db.variants).updateOne({ _id: variant._id }, { $inc: { stock: 4 } });
      },
      { 'sales-and-restocks': [idOf('writtenOff'), `restock:${nobody}:${variant._id}`] },
    );
  });

  test('a hold that outlived its order', () =>
    expectFindings(() => onOrder('expiredHold', { $set: { hold: 'held' } }), { hold: [idOf('expiredHold')] }));
});

test('I2 finds stock below nothing', async () => {
  await db.connection.db?.command({ collMod: 'variants', validator: {} });
  await expectFindings(
    async () => {
      await driverCollection(db.variants).updateOne({ _id: variant._id }, { $set: { stock: -1 } });
      const sums = await db.stockMovements.aggregate<{ units: number }>([
        { $match: { variantId: variant._id } },
        { $group: { _id: null, units: { $sum: '$delta' } } },
      ]);
      const { reserved } = (await db.variants.findById(variant._id).lean<Variant>()) ?? variant;
      await driverCollection(db.stockMovements).updateOne(
        { _id: `initial:${variant._id}` },
        { $inc: { delta: reserved - 1 - (sums[0]?.units ?? 0) } },
      );
    },
    { counts: [variant._id] },
  );
});

describe('I3 finds', () => {
  test('a captured charge that neither pays nor goes back', () =>
    expectFindings(
      () => onOrder('reviewRefunded', { $set: { refunds: [], paymentStatus: 'paid' }, $unset: { refundDueAt: 1 } }),
      {
        'charge-accounted-for': [idOf('reviewRefunded')],
        'history-chain': [idOf('reviewRefunded')],
        'emails-grounded': [idOf('reviewRefunded')],
      },
    ));

  test('an order that is called refunded although its money has not come back', () =>
    expectFindings(
      () =>
        onOrder('partlyRefunded', {
          $set: { status: 'refunded' },
          $push: {
            history: {
              seq: 99,
              at: now,
              actor: 'system',
              from: { status: 'confirmed', paymentStatus: 'partially_refunded' },
              to: { status: 'refunded', paymentStatus: 'partially_refunded' },
              reason: 'planted',
            },
          },
          $inc: { version: 99 },
        }),
      { 'refunded-status': [idOf('partlyRefunded')] },
    ));
});

describe('I4 finds', () => {
  test("a reference of another order's code", () => {
    const foreign = 'ord-SOMEBODYELSE-1';
    return expectFindings(() => onOrder('unpaid', { $set: { txRef: foreign, 'payments.0.reference': foreign } }), {
      'paying-charge': [idOf('unpaid')],
    });
  });

  test('a unique index that is gone', async () => {
    const own = await openOwnDatabase();
    try {
      await own.connection.collection('orders').dropIndex('payments.reference_1');
      const { checks } = await runAudit(own, { now });
      const violated = checks.filter(({ violationCount }) => violationCount > 0);
      expect(violated.map(({ name }) => name)).toEqual(['uniqueness']);
      expect(violated[0]?.violations[0]?.id).toBe('orders.{"payments.reference":1}');
    } finally {
      await own.connection.close();
    }
  });
});

describe('I5 finds', () => {
  test('a status that cannot follow', () =>
    expectFindings(
      () =>
        onOrder('expiredHold', {
          $push: {
            history: {
              seq: 99,
              at: now,
              actor: 'system',
              from: { status: 'cancelled', paymentStatus: 'unpaid' },
              to: { status: 'shipped', paymentStatus: 'unpaid' },
              reason: 'planted',
            },
          },
          $set: { status: 'shipped', version: 99 },
        }),
      {
        'status-path': [idOf('expiredHold')],
        'emails-owed': [idOf('expiredHold')],
        'rightly-paid': [idOf('expiredHold')],
      },
    ));

  test('a version behind its history', () =>
    expectFindings(() => onOrder('delivered', { $set: { version: 1 } }), { version: [idOf('delivered')] }));
});

describe('I6 finds', () => {
  test('an entry that begins where the one before did not end', () =>
    expectFindings(() => onOrder('delivered', { $set: { 'history.1.from.paymentStatus': 'review' } }), {
      'history-chain': [idOf('delivered')],
    }));

  test('numbers that do not rise', () =>
    expectFindings(() => onOrder('unpaid', { $push: { history: lives.unpaid.history[0] } }), {
      'history-chain': [idOf('unpaid')],
    }));

  test('a status that the history does not lead to', () =>
    expectFindings(() => onOrder('confirmed', { $set: { status: 'shipped' } }), {
      'history-chain': [idOf('confirmed')],
    }));

  test('derived fields that do not follow from the charges and refunds', () =>
    expectFindings(() => onOrder('inReview', { $unset: { reviewSince: 1 } }), {
      'derived-fields': [idOf('inReview')],
    }));
});

describe('I7 finds', () => {
  test.each<[string, LifeName, RegExp]>([
    ['confirmation', 'confirmed', /:order_confirmed:/],
    ['cancellation', 'expiredHold', /:order_cancelled:/],
    ['shipment', 'delivered', /:order_shipped:/],
    ['delivery', 'delivered', /:order_delivered:/],
    ['refund begun by staff', 'refunded', /:refund_started:/],
    ['refund of a second charge', 'paidTwice', /:refund_started:/],
    ['refund of a cancelled order', 'restocked', /:order_cancelled:/],
    ['refund of a review', 'reviewRefunded', /:order_cancelled:/],
    ['refund that is done', 'refunded', /:refund_done:/],
    ['review', 'inReview', /:payment_review:/],
  ])('a %s of which nobody was told', (_, life, kind) =>
    expectFindings(
      async () => {
        const { deletedCount } = await db.emails.deleteMany({ orderId: idOf(life), _id: kind });
        expect(deletedCount).toBe(1);
      },
      { 'emails-owed': [idOf(life)] },
    ),
  );

  test.each<[string, () => Email, () => unknown]>([
    ['what is not in the history', () => sentEmail(idOf('unpaid'), 'order_confirmed', 7), () => idOf('unpaid')],
    ['something else than its entry', () => sentEmail(idOf('unpaid'), 'order_shipped', 1), () => idOf('unpaid')],
    ['an unknown refund', () => sentEmail(idOf('unpaid'), 'refund_done', 1, { refundId: 'x' }), () => idOf('unpaid')],
    [
      'an order that does not exist',
      () => sentEmail(variant._id, 'order_shipped', 1),
      () => `${variant._id}:order_shipped:1`,
    ],
  ])('an email that tells of %s', (_, planted, id) =>
    expectFindings(() => driverCollection(db.emails).insertOne(planted()), { 'emails-grounded': [id()] }),
  );

  test('nothing where sent emails were deleted after their retention', async () => {
    const deleted = await db.emails.find({ orderId: idOf('delivered') }).lean<Email[]>();
    await db.emails.deleteMany({ orderId: idOf('delivered') });
    const after = new Date(now.getTime() + RETENTION_MS);
    expect(Object.keys(await findings({ now: after }))).not.toContain('emails-owed');
    await driverCollection(db.emails).insertMany(deleted);
  });
});

describe('I8 finds', () => {
  test('a paid order that waits longer than the grace, and not one that was heard of just now', async () => {
    await expectFindings(() => onOrder('paid', { $set: { 'settlement.dueAt': ago(3600) } }), {});
    await expectFindings(() => onOrder('paid', { $set: { 'settlement.dueAt': ago(61), 'history.$[].at': ago(61) } }), {
      'settlement-overdue': [idOf('paid')],
    });
  });

  test('a paid order that nothing will settle, unless it is parked', async () => {
    await expectFindings(() => onOrder('paid', { $unset: { 'settlement.dueAt': 1 } }), { findable: [idOf('paid')] });
    await expectFindings(
      () => onOrder('paid', { $set: { 'settlement.parkedAt': ago(9999) }, $unset: { 'settlement.dueAt': 1 } }),
      {},
    );
  });

  test('an unpaid order about which Paystack will never be asked', () =>
    expectFindings(() => onOrder('unpaid', { $unset: { verifyDueAt: 1 } }), { findable: [idOf('unpaid')] }));

  test('a settled order that is still in the queue', () =>
    expectFindings(() => onOrder('confirmed', { $set: { 'settlement.dueAt': now } }), {
      findable: [idOf('confirmed')],
    }));

  test('a question, an email and a webhook that are overdue', async () => {
    const digest = 'a'.repeat(64);
    const event = { _id: digest, event: 'x', kind: 'other', reference: null, charge: null } as const;
    await expectFindings(() => onOrder('unpaid', { $set: { verifyDueAt: ago(61) } }), {
      'verify-overdue': [idOf('unpaid')],
    });
    await expectFindings(() => storeWebhookEvent(db, event, ago(61)), { 'webhook-overdue': [digest] });
    const key = emailKey(idOf('expiredHold'), 'order_cancelled', lives.expiredHold.version);
    await expectFindings(() => db.emails.updateOne({ _id: key }, { $set: { dueAt: ago(61) } }), {
      'email-overdue': [key],
    });
  });

  test('a refund that is overdue', () =>
    expectFindings(() => onOrder('paidTwice', { $set: { 'refunds.0.requestedAt': ago(61), refundDueAt: ago(61) } }), {
      'refund-overdue': [idOf('paidTwice')],
    }));
});

describe('I9 finds', () => {
  test('a snapshot that was changed', () =>
    expectFindings(() => onOrder('delivered', { $set: { 'items.0.productSnapshot.title': 'Other' } }), {
      snapshot: [idOf('delivered')],
    }));

  test('a total that does not add up', () =>
    expectFindings(() => onOrder('unpaid', { $inc: { shippingFee: 1 } }), {
      snapshot: [idOf('unpaid')],
      total: [idOf('unpaid')],
    }));
});

test.each<[string, object]>([
  ['amount', { $inc: { 'payments.0.amount': -1 } }],
  ['currency', { $set: { 'payments.0.currency': 'USD' } }],
  ['domain', { $set: { 'payments.0.domain': 'live' } }],
])('I11 finds a confirmed order whose charge disagrees in %s', (_, update) =>
  expectFindings(() => onOrder('confirmed', update), { 'rightly-paid': [idOf('confirmed')] }),
);

describe('I16 finds', () => {
  test('more given back than came in', () =>
    expectFindings(() => onOrder('partlyRefunded', { $inc: { 'refunds.0.amount': 10_000_000 } }), {
      'refund-limit': [idOf('partlyRefunded')],
      'refunded-status': [idOf('partlyRefunded')],
      'derived-fields': [idOf('partlyRefunded')],
    }));

  test('two refunds of one charge under way at once', () => {
    const { _id, refunds, version } = lives.restocked;
    const [refund] = refunds;
    if (!refund) throw new Error('a cancelled order has a refund');
    const halves = [
      { ...refund, amount: 1 },
      { ...refund, amount: refund.amount - 1, refundId: 'second' },
    ];
    return expectFindings(
      async () => {
        await onOrder('restocked', { $set: { refunds: halves } });
        await driverCollection(db.emails).insertOne(sentEmail(_id, 'refund_started', version, { refundId: 'second' }));
      },
      { 'refund-limit': [_id] },
    );
  });
});

test('a document that cannot be judged is a violation, not a crash', () =>
  expectFindings(
    () => onOrder('unpaid', { $set: { disputes: null, 'payments.0.status': 'succeeded', 'payments.0.amount': 1 } }),
    {
      'charge-accounted-for': [idOf('unpaid')],
      'derived-fields': [idOf('unpaid')],
      'emails-owed': [idOf('unpaid')],
    },
  ));

test('violations beyond the bound are counted and not listed', async () => {
  const own = await openOwnDatabase();
  try {
    const ghosts = Array.from({ length: MAX_LISTED + 7 }, () => new Types.ObjectId());
    await driverCollection(own.stockMovements).insertMany(
      ghosts.map((variantId) => ({
        _id: `initial:${variantId}`,
        variantId,
        delta: 1,
        reason: 'initial' as const,
        actor: 'system',
        at: now,
      })),
    );
    const { checks } = await runAudit(own, { now });
    const ledger = checks.find(({ name }) => name === 'ledger');
    expect(ledger?.violationCount).toBe(MAX_LISTED + 7);
    expect(ledger?.violations).toHaveLength(MAX_LISTED);
  } finally {
    await own.connection.close();
  }
});

test('since leaves out older orders, and counts their stock all the same', async () => {
  const tomorrow = new Date(Date.now() + 24 * 3600_000);
  const { checks, clean } = await audit({ since: tomorrow });
  const lookedAt = Object.fromEntries(checks.map(({ name, lookedAt }) => [name, lookedAt]));
  expect(clean).toBe(true);
  expect(lookedAt).toMatchObject({ snapshot: 0, 'emails-owed': 0, ledger: await db.variants.countDocuments() });
});

test('every query is served by an index, and none waits for a lock or writes', async () => {
  const mongo = db.connection.db;
  if (!mongo) throw new Error('the connection is open');
  await mongo.command({ profile: 2 });
  try {
    await audit();
  } finally {
    await mongo.command({ profile: 0 });
  }
  const ops = await mongo
    .collection('system.profile')
    .find({ op: { $in: ['query', 'command', 'update', 'insert', 'remove'] }, ns: { $not: /system\.profile|\$cmd/ } })
    .toArray();
  const plans = ops.filter(({ planSummary }) => planSummary !== undefined);
  expect(plans.length).toBeGreaterThan(10);
  expect(
    plans.filter(({ planSummary }) => /COLLSCAN/.test(String(planSummary))).map(({ ns, command }) => [ns, command]),
  ).toEqual([]);
  expect(ops.filter(({ op }) => op === 'update' || op === 'insert' || op === 'remove')).toEqual([]);
});
