/** The chaos run's rule on pages that go back to an older state of an order. */
import { expect, test } from '@jest/globals';
import { findUntruths } from '../faults/chaos/checker.ts';
import { History } from '../faults/chaos/history.ts';
import { sampleOrder } from '../support/sample-order.ts';

const order = sampleOrder();

/** A shopper who read the order's first entry after its last one. */
async function wentBack(): Promise<{ history: History; at: number }> {
  const history = new History();
  const [first] = order.history;
  const last = order.history.at(-1);
  for (const entry of [last, first])
    await history.record('shopper', 'see', { orderId: String(order._id) }, async () => ({
      status: entry?.to.status,
      version: entry?.seq,
    }));
  return { history, at: history.operations[1]?.invokedAt ?? 0 };
}

test('an older version after a newer one is a violation, unless a primary changes at that time', async () => {
  const { history, at } = await wentBack();
  const violation = expect.stringMatching(/^operation 2: saw version 1 of \w+ after version \d+$/);
  expect(findUntruths(history, [order], [])).toEqual([violation]);
  expect(findUntruths(history, [order], [{ from: at - 60_000, to: at - 30_000 }])).toEqual([violation]);
  expect(findUntruths(history, [order], [{ from: at + 1, to: at + 1_000 }])).toEqual([violation]);
  expect(findUntruths(history, [order], [{ from: at - 5_000, to: at - 3_000 }])).toEqual([]);
});

test('a status that the order did not have at that version is a violation at any time', async () => {
  const history = new History();
  const read = async () => ({ status: 'delivered', version: 1 });
  await history.record('shopper', 'see', { orderId: String(order._id) }, read);
  expect(findUntruths(history, [order], [{ from: 0, to: Date.now() }])).toHaveLength(1);
});
