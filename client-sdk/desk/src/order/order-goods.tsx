import type { StaffOrder } from '@orders-module/client';
import { Money } from '../../../parts/ui/money.tsx';
import { Totals } from '../../../parts/ui/totals.tsx';

export function OrderItems({ order }: { order: StaffOrder }) {
  const { items, currency } = order;
  return (
    <section className="panel" aria-labelledby="goods">
      <h2 id="goods">Goods</h2>
      <ul className="plain-list">
        {items.map(({ variantId, sku, productTitle, variantTitle, quantity, lineTotal }) => (
          <li key={variantId}>
            {quantity} × {productTitle}, {variantTitle} <span className="code">{sku}</span>{' '}
            <Money amount={lineTotal} currency={currency} />
          </li>
        ))}
      </ul>
      <Totals of={order} />
    </section>
  );
}
