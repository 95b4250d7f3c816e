/**
 * /cart?from=<code>, a link in emails: puts the items of an earlier order back into the cart. It needs a press, because a
 * link may be opened twice, or by a program.
 */
import type { Order } from '@orders-module/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { navigate } from '../app/router.tsx';
import { cartQuery } from '../data/cart.ts';
import { client } from '../data/client.ts';
import { sayFailedChange } from '../data/errors.ts';
import { findOrderByCode } from '../data/orders.ts';
import { Button } from '../parts/button.tsx';
import { Loading, Skeleton } from '../parts/loading.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';

export function CartRefill({ code }: { code: string }) {
  const order = useQuery({ queryKey: ['order-by-code', code], queryFn: () => findOrderByCode(code) });
  const refill = useRefill();
  if (order.isPending)
    return (
      <Loading what={`order ${code}`}>
        <Skeleton size="block" />
      </Loading>
    );
  if (order.isError) return <ErrorNotice error={order.error} />;
  if (order.data === null)
    return (
      <Notice tone="warn" title={`Order ${code} is not among your newest orders`}>
        <p>Perhaps you ordered with another account, or long ago.</p>
      </Notice>
    );
  if (refill.isSuccess) return <Outcome missed={refill.data} />;
  return <Offer order={order.data} isBusy={refill.isPending} onAccept={refill.mutate} />;
}

interface OfferProps {
  order: Order;
  isBusy: boolean;
  onAccept: (order: Order) => void;
}

function Offer({ order, isBusy, onAccept }: OfferProps) {
  return (
    <section className="panel refill" aria-labelledby="refill">
      <h2 id="refill">Put the items of order {order.code} back?</h2>
      <ul className="plain-list">
        {order.items.map(({ variantId, productTitle, variantTitle, quantity }) => (
          <li key={variantId}>
            {quantity} × {productTitle}, {variantTitle}
          </li>
        ))}
      </ul>
      <p className="faint">At today’s prices.</p>
      <div className="actions">
        <Button busy={isBusy && 'Adding…'} onClick={() => onAccept(order)}>
          Add to cart
        </Button>
        <Button look="quiet" onClick={() => navigate('/cart', { replace: true })}>
          No, thanks
        </Button>
      </div>
    </section>
  );
}

function Outcome({ missed }: { missed: string[] }) {
  if (missed.length === 0) return <Notice tone="good" role="status" title="The items are back in your cart" />;
  return (
    <Notice tone="warn" role="status" title="Not everything could be added">
      <ul className="plain-list">
        {missed.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** Adds the lines one by one; its data are the lines that could not be added, with the reasons. */
function useRefill() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ items }: Order) => {
      const missed: string[] = [];
      for (const { variantId, quantity, productTitle } of items) {
        try {
          const cart = await client.cart.addItem.mutate({ variantId, quantity });
          queryClient.setQueryData(cartQuery.queryKey, cart);
        } catch (error) {
          missed.push(`${productTitle}: ${sayFailedChange(error)}`);
        }
      }
      return missed;
    },
  });
}
