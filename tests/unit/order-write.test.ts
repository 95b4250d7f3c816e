/**
 * toOrderWrite: each change of an order is guarded by the version and written with history and derived fields, or
 * refused.
 */
import { describe, expect, test } from '@jest/globals';
import { findRepeat, toActionKey } from '../../models/action-key.ts';
import { type OrderChange, toOrderWrite } from '../../models/order/order-write.ts';
import { aCharge, aConfirmedOrder, anOrder, aRefund, PLACED_AT, REFERENCE } from '../support/an-order.ts';

const now = new Date('2026-03-01T13:00:00Z');
const event = { type: 'settlement_retried' } as const;
const cancelled = { type: 'order_cancelled', data: { cause: 'by_customer' } } as const;
const write = (change: Partial<OrderChange>, order = anOrder()) =>
  toOrderWrite(order, { set: {}, actor: 'system', ...change }, now);

test('is conditional on the version that was read, and raises it by one', () => {
  const order = anOrder({ version: 7 });
  const { filter, update, after } = write({}, order);
  expect(filter).toEqual({ _id: order._id, version: 7 });
  expect(update.$inc).toEqual({ version: 1 });
  expect(after.version).toBe(8);
});

test('takes the derived fields along: where the money is, since when a person is awaited, when refunds are due', () => {
  const paid = write({
    set: { payments: [aCharge()], paidReference: REFERENCE },
    event: { type: 'payment_received', data: { reference: REFERENCE } },
  });
  expect(paid.update.$set).toMatchObject({ paymentStatus: 'paid', paidReference: REFERENCE });
  const cleared = write(
    {
      set: { payments: [aCharge()], paidReference: REFERENCE },
      event: { type: 'payment_received', data: { reference: REFERENCE } },
    },
    anOrder({ reviewSince: now, refundDueAt: now }),
  );
  expect(cleared.update.$unset).toMatchObject({ reviewSince: 1, refundDueAt: 1 });

  const review = write({
    set: { payments: [aCharge({ review: { cause: 'underpaid', openedAt: now } })] },
    event: { type: 'review_opened', data: { reference: REFERENCE, cause: 'underpaid' } },
  });
  expect(review.update.$set).toMatchObject({ paymentStatus: 'review', reviewSince: now });

  const refunding = write({ set: { refunds: [aRefund({ dueAt: now })] }, event }, aConfirmedOrder());
  expect(refunding.update.$set).toMatchObject({ paymentStatus: 'refunding', refundDueAt: now });
});

test('leaves out the derived fields that stay as they are stored, and corrects one that is stored wrongly', () => {
  const refunds = [aRefund({ reference: `${REFERENCE}-2`, dueAt: PLACED_AT })];
  const stays = aConfirmedOrder({ status: 'pending', refunds, refundDueAt: new Date(PLACED_AT) });
  const { update, after } = write({ set: { status: 'confirmed' }, event: { type: 'order_confirmed' } }, stays);
  expect(update).toMatchObject({ $set: { status: 'confirmed' } });
  expect(Object.keys(update.$set)).toEqual(['status']);
  expect(update).not.toHaveProperty('$unset');
  expect(after).toMatchObject({ paymentStatus: 'paid', refundDueAt: PLACED_AT });

  const wrong = aConfirmedOrder({ status: 'pending', refunds, reviewSince: now });
  expect(write({ set: { status: 'confirmed' }, event: { type: 'order_confirmed' } }, wrong).update).toMatchObject({
    $set: { refundDueAt: PLACED_AT },
    $unset: { reviewSince: 1 },
  });
});

test('removes a field that is given as undefined, in the document and in what it says comes after', () => {
  const { update, after } = write({ set: { verifyDueAt: undefined } });
  expect(update.$unset).toMatchObject({ verifyDueAt: 1 });
  expect(update.$set).not.toHaveProperty('verifyDueAt');
  expect(after.verifyDueAt).toBeUndefined();
});

test('changes nothing of the order that it was decided on', () => {
  const order = anOrder();
  const before = structuredClone({ ...order, _id: String(order._id), userId: '', items: [] });
  write({ set: { status: 'cancelled', payments: [aCharge()] }, event }, order);
  expect({ ...order, _id: String(order._id), userId: '', items: [] }).toEqual(before);
});

describe('the history', () => {
  test('has an entry from the old state to the new one, numbered by the new version', () => {
    const { update } = write({ set: { status: 'cancelled' }, actor: 'customer', event: cancelled });
    expect(update.$push).toEqual({
      history: {
        seq: 2,
        at: now,
        actor: 'customer',
        from: { status: 'pending', paymentStatus: 'unpaid' },
        to: { status: 'cancelled', paymentStatus: 'unpaid' },
        type: 'order_cancelled',
        data: { cause: 'by_customer' },
      },
    });
  });

  test('holds the key of an action, by which a repeat of it is found', () => {
    const key = toActionKey('key-0001', { amount: 1 });
    const { entry } = write({ set: {}, event, key });
    expect(entry?.key).toEqual(key);
    expect(findRepeat(entry === null ? [] : [entry], key)).toBe(entry);
  });

  test('stays as it is for book-keeping', () =>
    expect(write({ set: { verifyDueAt: PLACED_AT } }).update).not.toHaveProperty('$push'));

  test('cannot be passed by: a change of status or of money without an event is a bug', () => {
    expect(() => write({ set: { status: 'cancelled' } })).toThrow('needs an event');
    expect(() => write({ set: { payments: [aCharge()], paidReference: REFERENCE } })).toThrow('needs an event');
  });
});

describe('is refused when', () => {
  test('the order cannot go there', () => {
    expect(() => write({ set: { status: 'shipped' }, event })).toThrow('the order cannot go from pending to shipped');
    expect(() => write({ set: { status: 'confirmed' }, event }, anOrder({ status: 'cancelled' }))).toThrow(
      'from cancelled',
    );
  });

  test('a charge would be unmade or forgotten', () => {
    const payments = [aCharge({ status: 'failed' })];
    expect(() => write({ set: { payments }, event }, aConfirmedOrder())).toThrow('cannot go from succeeded to failed');
    expect(() => write({ set: { payments: [] }, event }, aConfirmedOrder())).toThrow('from succeeded to nothing');
  });

  test('a refund would be revived or forgotten', () => {
    const order = aConfirmedOrder({ refunds: [aRefund({ state: 'processed' })], paymentStatus: 'refunded' });
    expect(() => write({ set: { refunds: [aRefund({ state: 'pending' })] }, event }, order)).toThrow('refund r1');
    expect(() => write({ set: { refunds: [] }, event }, order)).toThrow('from processed to nothing');
  });
});
