/**
 * /cart?from=<code>, a link in emails: puts the items of an earlier order back into the cart. It needs a press, because a
 * program may open the link. Pressing again, or after a reload, adds nothing.
 */
import type { MissedLine, Order, OrderLine } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../../parts/data/session.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { navigate } from '../app/router.tsx';
import { useEnsureInCart } from '../data/cart.ts';
import { findOrderByCode } from '../data/orders.ts';
import { ButtonLink } from '../parts/button-link.tsx';

export function CartRefill({ code }: { code: string }) {
  if (useSession() !== null) return <RefillOf code={code} />;
  return (
    <Notice tone="info" role="status" title={`Sign in to put the items of order ${code} into your cart`}>
      <ButtonLink to={`/sign-in?next=${encodeURIComponent(`/cart?from=${code}`)}`} look="secondary">
        Sign in
      </ButtonLink>
    </Notice>
  );
}

function RefillOf({ code }: { code: string }) {
  const order = useQuery({ queryKey: ['order-by-code', code], queryFn: () => findOrderByCode(code) });
  const refill = useEnsureInCart();
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
  if (refill.isSuccess) return <Outcome order={order.data} missed={refill.data.missed} />;
  return (
    <>
      {refill.isError ? <ErrorNotice error={refill.error} /> : null}
      <Offer
        order={order.data}
        isBusy={refill.isPending}
        onAccept={({ items, currency }) => refill.mutate({ lines: items.map(toWanted), currency })}
      />
    </>
  );
}

interface OfferProps {
  order: Order;
  isBusy: boolean;
  onAccept: (order: Order) => void;
}

function Offer({ order, isBusy, onAccept }: OfferProps) {
  return (
    <section className="panel refill" aria-labelledby="refill">
      <h2 id="refill">Put the items of order {order.code} into your cart?</h2>
      <ul className="plain-list">
        {order.items.map(({ variantId, productTitle, variantTitle, quantity }) => (
          <li key={variantId}>
            {quantity} × <bdi>{[productTitle, variantTitle].filter(Boolean).join(', ')}</bdi>
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

function toWanted({ variantId, quantity }: OrderLine) {
  return { variantId, quantity };
}

function Outcome({ order, missed }: { order: Order; missed: MissedLine[] }) {
  if (missed.length === 0) return <Notice tone="good" role="status" title="The items are back in your cart" />;
  const titles = new Map(order.items.map(({ variantId, productTitle }) => [variantId, productTitle]));
  return (
    <Notice tone="warn" role="status" title="Not everything could be put back">
      <ul className="plain-list">
        {missed.map(({ variantId, message }) => (
          <li key={variantId}>
            <bdi>{titles.get(variantId)}</bdi>: {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
