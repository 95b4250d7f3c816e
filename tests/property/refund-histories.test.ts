import { expect, test } from '@jest/globals';
import { playHistories } from '../support/refund-histories.ts';

test('after any history the goods are accounted for, the money adds up, and the rest can be refunded', () => {
  const seen = playHistories(process.env.PROPERTY_RUNS === undefined ? 500 : Number(process.env.PROPERTY_RUNS));
  expect(seen).not.toContain('repeat');
  for (const name of ['ship', 'refundLines', 'refundMoney', 'processed', 'failed', 'refunded', 'cancelled'])
    expect(seen).toContain(name);
});
