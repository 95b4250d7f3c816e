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

  test.each(['payments', 'refunds', 'disputes'] as const)(
    'is shown without its %s, which a damaged one lacks',
    (part) => {
      const { [part]: _, ...damaged } = sampleOrder({ stuckSince: PLACED_AT });
      expect(toWaits(damaged as Order)).toEqual([stuck]);
    },
  );
});
