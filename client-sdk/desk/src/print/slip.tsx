import type { StaffOrder } from '@orders-module/client';
import { useShopName } from '../../../parts/data/shop.ts';
import { AddressBlock } from '../../../parts/ui/address-block.tsx';

/** Goes into the parcel: where it goes and what is in it, without prices. */
export function Slip({ order }: { order: StaffOrder }) {
  const shopName = useShopName();
  const { code, shippingAddress, items } = order;
  const open = items.filter(({ toShip }) => toShip > 0);
  // A slip that is printed again, after its parcel has left, lists all that is not withdrawn.
  const lines =
    open.length > 0
      ? open.map((item) => ({ ...item, units: item.toShip }))
      : items.map((item) => ({ ...item, units: item.quantity - item.withdrawn }));
  return (
    <article className="sheet slip" aria-label={`Slip of order ${code}`}>
      <header className="sheet-head">
        <bdi>{shopName}</bdi>
        <span className="sheet-code">{code}</span>
      </header>
      <div className="slip-to">
        <AddressBlock address={shippingAddress} />
      </div>
      <ul className="slip-lines">
        {lines.map(({ lineId, units, productTitle, variantTitle, sku }) => (
          <li key={lineId}>
            <span className="slip-units">{units} ×</span>
            <span>
              <bdi>{productTitle}</bdi>, <bdi>{variantTitle}</bdi> <span className="code">{sku}</span>
            </span>
          </li>
        ))}
      </ul>
    </article>
  );
}
