/**
 * The customer's timeline repeated "pending, paid" for entries of the history that are staff's affair: a settlement that
 * was parked and tried again, an email that was sent once more.
 */
import { expect, test } from '@jest/globals';
import { toOrderView } from '../../server/trpc/views/order-view.ts';
import { PLACED_AT, sampleOrder } from '../support/sample-order.ts';

test('the owner’s timeline tells each change of status or money once, and nothing else', () => {
  const order = sampleOrder();
  const paid = { status: 'pending', paymentStatus: 'paid' } as const;
  const parked = { seq: 3, at: PLACED_AT, actor: 'system', from: paid, to: paid, reason: 'settlement parked: Error' };
  const [placed, ...later] = order.history;
  if (!placed) throw new Error('the sample has a history');
  const { timeline } = toOrderView({ ...order, history: [placed, parked, ...later] }, PLACED_AT);
  expect(timeline.map(({ status, paymentStatus }) => `${status}, ${paymentStatus}`)).toEqual([
    'pending, unpaid',
    'pending, paid',
    'confirmed, paid',
  ]);
});
