import { expect, test } from '@jest/globals';
import { randomRuns, sameRuns } from '../support/property-runs.ts';
import { playHistories } from '../support/refund-histories.ts';

test('after any history the goods are accounted for, the money adds up, and the rest can be refunded', () => {
  expect(playHistories(randomRuns(250))).not.toContain('repeat');
});

test('the random histories ship, refund, cancel, and learn of each end of a refund', () => {
  const seen = playHistories(sameRuns(150));
  for (const name of ['ship', 'refundLines', 'refundMoney', 'processed', 'failed', 'refunded', 'cancelled'])
    expect(seen).toContain(name);
});
