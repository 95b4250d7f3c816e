/** The order as owner and staff see it: a list of allowed fields, equal to the schema. */
import { describe, expect, test } from '@jest/globals';
import { orderView } from '../../models/contract/orders.ts';
import { staffOrderView } from '../../models/contract/staff-orders.ts';
import type { Order, Refund } from '../../models/order/order-document.ts';
import { toOrderView } from '../../server/trpc/views/order-view.ts';
import { toStaffOrderView } from '../../server/trpc/views/staff-order-view.ts';
import { PLACED_AT, sampleOrder } from '../support/sample-order.ts';

const soon = new Date(PLACED_AT.getTime() + 60_000);
const view = (changes: Partial<Order> = {}, now = soon) => toOrderView(sampleOrder(changes), now);
const staffView = (changes: Partial<Order> = {}) =>
  toStaffOrderView(
    sampleOrder(changes),
    { webhooks: [], emails: [] },
    { now: soon, domain: 'test', timeZone: 'Africa/Lagos', role: 'owner', names: new Map() },
  );

const refund = (changes: Partial<Refund> = {}): Refund => ({
  refundId: 'refund-1',
  reference: 'ord-AB12CD34EF56-1',
  amount: 1_150_000,
  cause: 'staff',
  note: 'canary-refund-note',
  state: 'requested',
  requestedAt: soon,
  requestedBy: 'staff:canary',
  attempts: 0,
  lastError: 'canary-refund-error',
  ...changes,
});

const attempt = (status: Order['payments'][number]['status']) => ({
  paymentStatus: 'unpaid' as const,
  status: 'pending' as const,
  payments: [{ reference: 'ord-AB12CD34EF56-1', status, createdAt: PLACED_AT }],
});

describe('the owner’s view', () => {
  test('has the time and the bank’s words of a declined attempt, and only while it is the last one', () => {
    const said = { failedAt: soon, gatewayResponse: 'Insufficient Funds' };
    const failed = attempt('failed');
    const order: Partial<Order> = { ...failed, payments: failed.payments.map((one) => ({ ...one, ...said })) };
    expect(view(order)).toMatchObject({
      lastAttemptFailed: true,
      lastDecline: { at: soon.toISOString(), bankSays: 'Insufficient Funds' },
    });
    expect(view({ ...order, txRef: 'ord-AB12CD34EF56-2' }).lastDecline).toBeNull();
    expect(view().lastDecline).toBeNull();
  });

  test('holds its schema and nothing of gateway, staff, errors or hashes', () => {
    const shown = view({ refunds: [refund()] });
    expect(orderView.safeParse(shown).error).toBeUndefined();
    expect(JSON.stringify(shown)).not.toMatch(/canary/i);
    expect(JSON.stringify(shown)).not.toContain('b'.repeat(24));
  });

  test('leaves out optional parts of the address that are not there, and shows those that are', () => {
    expect(view().shippingAddress).not.toHaveProperty('line2');
    const { shippingAddressSnapshot } = sampleOrder();
    const full = { ...shippingAddressSnapshot, line2: 'Flat 2', postalCode: '101001' };
    const { phoneE164: _, ...shown } = full;
    expect(view({ shippingAddressSnapshot: full }).shippingAddress).toEqual(shown);
  });

  test.each([
    ['pending and unpaid', attempt('initialized'), soon, true],
    ['pending, after its time', attempt('initialized'), new Date(PLACED_AT.getTime() + 25 * 3600_000), false],
    ['pending and paid', { status: 'pending', paymentStatus: 'paid' } as const, soon, false],
    ['pending, its money in review', { status: 'pending', paymentStatus: 'review' } as const, soon, false],
    ['cancelled', { status: 'cancelled', paymentStatus: 'unpaid' } as const, soon, false],
  ])('of an order that is %s says whether it can be paid', (_name, changes, now, payable) => {
    expect(view(changes, now).payable).toBe(payable);
  });

  test('says that the last attempt failed only of the current reference', () => {
    expect(view(attempt('failed')).lastAttemptFailed).toBe(true);
    expect(view(attempt('initialized')).lastAttemptFailed).toBe(false);
    const second = { reference: 'ord-AB12CD34EF56-2', status: 'initialized', createdAt: soon } as const;
    const { payments } = attempt('failed');
    expect(
      view({ ...attempt('failed'), payments: [...payments, second], txRef: second.reference }).lastAttemptFailed,
    ).toBe(false);
  });

  test('shows a refund once, also when staff requested another in its place', () => {
    const refunds = [refund({ state: 'failed' }), refund({ refundId: 'refund-2', replaces: 'refund-1' })];
    expect(view({ refunds }).refunds.map(({ id }) => id)).toEqual(['refund-2']);
  });
});

describe('the staff’s view', () => {
  test('holds its schema, tells whose it is and what Paystack said, and no page that takes money', () => {
    const shown = staffView({ refunds: [refund()] });
    expect(staffOrderView.safeParse(shown).error).toBeUndefined();
    expect(shown).toMatchObject({
      email: 'canary-email@example.com',
      payments: [{ gatewayResponse: 'canary-gateway-response' }],
    });
    expect(JSON.stringify(shown)).not.toMatch(/canary-(url|hash|input-hash|gateway-id)/);
  });

  test('of an order without problems needs no attention', () => {
    expect(staffView().attention).toEqual([]);
  });

  test.each([
    ['parked', { settlement: { attempts: 8, parkedAt: soon, lastError: 'x' } }, /failed eight times/],
    [
      'with work that failed eight times',
      { stuck: { webhooks: { attempts: 8, lastError: 'TypeError: x', parkedAt: soon } } },
      /cannot be applied: it failed eight times, last with “TypeError: x”/,
    ],
    ['with a failed refund', { refunds: [refund({ state: 'failed' })] }, /refund once more/],
    ['with a refund that Paystack never accepted', { refunds: [refund({ state: 'needs_attention' })] }, /try it again/],
    [
      'with a refund that needs bank details',
      { refunds: [refund({ state: 'needs_attention', gatewayRefundId: '7' })] },
      /bank details/,
    ],
    [
      'under dispute',
      {
        disputes: [
          { disputeId: 'd', reference: sampleOrder().txRef, state: 'open' as const, openedAt: soon, answerBy: soon },
        ],
      },
      /bank disputes ₦11,500\.00: answer it/,
    ],
    [
      'in review',
      {
        payments: sampleOrder().payments.map((one) => ({
          ...one,
          review: { cause: 'underpaid' as const, openedAt: soon },
        })),
      },
      /in review: ₦11,500\.00 was captured of ₦11,500\.00/,
    ],
  ])('of an order %s shows the advice', (_name, changes, words) => {
    expect(staffView(changes).attention).toEqual([expect.stringMatching(words)]);
  });
});
