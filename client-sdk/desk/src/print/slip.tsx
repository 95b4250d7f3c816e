import type { StaffOrder } from '@orders-module/client';
import { AddressBlock } from '../../../parts/ui/address-block.tsx';
import { GoodsHead, SheetHead } from './sheet-parts.tsx';

/** Goes into the parcel: where it goes and what is in it, without prices. */
export function Slip({ order }: { order: StaffOrder }) {
  const { code, shippingAddress, items } = order;
  const open = items.filter(({ toShip }) => toShip > 0);
  // A slip that is printed again, after its parcel has left, lists all that is not withdrawn.
  const lines =
    open.length > 0
      ? open.map((item) => ({ ...item, units: item.toShip }))
      : items.map((item) => ({ ...item, units: item.quantity - item.withdrawn }));
  return (
    <article className="sheet slip" aria-label={`Slip of order ${code}`}>
      <SheetHead code={code} />
      <div className="slip-to">
        <AddressBlock address={shippingAddress} />
      </div>
      <table className="sheet-table">
        <GoodsHead code={code} />
        <tbody>
          {lines.map(({ lineId, units, productTitle, variantTitle, sku }) => (
            <tr key={lineId}>
              <td className="slip-units">{units} ×</td>
              <td>
                <bdi>{productTitle}</bdi>, <bdi>{variantTitle}</bdi> <span className="code">{sku}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}
