/** Subtotal, shipping and total of a cart or an order. Without a shipping fee in the currency there is no total. */
import type { Money as Amount } from '@orders-module/client';
import { Money } from './money.tsx';

interface TotalsProps {
  of: { subtotal: number; shippingFee: number | null; total: number; currency: Amount['currency'] };
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
        <dd>
          <ShippingFee amount={shippingFee} currency={currency} />
        </dd>
      </div>
      {shippingFee === null ? null : (
        <div className="totals-sum">
          <dt>Total</dt>
          <dd>
            <Money amount={total} currency={currency} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function ShippingFee({ amount, currency }: { amount: number | null; currency: Amount['currency'] }) {
  if (amount === null) return `Not in ${currency}`;
  return amount === 0 ? 'Free' : <Money amount={amount} currency={currency} />;
}
