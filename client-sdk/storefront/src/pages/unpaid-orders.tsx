/**
 * Shown before a new checkout, because most shoppers with an unpaid order intend to pay that one: the main button opens
 * its payment page again.
 */
import type { OrderSummary } from '@orders-module/client';
import { Button } from '../../../parts/ui/button.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { Link } from '../app/router.tsx';
import { usePayOrderById } from '../data/payment.ts';

interface UnpaidOrdersProps {
  /** Newest first. */
  orders: OrderSummary[];
  /** Continues with a new order. */
  onGoOn: () => void;
}

export function UnpaidOrders({ orders, onGoOn }: UnpaidOrdersProps) {
  const [newest, ...older] = orders;
  const pay = usePayOrderById();
  if (newest === undefined) return null;
  const { id, code, total, currency } = newest;
  return (
    <Notice
      tone="warn"
      role="status"
      title={older.length === 0 ? 'You have an order that is not paid yet' : 'You have orders that are not paid yet'}
    >
      <p>
        Did you leave before paying <Link to={`/orders/${id}`}>order {code}</Link>? Its payment page opens again and
        takes your money only once.
      </p>
      <div className="actions">
        <Button busy={(pay.isPending || pay.isSuccess) && 'Opening the payment page…'} onClick={() => pay.mutate(id)}>
          Pay <Money amount={total} currency={currency} />
        </Button>
        <Button look="secondary" onClick={onGoOn}>
          Place a new order instead
        </Button>
      </div>
      {pay.isError ? <ErrorNotice error={pay.error} /> : null}
      {older.length === 0 ? null : <OlderOrders orders={older} />}
    </Notice>
  );
}

function OlderOrders({ orders }: Pick<UnpaidOrdersProps, 'orders'>) {
  return (
    <>
      <p>Also unpaid:</p>
      <ul className="plain-list">
        {orders.map(({ id, code, total, currency }) => (
          <li key={id}>
            <Link to={`/orders/${id}`}>Order {code}</Link>, <Money amount={total} currency={currency} />
          </li>
        ))}
      </ul>
    </>
  );
}
