/** Each violation of an invariant, inserted past the models, is found by the check that names it and by no other. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Types } from 'mongoose';
import { runAudit } from '../../models/audit/audit.ts';
import type { StockMovement } from '../../models/catalogue/stock-movement.ts';
import type { Variant } from '../../models/catalogue/variant.ts';
import { driverCollection } from '../../models/db/connection.ts';
import {
  type AuditedDatabase,
  AUDITED_AT as now,
  openAuditedDatabase,
  sentEmail,
} from '../support/audited-database.ts';
import { openOwnDatabase } from '../support/orders.ts';

let books: AuditedDatabase;
beforeAll(async () => {
  books = await openAuditedDatabase();
});
afterAll(() => books.close());

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
          reason: 'initial',
          lines: [{ variantId: missing, delta: 3 }],
          actor: 'system',
          at: now,
        }),
      { ledger: [missing] },
    );
  });

  test('a sale that is not in the ledger', () =>
    books.expectFindings(
      async () => {
        await books.db.stockMovements.deleteOne({ _id: `sale:${books.idOf('confirmed')}` });
        await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: 2 } });
      },
      { 'sales-and-returns': [books.idOf('confirmed')] },
    ));

  test('a restock of an order that was not restocked, and of no order at all', async () => {
    const nobody = new Types.ObjectId();
    const row = (orderId: Types.ObjectId): StockMovement => ({
      _id: `restock:${orderId}`,
      reason: 'restock',
      orderId,
      lines: [{ variantId: books.variant._id, delta: 2 }],
      actor: 'system',
      at: now,
    });
    await books.expectFindings(
      async () => {
        await driverCollection(books.db.stockMovements).insertMany([row(books.idOf('writtenOff')), row(nobody)]);
        await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: 4 } });
      },
      { 'sales-and-returns': [books.idOf('writtenOff'), `restock:${nobody}`] },
    );
  });

  test('a sale row with other lines than the order: a variant too many, a line twice, other units', async () => {
    const _id = `sale:${books.idOf('confirmed')}`;
    const row = await books.db.stockMovements.findById(_id).lean<StockMovement>();
    const [line] = row?.lines ?? [];
    if (!line) throw new Error('a sold order has a sale row');
    const half = { ...line, delta: line.delta / 2 };
    const elsewhere = { variantId: new Types.ObjectId(), delta: 1 };
    const reply = { 'sales-and-returns': [books.idOf('confirmed')] };
    const lines = (changed: StockMovement['lines']) =>
      driverCollection<StockMovement>(books.db.stockMovements).updateOne({ _id }, { $set: { lines: changed } });
    await books.expectFindings(() => lines([half, half]), reply);
    await books.expectFindings(() => lines([line, elsewhere]), { ...reply, ledger: [elsewhere.variantId] });
    await books.expectFindings(() => lines([half]), { ...reply, ledger: [books.variant._id] });
  });

  test('a row that is filed under another order', () =>
    books.expectFindings(
      () =>
        driverCollection<StockMovement>(books.db.stockMovements).updateOne(
          { _id: `sale:${books.idOf('confirmed')}` },
          { $set: { orderId: books.idOf('delivered') } },
        ),
      { 'sales-and-returns': [books.idOf('confirmed')] },
    ));

  test('a hold that outlived its order', () =>
    books.expectFindings(() => books.onOrder('expiredHold', { $set: { reservation: 'reserved' } }), {
      reservation: [books.idOf('expiredHold')],
    }));
});

test('I2 finds stock below nothing', async () => {
  await books.db.connection.db?.command({ collMod: 'variants', validator: {} });
  await books.expectFindings(
    async () => {
      await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $set: { stock: -1 } });
      const sums = await books.db.stockMovements.aggregate<{ units: number }>([
        { $unwind: '$lines' },
        { $match: { 'lines.variantId': books.variant._id } },
        { $group: { _id: null, units: { $sum: '$lines.delta' } } },
      ]);
      const { reserved } = (await books.db.variants.findById(books.variant._id).lean<Variant>()) ?? books.variant;
      await driverCollection(books.db.stockMovements).updateOne(
        { _id: `initial:${books.variant._id}` },
        { $inc: { 'lines.0.delta': reserved - 1 - (sums[0]?.units ?? 0) } },
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
              type: 'settlement_retried',
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
              type: 'shipment_created',
              data: { shipmentId: 'none' },
            },
          },
          $set: { status: 'shipped', version: 99 },
        }),
      {
        'status-path': [books.idOf('expiredHold')],
        'shipment-entries': [books.idOf('expiredHold')],
        units: [books.idOf('expiredHold')],
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
      units: [books.idOf('confirmed')],
    }));

  test('derived fields that do not follow from the charges and refunds', () =>
    books.expectFindings(() => books.onOrder('inReview', { $unset: { reviewSince: 1 } }), {
      'derived-fields': [books.idOf('inReview')],
    }));
});

describe('I9 finds', () => {
  test('a snapshot that was changed', () =>
    books.expectFindings(() => books.onOrder('delivered', { $set: { 'items.0.productSnapshot.title': 'Other' } }), {
      'money-hash': [books.idOf('delivered')],
    }));

  test.each<[string, object, string]>([
    ['a price', { 'items.0.unitPrice': 1, 'items.0.lineTotal': 2 }, 'money-hash'],
    ['a way of delivery', { 'delivery.label': 'By bicycle' }, 'money-hash'],
    ['an address', { 'shippingAddressSnapshot.city': 'Abuja' }, 'person-hash'],
    ['a contact', { 'contactSnapshot.email': 'other@example.com' }, 'person-hash'],
  ])('%s that was changed', async (_, changed, check) => {
    const { refunded } = books.lives;
    await books.expectFindings(() => books.onOrder('refunded', { $set: changed }), {
      [check]: [refunded._id],
      ...('items.0.unitPrice' in changed ? { total: [refunded._id] } : {}),
    });
  });

  test('a total that does not add up', () =>
    books.expectFindings(() => books.onOrder('unpaid', { $inc: { shippingFee: 1 } }), {
      'money-hash': [books.idOf('unpaid')],
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
      'returned-limit': [books.idOf('partlyRefunded')],
      'returned-told': [books.idOf('partlyRefunded')],
    }));

  test('two refunds that are under way at once and come to more than the charge', () => {
    const { _id, refunds, version, status, paymentStatus } = books.lives.restocked;
    const [refund] = refunds;
    if (!refund) throw new Error('a cancelled order has a refund');
    const data = { refundId: 'second', amount: 1, reference: refund.reference, cause: refund.cause };
    return books.expectFindings(
      async () => {
        const [seq, statuses] = [version + 1, { status, paymentStatus }];
        const entry = { seq, at: now, actor: 'system', type: 'refund_requested', data, from: statuses, to: statuses };
        const both = [refund, { ...refund, amount: 1, refundId: 'second' }];
        await books.onOrder('restocked', { $set: { refunds: both, version: seq }, $push: { history: entry } });
        const { reference: _, ...emailed } = data;
        await driverCollection(books.db.emails).insertOne(sentEmail(_id, 'refund_started', seq, emailed));
      },
      { 'refund-limit': [_id] },
    );
  });
});

describe('I1 and I19 find, of units that a refund took out of an order,', () => {
  const id = () => books.idOf('unitRefunded');
  const inRefund = (field: string, value: unknown) => books.onOrder('unitRefunded', { $set: { [field]: value } });

  test('a row of the ledger that is missing', () =>
    books.expectFindings(
      async () => {
        await driverCollection(books.db.stockMovements).deleteOne({ orderId: id(), reason: 'return' });
        await driverCollection(books.db.variants).updateOne({ _id: books.variant._id }, { $inc: { stock: -1 } });
      },
      { 'sales-and-returns': [id()] },
    ));

  test('more of them in stock than were taken out', () =>
    books.expectFindings(() => inRefund('refunds.0.lines.0.restock', 2), {
      'sales-and-returns': [id()],
      'refund-lines': [id()],
    }));

  test('a refund that stands for one that has not failed, and one whose lines belong to no charge', () =>
    books.expectFindings(() => inRefund('refunds.0.replaces', 'another'), { 'refund-lines': [id()] }));
});

test('I22 finds a key that took effect twice', () => {
  const { history, version } = books.lives.unitRefunded;
  const keyed = history.find(({ key }) => key !== undefined);
  const last = history.at(-1);
  const entry = { ...keyed, seq: version + 1, type: 'stuck_retried', data: { work: [] }, from: last?.to, to: last?.to };
  return books.expectFindings(
    () => books.onOrder('unitRefunded', { $set: { version: version + 1 }, $push: { history: entry } }),
    { 'action-keys': [books.idOf('unitRefunded')] },
  );
});
