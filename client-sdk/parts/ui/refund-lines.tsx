/** The goods of a refund, and the sum that the payment of the order comes to in the end. */
import type { Order, StaffOrder } from '@orders-module/client';
import { Fragment } from 'react';
import { Money } from './money.tsx';

interface RefundedLines {
  lines: readonly { lineId: number; quantity: number }[];
  delivery: boolean;
}

/** "2 × Shirt, Blue; the delivery". Nothing for a refund of money alone. */
export function RefundLines({ of: { lines, delivery }, items }: { of: RefundedLines; items: Order['items'] }) {
  if (lines.length === 0 && !delivery) return null;
  return (
    <span className="refund-lines">
      For{' '}
      {lines.map(({ lineId, quantity }, index) => {
        const item = items[lineId - 1];
        return (
          <Fragment key={lineId}>
            {index === 0 ? '' : '; '}
            {quantity} × <bdi>{[item?.productTitle, item?.variantTitle].filter(Boolean).join(', ')}</bdi>
          </Fragment>
        );
      })}
      {delivery ? `${lines.length === 0 ? '' : '; '}the delivery` : ''}.
    </span>
  );
}

/** Below the totals, once money of the payment went back or is on its way. */
export function PaidBack({ money }: { money: Order['money'] | StaffOrder['money'] }) {
  if (money === null || money.returned + money.returning === 0) return null;
  const { paid, returned, returning, currency } = money;
  return (
    <dl className="totals">
      <div>
        <dt>Paid</dt>
        <dd>
          <Money amount={paid} currency={currency} />
        </dd>
      </div>
      {returned === 0 ? null : (
        <div>
          <dt>Refunded</dt>
          <dd>
            −<Money amount={returned} currency={currency} />
          </dd>
        </div>
      )}
      {returning === 0 ? null : (
        <div>
          <dt>Refund on its way</dt>
          <dd>
            −<Money amount={returning} currency={currency} />
          </dd>
        </div>
      )}
      <div className="totals-sum">
        <dt>{returning === 0 ? 'You paid in the end' : 'You will have paid'}</dt>
        <dd>
          <Money amount={paid - returned - returning} currency={currency} />
        </dd>
      </div>
    </dl>
  );
}
