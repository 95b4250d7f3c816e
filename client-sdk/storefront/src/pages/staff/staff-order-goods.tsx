import type { StaffOrder } from '@orders-module/client';
import { Money } from '../../parts/money.tsx';
import { Totals } from '../../parts/totals.tsx';

export function Goods({ order }: { order: StaffOrder }) {
  const { items, currency, shippingAddress: to } = order;
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
      <p className="faint">
        To{' '}
        {[to.name, to.line1, to.line2, to.postalCode, to.city, to.state, to.country, to.phone]
          .filter(Boolean)
          .join(', ')}
      </p>
    </section>
  );
}
