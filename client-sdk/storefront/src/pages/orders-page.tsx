import type { OrderSummary } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useAccount } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { EmptyState, FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { StatusBadge } from '../../../parts/ui/status-badge.tsx';
import { Link } from '../app/router.tsx';
import { ordersQuery } from '../data/orders.ts';
import { ButtonLink } from '../parts/button-link.tsx';
import { VerifyNotice } from './account/verify-notice.tsx';

export function OrdersPage() {
  const account = useAccount();
  return (
    <div className="page page-narrow">
      <PageTitle title="Your orders" />
      {account === null ? null : <VerifyNotice account={account} />}
      <Orders />
    </div>
  );
}

function Orders() {
  const orders = useInfiniteQuery(ordersQuery);
  if (orders.isPending) return <LoadingOrders />;
  if (orders.data === undefined) return <FailedState error={orders.error} onRetry={() => orders.refetch()} />;
  const items = orders.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <EmptyState icon="box" title="You have not ordered anything yet">
        <p>Once you have, you can follow it here.</p>
        <ButtonLink to="/">Browse the shop</ButtonLink>
      </EmptyState>
    );
  return (
    <>
      {orders.isRefetchError ? <StaleNotice error={orders.error} onRetry={() => orders.refetch()} /> : null}
      <ul className="order-list">
        {items.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </ul>
      <NextPageButton of={orders}>Show older orders</NextPageButton>
    </>
  );
}

function OrderRow({ order }: { order: OrderSummary }) {
  const { id, code, itemCount, total, currency, createdAt, money } = order;
  return (
    <li className="order-row panel">
      <div>
        <h2 className="order-row-code">
          <Link to={`/orders/${id}`}>
            Order <span className="code">{code}</span>
          </Link>
        </h2>
        <p className="faint">
          <Instant at={createdAt} to="day" /> · {itemCount === 1 ? '1 item' : `${itemCount} items`}
        </p>
      </div>
      <StatusBadge of={order} />
      <p className="order-row-total">
        <Money amount={total} currency={currency} />
        {money === null ? null : <Returned money={money} />}
      </p>
    </li>
  );
}

function Returned({ money: { returned, returning, currency } }: { money: NonNullable<OrderSummary['money']> }) {
  return (
    <>
      {returned === 0 ? null : (
        <span className="faint order-row-returned">
          <Money amount={returned} currency={currency} /> refunded
        </span>
      )}
      {returning === 0 ? null : (
        <span className="faint order-row-returned">
          <Money amount={returning} currency={currency} /> on its way back
        </span>
      )}
    </>
  );
}

function LoadingOrders() {
  return (
    <Loading what="your orders">
      <div className="order-list">
        {['a', 'b', 'c'].map((place) => (
          <div className="order-row panel" key={place}>
            <div>
              <Skeleton size="half" />
              <Skeleton size="third" />
            </div>
          </div>
        ))}
      </div>
    </Loading>
  );
}
