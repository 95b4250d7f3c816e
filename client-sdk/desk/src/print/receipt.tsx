import type { StaffOrder } from '@orders-module/client';
import { useShopContact, useShopName } from '../../../parts/data/shop.ts';
import { AddressBlock } from '../../../parts/ui/address-block.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { PaidBack } from '../../../parts/ui/refund-lines.tsx';
import { Totals } from '../../../parts/ui/totals.tsx';
import { GoodsHead, SheetHead } from './sheet-parts.tsx';

export function Receipt({ order }: { order: StaffOrder }) {
  const shopName = useShopName();
  const { email, phone } = useShopContact();
  const { code, createdAt, items, currency, shippingAddress, money, payments } = order;
  const paid = payments.find(({ status }) => status === 'succeeded');
  return (
    <article className="sheet" aria-label={`Receipt of order ${code}`}>
      <SheetHead code={code} />
      <p>
        Receipt for the order of <Instant at={createdAt} to="day" />
        {paid?.paidAt == null ? ', not paid yet' : null}
        {paid?.paidAt == null ? null : (
          <>
            , paid <Instant at={paid.paidAt} to="day" />
          </>
        )}
      </p>
      <div className="slip-to">
        <AddressBlock address={shippingAddress} />
      </div>
      <table className="sheet-table">
        <GoodsHead code={code} sums={['Each', 'Sum']} />
        <tbody>
          {items.map(({ lineId, quantity, productTitle, variantTitle, unitPrice, lineTotal }) => (
            <tr key={lineId}>
              <td>{quantity}</td>
              <td>
                <bdi>{productTitle}</bdi>, <bdi>{variantTitle}</bdi>
              </td>
              <td className="cell-number">
                <Money amount={unitPrice} currency={currency} />
              </td>
              <td className="cell-number">
                <Money amount={lineTotal} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Totals of={order} />
      <PaidBack money={money} />
      <p className="sheet-foot">
        <bdi>{[shopName, code, email, phone].filter(Boolean).join(' · ')}</bdi>
      </p>
    </article>
  );
}
