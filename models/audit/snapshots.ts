import { snapshotHash } from '../order/snapshot-hash.ts';
import type { OrderCheck } from './scan-orders.ts';

export const snapshotCheck: OrderCheck = {
  id: 'I9',
  name: 'snapshot',
  question:
    'Items, prices, addresses, currency and total are unchanged since checkout: their hash matches the stored one.',
  inspect: ({ order }) => (snapshotHash(order) === order.snapshotHash ? [] : ['the snapshot was changed']),
};

export const totalCheck: OrderCheck = {
  id: 'I9',
  name: 'total',
  question: 'Each line total is price × quantity, and the lines and the shipping fee add up to the total.',
  inspect: ({ order }) => {
    const problems = order.items
      .filter(({ unitPrice, quantity, lineTotal }) => unitPrice * quantity !== lineTotal)
      .map(
        ({ variantSnapshot, unitPrice, quantity, lineTotal }) =>
          `${variantSnapshot.sku}: ${quantity} × ${unitPrice} is not ${lineTotal}`,
      );
    const subtotal = order.items.reduce((total, { lineTotal }) => total + lineTotal, 0);
    if (subtotal !== order.subtotal) problems.push(`the lines add up to ${subtotal}, not to ${order.subtotal}`);
    if (order.subtotal + order.shippingFee !== order.total)
      problems.push(`${order.subtotal} + ${order.shippingFee} is not ${order.total}`);
    return problems;
  },
};
