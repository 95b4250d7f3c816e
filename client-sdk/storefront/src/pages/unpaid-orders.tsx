/** Shown before a new checkout, because most shoppers with an unpaid order intend to pay that one. */
import type { OrderSummary } from '@orders-module/client';
import { Link } from '../app/router.tsx';
import { Button } from '../parts/button.tsx';
import { Money } from '../parts/money.tsx';
import { Notice } from '../parts/notice.tsx';

interface UnpaidOrdersProps {
  orders: OrderSummary[];
  /** Continues with a new order. */
  onGoOn: () => void;
}

export function UnpaidOrders({ orders, onGoOn }: UnpaidOrdersProps) {
  const isOne = orders.length === 1;
  return (
    <Notice
      tone="warn"
      role="status"
      title={isOne ? 'You have an order that is not paid yet' : 'You have orders that are not paid yet'}
    >
      <p>Open {isOne ? 'it' : 'one'} to pay, to see whether a payment is under way, or to cancel.</p>
      <ul className="plain-list">
        {orders.map(({ id, code, total, currency }) => (
          <li key={id}>
            <Link to={`/orders/${id}`}>Order {code}</Link>, <Money amount={total} currency={currency} />
          </li>
        ))}
      </ul>
      <Button look="secondary" onClick={onGoOn}>
        Order once more
      </Button>
    </Notice>
  );
}
