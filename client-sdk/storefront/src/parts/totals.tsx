/** Subtotal, shipping and total of a cart or an order. */
import type { Money as Amount } from '@orders-module/client';
import { Money } from './money.tsx';

interface TotalsProps {
  of: { subtotal: number; shippingFee: number; total: number; currency: Amount['currency'] };
}

export function Totals({ of: { subtotal, shippingFee, total, currency } }: TotalsProps) {
  return (
    <dl className="totals">
      <div>
        <dt>Goods</dt>
        <dd>
          <Money amount={subtotal} currency={currency} />
        </dd>
      </div>
      <div>
        <dt>Shipping</dt>
        <dd>{shippingFee === 0 ? 'Free' : <Money amount={shippingFee} currency={currency} />}</dd>
      </div>
      <div className="totals-sum">
        <dt>Total</dt>
        <dd>
          <Money amount={total} currency={currency} />
        </dd>
      </div>
    </dl>
  );
}
