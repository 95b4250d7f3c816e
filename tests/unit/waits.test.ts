/** The matters of an order that wait for a person, as rows of the lists show them. */
import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../models/order/order-document.ts';
import { toWaits } from '../../server/trpc/views/desk/waiting-view.ts';
import { PLACED_AT, sampleOrder } from '../support/sample-order.ts';

const since = PLACED_AT.toISOString();
const waits = (changes: Partial<Order>) => toWaits(sampleOrder({ stuckSince: PLACED_AT, ...changes }));
const stuck = { kind: 'stuck', amount: sampleOrder().total, currency: 'NGN', since, category: null };

describe('an order that waits', () => {
  test('shows each matter with its own sum and time', () => {
    const dispute = { disputeId: '7', reference: 'x', state: 'open', openedAt: PLACED_AT, amount: 700 } as const;
    expect(
      waits({
        disputes: [
          { ...dispute, category: 'fraud' },
          { ...dispute, state: 'won' },
        ],
      }),
    ).toEqual([{ kind: 'dispute', amount: 700, currency: 'NGN', since, category: 'fraud' }, stuck]);
  });

  test('shows of its money in review, of its refunds and of its parked settlement what is open, in the charge’s currency', () => {
    const [paid] = sampleOrder().payments;
    if (paid === undefined) throw new Error('the sample is paid');
    const review = { cause: 'late', openedAt: PLACED_AT, reason: 'late' } as unknown as NonNullable<typeof paid.review>;
    const foreign = { ...paid, reference: 'second', amount: 900, currency: 'USD' as const };
    const refund = { reference: paid.reference, cause: 'staff', requestedAt: PLACED_AT } as const;
    const refundOf = (refundId: string, state: string, amount: number) =>
      ({ ...refund, refundId, state, amount, attempts: 0 }) as unknown as Order['refunds'][number];
    expect(
      waits({
        payments: [paid, { ...foreign, review }, { ...foreign, review: { ...review, resolvedAt: PLACED_AT } }],
        refunds: [
          refundOf('r1', 'needs_attention', 300),
          refundOf('r2', 'failed', 400),
          refundOf('r3', 'requested', 500),
          refundOf('r4', 'processed', 600),
        ],
        settlement: { attempts: 8, parkedAt: PLACED_AT },
      }),
    ).toEqual([
      { kind: 'review', amount: 900, currency: 'USD', since, category: null },
      { kind: 'refund', amount: 300, currency: 'NGN', since, category: null },
      { kind: 'refund', amount: 400, currency: 'NGN', since, category: null },
      { ...stuck, kind: 'parked' },
      stuck,
    ]);
  });

  test.each(['payments', 'refunds', 'disputes'] as const)(
    'is shown without its %s, which a damaged one lacks',
    (part) => {
      const { [part]: _, ...damaged } = sampleOrder({ stuckSince: PLACED_AT });
      expect(toWaits(damaged as Order)).toEqual([stuck]);
    },
  );
});
