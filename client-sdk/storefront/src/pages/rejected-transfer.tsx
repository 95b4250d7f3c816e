/** The newest bank transfer that Paystack did not accept: what it was, and that the money comes back. */
import type { Order } from '@orders-module/client';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { Notice } from '../../../parts/ui/notice.tsx';

export function RejectedTransfer({ order }: { order: Order }) {
  const { rejectedTransfers, currency, total, status, paymentStatus } = order;
  const transfer = rejectedTransfers.at(-1);
  if (transfer === undefined) return null;
  const isUnpaid = status === 'pending' && paymentStatus === 'unpaid';
  return (
    <Notice tone={isUnpaid ? 'warn' : 'info'} role="status" title="Your bank transfer was not accepted">
      <p>
        {transfer.amount === null ? 'It' : <Money amount={transfer.amount} currency={currency} />} arrived{' '}
        <Instant at={transfer.at} />
        {transfer.cause === 'wrong_amount' ? (
          <>
            , and the order costs <Money amount={total} currency={currency} />
          </>
        ) : null}
        . What you sent comes back to your account by itself.
      </p>
      {isUnpaid ? (
        <p>
          Try again:{' '}
          {transfer.cause === 'wrong_amount'
            ? 'send exactly the amount of the order'
            : 'by another transfer or by card'}
          .
        </p>
      ) : null}
    </Notice>
  );
}
