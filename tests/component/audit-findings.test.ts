/** Each violation of an invariant that is planted behind the models' backs is found by the check that names it, and by no other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runAudit } from '../../models/audit.ts';
import { driverCollection } from '../../models/connection.ts';
import { type Email, emailKey, RETENTION_MS } from '../../models/email-outbox.ts';
import type { StockMovement } from '../../models/stock-movement.ts';
import type { Variant } from '../../models/variant.ts';
import { storeWebhookEvent } from '../../models/webhook-event.ts';
import { type AuditedBooks, AUDITED_AT as now, openAuditedBooks } from '../support/audited-books.ts';
import type { LifeName } from '../support/order-lives.ts';
import { openOwnDatabase } from '../support/orders.ts';

const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

let books: AuditedBooks;
beforeAll(async () => {
  books = await openAuditedBooks();
});
afterAll(() => books.close());

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

describe('I1 finds', () => {
  test('stock that its ledger does not explain', () =>
    books.expectFindings(
      () => driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: 1 } }),
      {
        ledger: [books.variant._id],
      },
    ));

  test('reserved units that no order holds', () =>
    books.expectFindings(
      () =>
        driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: -1, reserved: 1 } }),
      { reserved: [books.variant._id] },
    ));

  test('units booked on a variant that does not exist', async () => {
    const missing = new Types.ObjectId();
    await books.expectFindings(
      () =>
        driverCollection<StockMovement>(books.db.stockMovements).insertOne({
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
    books.expectFindings(
      async () => {
        await books.db.stockMovements.deleteOne({ _id: `sale:${books.idOf('confirmed')}:${books.variant._id}` });
        await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: 2 } });
      },
      { 'sales-and-restocks': [books.idOf('confirmed')] },
    ));

  test('a restock of an order that was not restocked, and of no order at all', async () => {
    const nobody = new Types.ObjectId();
    const row = (orderId: Types.ObjectId): StockMovement => ({
      _id: `restock:${orderId}:${books.variant._id}`,
      variantId: books.variant._id,
      delta: 2,
      reason: 'restock',
      orderId,
      actor: 'system',
      at: now,
    });
    await books.expectFindings(
      async () => {
        await driverCollection(books.db.stockMovements).insertMany([row(books.idOf('writtenOff')), row(nobody)]);
        await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: 4 } });
      },
      { 'sales-and-restocks': [books.idOf('writtenOff'), `restock:${nobody}:${books.variant._id}`] },
    );
  });

  test('a hold that outlived its order', () =>
    books.expectFindings(() => books.onOrder('expiredHold', { $set: { hold: 'held' } }), {
      hold: [books.idOf('expiredHold')],
    }));
});

test('I2 finds stock below nothing', async () => {
  await books.db.connection.db?.command({ collMod: 'variants', validator: {} });
  await books.expectFindings(
    async () => {
      await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $set: { stock: -1 } });
      const sums = await books.db.stockMovements.aggregate<{ units: number }>([
        { $match: { variantId: books.variant._id } },
        { $group: { _id: null, units: { $sum: '$delta' } } },
      ]);
      const { reserved } = (await books.db.variants.findById(books.variant._id).lean<Variant>()) ?? books.variant;
      await driverCollection(books.db.stockMovements).updateOne(
        { _id: `initial:${books.variant._id}` },
        { $inc: { delta: reserved - 1 - (sums[0]?.units ?? 0) } },
      );
    },
    { counts: [books.variant._id] },
  );
});

describe('I3 finds', () => {
  test('a captured charge that neither pays nor goes back', () =>
    books.expectFindings(
      () =>
        books.onOrder('reviewRefunded', { $set: { refunds: [], paymentStatus: 'paid' }, $unset: { refundDueAt: 1 } }),
      {
        'charge-accounted-for': [books.idOf('reviewRefunded')],
        'history-chain': [books.idOf('reviewRefunded')],
        'emails-grounded': [books.idOf('reviewRefunded')],
      },
    ));

  test('an order that is called refunded although its money has not come back', () =>
    books.expectFindings(
      () =>
        books.onOrder('partlyRefunded', {
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
      { 'refunded-status': [books.idOf('partlyRefunded')] },
    ));
});

describe('I4 finds', () => {
  test("a reference of another order's code", () => {
    const foreign = 'ord-SOMEBODYELSE-1';
    return books.expectFindings(
      () => books.onOrder('unpaid', { $set: { txRef: foreign, 'payments.0.reference': foreign } }),
      {
        'paying-charge': [books.idOf('unpaid')],
      },
    );
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
    books.expectFindings(
      () =>
        books.onOrder('expiredHold', {
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
        'status-path': [books.idOf('expiredHold')],
        'emails-owed': [books.idOf('expiredHold')],
        'rightly-paid': [books.idOf('expiredHold')],
      },
    ));

  test('a version behind its history', () =>
    books.expectFindings(() => books.onOrder('delivered', { $set: { version: 1 } }), {
      version: [books.idOf('delivered')],
    }));
});

describe('I6 finds', () => {
  test('an entry that begins where the one before did not end', () =>
    books.expectFindings(() => books.onOrder('delivered', { $set: { 'history.1.from.paymentStatus': 'review' } }), {
      'history-chain': [books.idOf('delivered')],
    }));

  test('numbers that do not rise', () =>
    books.expectFindings(() => books.onOrder('unpaid', { $push: { history: books.lives.unpaid.history[0] } }), {
      'history-chain': [books.idOf('unpaid')],
    }));

  test('a status that the history does not lead to', () =>
    books.expectFindings(() => books.onOrder('confirmed', { $set: { status: 'shipped' } }), {
      'history-chain': [books.idOf('confirmed')],
    }));

  test('derived fields that do not follow from the charges and refunds', () =>
    books.expectFindings(() => books.onOrder('inReview', { $unset: { reviewSince: 1 } }), {
      'derived-fields': [books.idOf('inReview')],
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
    books.expectFindings(
      async () => {
        const { deletedCount } = await books.db.emails.deleteMany({ orderId: books.idOf(life), _id: kind });
        expect(deletedCount).toBe(1);
      },
      { 'emails-owed': [books.idOf(life)] },
    ),
  );

  test.each<[string, () => Email, () => unknown]>([
    [
      'what is not in the history',
      () => sentEmail(books.idOf('unpaid'), 'order_confirmed', 7),
      () => books.idOf('unpaid'),
    ],
    [
      'something else than its entry',
      () => sentEmail(books.idOf('unpaid'), 'order_shipped', 1),
      () => books.idOf('unpaid'),
    ],
    [
      'an unknown refund',
      () => sentEmail(books.idOf('unpaid'), 'refund_done', 1, { refundId: 'x' }),
      () => books.idOf('unpaid'),
    ],
    [
      'an order that does not exist',
      () => sentEmail(books.variant._id, 'order_shipped', 1),
      () => `${books.variant._id}:order_shipped:1`,
    ],
  ])('an email that tells of %s', (_, planted, id) =>
    books.expectFindings(() => driverCollection(books.db.emails).insertOne(planted()), { 'emails-grounded': [id()] }),
  );

  test('nothing where sent emails were deleted after their retention', async () => {
    const deleted = await books.db.emails.find({ orderId: books.idOf('delivered') }).lean<Email[]>();
    await books.db.emails.deleteMany({ orderId: books.idOf('delivered') });
    const after = new Date(now.getTime() + RETENTION_MS);
    expect(Object.keys(await books.findings({ now: after }))).not.toContain('emails-owed');
    await driverCollection(books.db.emails).insertMany(deleted);
  });
});

describe('I8 finds', () => {
  test('a paid order that waits longer than the grace, and not one that was heard of just now', async () => {
    await books.expectFindings(() => books.onOrder('paid', { $set: { 'settlement.dueAt': ago(3600) } }), {});
    await books.expectFindings(
      () => books.onOrder('paid', { $set: { 'settlement.dueAt': ago(61), 'history.$[].at': ago(61) } }),
      {
        'settlement-overdue': [books.idOf('paid')],
      },
    );
  });

  test('a paid order that nothing will settle, unless it is parked', async () => {
    await books.expectFindings(() => books.onOrder('paid', { $unset: { 'settlement.dueAt': 1 } }), {
      findable: [books.idOf('paid')],
    });
    await books.expectFindings(
      () => books.onOrder('paid', { $set: { 'settlement.parkedAt': ago(9999) }, $unset: { 'settlement.dueAt': 1 } }),
      {},
    );
  });

  test('an unpaid order about which Paystack will never be asked', () =>
    books.expectFindings(() => books.onOrder('unpaid', { $unset: { verifyDueAt: 1 } }), {
      findable: [books.idOf('unpaid')],
    }));

  test('a settled order that is still in the queue', () =>
    books.expectFindings(() => books.onOrder('confirmed', { $set: { 'settlement.dueAt': now } }), {
      findable: [books.idOf('confirmed')],
    }));

  test('a question, an email and a webhook that are overdue', async () => {
    const digest = 'a'.repeat(64);
    const event = { _id: digest, event: 'x', kind: 'other', reference: null, charge: null } as const;
    await books.expectFindings(() => books.onOrder('unpaid', { $set: { verifyDueAt: ago(61) } }), {
      'verify-overdue': [books.idOf('unpaid')],
    });
    await books.expectFindings(() => storeWebhookEvent(books.db, event, ago(61)), { 'webhook-overdue': [digest] });
    const key = emailKey(books.idOf('expiredHold'), 'order_cancelled', books.lives.expiredHold.version);
    await books.expectFindings(() => books.db.emails.updateOne({ _id: key }, { $set: { dueAt: ago(61) } }), {
      'email-overdue': [key],
    });
  });

  test('a refund that is overdue', () =>
    books.expectFindings(
      () => books.onOrder('paidTwice', { $set: { 'refunds.0.requestedAt': ago(61), refundDueAt: ago(61) } }),
      {
        'refund-overdue': [books.idOf('paidTwice')],
      },
    ));
});

describe('I9 finds', () => {
  test('a snapshot that was changed', () =>
    books.expectFindings(() => books.onOrder('delivered', { $set: { 'items.0.productSnapshot.title': 'Other' } }), {
      snapshot: [books.idOf('delivered')],
    }));

  test('a total that does not add up', () =>
    books.expectFindings(() => books.onOrder('unpaid', { $inc: { shippingFee: 1 } }), {
      snapshot: [books.idOf('unpaid')],
      total: [books.idOf('unpaid')],
    }));
});

test.each<[string, object]>([
  ['amount', { $inc: { 'payments.0.amount': -1 } }],
  ['currency', { $set: { 'payments.0.currency': 'USD' } }],
  ['domain', { $set: { 'payments.0.domain': 'live' } }],
])('I11 finds a confirmed order whose charge disagrees in %s', (_, update) =>
  books.expectFindings(() => books.onOrder('confirmed', update), { 'rightly-paid': [books.idOf('confirmed')] }),
);

describe('I16 finds', () => {
  test('more given back than came in', () =>
    books.expectFindings(() => books.onOrder('partlyRefunded', { $inc: { 'refunds.0.amount': 10_000_000 } }), {
      'refund-limit': [books.idOf('partlyRefunded')],
      'refunded-status': [books.idOf('partlyRefunded')],
      'derived-fields': [books.idOf('partlyRefunded')],
    }));

  test('two refunds of one charge under way at once', () => {
    const { _id, refunds, version } = books.lives.restocked;
    const [refund] = refunds;
    if (!refund) throw new Error('a cancelled order has a refund');
    const halves = [
      { ...refund, amount: 1 },
      { ...refund, amount: refund.amount - 1, refundId: 'second' },
    ];
    return books.expectFindings(
      async () => {
        await books.onOrder('restocked', { $set: { refunds: halves } });
        await driverCollection(books.db.emails).insertOne(
          sentEmail(_id, 'refund_started', version, { refundId: 'second' }),
        );
      },
      { 'refund-limit': [_id] },
    );
  });
});
