/** The shopper's actions on an order: pay, cancel, or fill the cart again from one that has ended. */
import type { Order } from '@orders-module/client';
import { useState } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { Dialog } from '../../../parts/ui/dialog.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { ErrorNotice } from '../../../parts/ui/notice.tsx';
import { useCancelOrder } from '../data/orders.ts';
import { type PaymentVisit, usePayOrder } from '../data/payment.ts';
import { ButtonLink } from '../parts/button-link.tsx';

export function OrderActions({ order, visit }: { order: Order; visit: PaymentVisit }) {
  if (order.status === 'cancelled' || order.status === 'refunded' || order.status === 'delivered')
    return order.cancelReason === 'by_customer' ? null : (
      <div className="actions">
        <ButtonLink to={`/cart?from=${encodeURIComponent(order.code)}`} look="secondary">
          {order.status === 'cancelled' ? 'Put the items back in the cart' : 'Order the same again'}
        </ButtonLink>
      </div>
    );
  if (order.status !== 'pending' || order.paymentStatus !== 'unpaid' || visit === 'checking') return null;
  return (
    <div className="headline-actions">
      {order.payable ? <Payment order={order} visit={visit} /> : null}
      <Cancellation order={order} />
    </div>
  );
}

function Payment({ order, visit }: { order: Order; visit: PaymentVisit }) {
  const pay = usePayOrder();
  const isBusy = pay.isPending || pay.isSuccess;
  return (
    <>
      <p className="fine-print">
        {visit === 'unsure' ? (
          'Did you leave before paying? The same payment page opens again. It takes your money only once.'
        ) : (
          <>
            Pay by <Instant at={order.expiresAt} /> to keep the order.
          </>
        )}
      </p>
      <Button busy={isBusy && 'Opening the payment page…'} onClick={() => pay.mutate(order)}>
        Pay <Money amount={order.total} currency={order.currency} />
      </Button>
      {pay.isError ? <ErrorNotice error={pay.error} /> : null}
    </>
  );
}

function Cancellation({ order }: { order: Order }) {
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useCancelOrder();
  return (
    <>
      <Button look="final" onClick={() => setIsAsking(true)}>
        Cancel the order
      </Button>
      {isAsking ? (
        <Dialog
          title={`Cancel order ${order.code}?`}
          confirm="Cancel the order"
          working="Cancelling…"
          dangerous
          isWorking={cancel.isPending}
          error={cancel.error}
          onConfirm={() => cancel.mutate(order.id, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>This cannot be undone. Should a payment for it still arrive, it is refunded in full.</p>
        </Dialog>
      ) : null}
    </>
  );
}
