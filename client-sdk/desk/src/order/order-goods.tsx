import { pictureUrl, type StaffOrder } from '@orders-module/client';
import { Money } from '../../../parts/ui/money.tsx';
import { Totals } from '../../../parts/ui/totals.tsx';

export function OrderItems({ order }: { order: StaffOrder }) {
  const { items, currency } = order;
  return (
    <section className="panel" aria-labelledby="goods">
      <h2 id="goods">Goods</h2>
      <ul className="plain-list">
        {items.map(({ variantId, sku, pictureId, productTitle, variantTitle, quantity, lineTotal }) => (
          <li key={variantId} className="goods-line">
            {pictureId === null ? (
              <span className="product-picture" />
            ) : (
              <img
                className="product-picture"
                src={pictureUrl('', pictureId, 320)}
                alt=""
                width={48}
                height={48}
                loading="lazy"
              />
            )}
            <span className="goods-name">
              {quantity} × {productTitle}, {variantTitle} <span className="code">{sku}</span>
            </span>
            <Money amount={lineTotal} currency={currency} />
          </li>
        ))}
      </ul>
      <Totals of={order} />
    </section>
  );
}
