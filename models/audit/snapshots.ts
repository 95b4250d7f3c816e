import { describeAmount } from '../contract/money.ts';
import { isSameHash, moneyHash, personHash } from '../order/snapshot/order-hashes.ts';
import type { OrderCheck } from './scan-orders.ts';

export const moneyHashCheck: OrderCheck = {
  id: 'I9',
  name: 'money-hash',
  question: 'Items, prices, currency, delivery and totals are unchanged since checkout: moneyHash matches them.',
  inspect: ({ order }) =>
    isSameHash(moneyHash(order), order.moneyHash) ? [] : ['items, prices, delivery or totals were changed'],
};

export const personHashCheck: OrderCheck = {
  id: 'I9',
  name: 'person-hash',
  question: 'The contact and the address of the checkout are unchanged: personHash matches them.',
  inspect: ({ order }) => (isSameHash(personHash(order), order.personHash) ? [] : ['contact or address was changed']),
};

export const totalCheck: OrderCheck = {
  id: 'I9',
  name: 'total',
  question: 'Each line total is price × quantity, and the lines and the shipping fee add up to the total.',
  inspect: ({ order }) => {
    const money = (amount: number) => describeAmount(amount, order.currency);
    const problems = order.items
      .filter(({ unitPrice, quantity, lineTotal }) => unitPrice * quantity !== lineTotal)
      .map(
        ({ variantSnapshot, unitPrice, quantity, lineTotal }) =>
          `${variantSnapshot.sku}: ${quantity} × ${money(unitPrice)} is not ${money(lineTotal)}`,
      );
    const subtotal = order.items.reduce((total, { lineTotal }) => total + lineTotal, 0);
    if (subtotal !== order.subtotal)
      problems.push(`the lines add up to ${money(subtotal)}, not to ${money(order.subtotal)}`);
    if (order.subtotal + order.shippingFee !== order.total)
      problems.push(`${money(order.subtotal)} + ${money(order.shippingFee)} is not ${money(order.total)}`);
    return problems;
  },
};
