import { expect, test } from '@jest/globals';
import { playHistories } from '../support/refund-histories.ts';

test('10,000 random histories of refunds and shipments leave goods and money accounted for', () => {
  const seen = playHistories({ numRuns: 10_000 });
  expect(seen).not.toContain('repeat');
  // The random histories reach all of it.
  const reached = ['ship', 'deliver', 'refundLines', 'refundDelivery', 'refundMoney', 'refundAll', 'cancel', 'replace'];
  for (const name of [
    ...reached,
    'paidElsewhere',
    'retry',
    'processed',
    'failed',
    'refunded',
    'cancelled',
    'delivered',
  ])
    expect(seen).toContain(name);
});
