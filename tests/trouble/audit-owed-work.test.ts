/** The audit finds missing, invented and untrue emails (I7) and overdue work (I8). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { driverCollection } from '../../models/db/connection.ts';
import { type Email, RETENTION_MS } from '../../models/messaging/email-document.ts';
import { orderEmailId, staffEmailId, userEmailId } from '../../models/messaging/outbox-id.ts';
import { storeWebhookEvent } from '../../models/messaging/webhook-inbox.ts';
import {
  type AuditedDatabase,
  AUDITED_AT as now,
  openAuditedDatabase,
  sentEmail,
} from '../support/audited-database.ts';
import type { LifeName } from '../support/order-lives.ts';

const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

let books: AuditedDatabase;
beforeAll(async () => {
  books = await openAuditedDatabase();
});
afterAll(() => books.close());

test('emails to accounts and to staff belong to no order, and are no finding', async () => {
  const user = userEmailId(books.idOf('unpaid'), 'welcome', 1);
  const staff = [staffEmailId('new_orders', '1'), staffEmailId('dispute_due', '7:8')];
  const rows = [user, ...staff].map((_id) => ({ _id, kind: 'welcome', state: 'sent', createdAt: now, attempts: 1 }));
  const emails = books.db.connection.collection<{ _id: string }>('emails');
  await emails.insertMany(rows);
  expect(await books.audit()).toMatchObject({ clean: true });
  await emails.deleteMany({ _id: { $in: [user, ...staff] } });
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
  ])('a %s without an email', (_, life, kind) =>
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
  ])('an email about %s', (_, planted, id) =>
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
  test('a paid order that waits longer than the grace, and not one that was paid just now', async () => {
    await books.expectFindings(() => books.onOrder('paid', { $set: { 'settlement.queuedAt': ago(3600) } }), {});
    await books.expectFindings(
      () => books.onOrder('paid', { $set: { 'settlement.queuedAt': ago(61), 'history.$[].at': ago(61) } }),
      {
        'settlement-overdue': [books.idOf('paid')],
      },
    );
  });

  test('a paid order that nothing will settle, unless it is parked', async () => {
    await books.expectFindings(() => books.onOrder('paid', { $unset: { 'settlement.queuedAt': 1 } }), {
      findable: [books.idOf('paid')],
    });
    await books.expectFindings(
      () => books.onOrder('paid', { $set: { 'settlement.parkedAt': ago(9999) }, $unset: { 'settlement.queuedAt': 1 } }),
      {},
    );
  });

  test('an unpaid order without a scheduled verification', () =>
    books.expectFindings(() => books.onOrder('unpaid', { $unset: { verifyDueAt: 1 } }), {
      findable: [books.idOf('unpaid')],
    }));

  test('a settled order that is still in the queue', () =>
    books.expectFindings(() => books.onOrder('confirmed', { $set: { 'settlement.queuedAt': now } }), {
      findable: [books.idOf('confirmed')],
    }));

  test('a settled order that is still due for verification', () =>
    books.expectFindings(() => books.onOrder('confirmed', { $set: { verifyDueAt: now } }), {
      findable: [books.idOf('confirmed')],
    }));

  test('a question, an email and a webhook that are overdue', async () => {
    const digest = 'a'.repeat(64);
    const event = { _id: digest, event: 'x', kind: 'other', reference: null, charge: null } as const;
    await books.expectFindings(() => books.onOrder('unpaid', { $set: { verifyDueAt: ago(61) } }), {
      'verify-overdue': [books.idOf('unpaid')],
    });
    await books.expectFindings(() => storeWebhookEvent(books.db, event, ago(61)), { 'webhook-overdue': [digest] });
    const key = orderEmailId(books.idOf('expiredHold'), 'order_cancelled', books.lives.expiredHold.version);
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
