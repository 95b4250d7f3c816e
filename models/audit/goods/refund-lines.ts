/** I19: what refunds took out of the order went into stock at most once. I22: a key takes effect once. */
import type { Order, Refund } from '../../order/order-document.ts';
import { unitsByLine } from '../../order/units.ts';
import type { OrderCheck } from '../scan-orders.ts';

export const refundLinesCheck: OrderCheck = {
  id: 'I19',
  name: 'refund-lines',
  question:
    'Per line, no more units went into stock than refunds withdrew or took back; the delivery fee goes back once; a refund in place of a failed one has no lines, and no two stand for the same one.',
  inspect: ({ order }) => [
    ...order.refunds.flatMap((refund) => linesOf(order, refund)),
    ...unitsByLine(order)
      .filter(({ restocked, unshipped, givenBack }) => restocked > unshipped + givenBack)
      .map(
        ({ lineId, restocked, unshipped, givenBack }) =>
          `line ${lineId}: ${restocked} restocked of ${unshipped + givenBack} taken out of the order`,
      ),
    ...deliveries(order),
    ...replacements(order),
  ],
};

function linesOf({ paidReference }: Order, { refundId, reference, lines }: Refund): string[] {
  if (lines === undefined) return [];
  const wrong = lines.filter(
    ({ unshipped, shipped, restock }) => unshipped + shipped < 1 || restock > unshipped + shipped,
  );
  return [
    ...(lines.length === 0 ? [`refund ${refundId} stores an empty list of lines`] : []),
    ...wrong.map(({ lineId }) => `refund ${refundId} takes units of line ${lineId} that cannot be`),
    ...(reference === paidReference ? [] : [`refund ${refundId} of ${reference} has lines, and another charge pays`]),
  ];
}

function deliveries({ refunds }: Order): string[] {
  const count = refunds.filter(({ delivery }) => delivery === true).length;
  return count > 1 ? [`${count} refunds took the delivery fee`] : [];
}

function replacements({ refunds }: Order): string[] {
  const replaced = refunds.flatMap(({ replaces }) => replaces ?? []);
  const wrong = refunds.filter((refund) => {
    if (refund.replaces === undefined) return false;
    const failed = refunds.find(({ refundId }) => refundId === refund.replaces);
    return failed?.state !== 'failed' || failed.reference !== refund.reference || refund.lines !== undefined;
  });
  return [
    ...wrong.map(({ refundId, replaces }) => `refund ${refundId} cannot stand for ${replaces}`),
    ...(new Set(replaced).size < replaced.length ? ['two refunds stand for the same one'] : []),
  ];
}

export const actionKeysCheck: OrderCheck = {
  id: 'I22',
  name: 'action-keys',
  question: 'Each key of an action has taken effect once.',
  inspect: ({ order }) => {
    const keys = order.history.flatMap(({ key }) => key?.id ?? []);
    const twice = new Set(keys.filter((id, index) => keys.indexOf(id) < index));
    return [...twice].map((id) => `the key ${id} took effect more than once`);
  },
};
