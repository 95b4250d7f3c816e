import { describeAmount } from '../../../models/contract/money.ts';
import type { StaffEmailData } from '../../../models/messaging/staff-email.ts';
import type { StaffMessage } from '../templates/staff-layout.ts';
import { type StaffShop, staffPage } from './staff-shop.ts';

export function newOrders({ orders, count, more, sums }: StaffEmailData['new_orders'], shop: StaffShop): StaffMessage {
  const total = sums.map(({ amount, currency }) => describeAmount(amount, currency)).join(' and ');
  const [first] = orders;
  const isOne = count === 1 && first !== undefined;
  const often = `${more ? 'More than ' : ''}${count.toLocaleString('en')}`;
  const lines = orders.map(
    ({ code, units, amount, currency }) =>
      `Order ${code}: ${units === 1 ? '1 item' : `${units} items`}, ${describeAmount(amount, currency)}`,
  );
  const left = count - orders.length;
  return {
    subject: isOne ? `New order ${first.code}: ${total}` : `${often} new orders: ${total}`,
    heading: isOne ? 'An order was paid' : `${often} orders were paid`,
    paragraphs: [
      ...lines,
      ...(left > 0 ? [`And ${left.toLocaleString('en')} more.`] : []),
      'All that is to be sent is on the staff page, the oldest first.',
    ],
    action: isOne
      ? { label: 'Open the order', url: staffPage(shop, `/orders/${encodeURIComponent(first.orderId)}`) }
      : { label: 'See what is to be sent', url: staffPage(shop) },
  };
}
