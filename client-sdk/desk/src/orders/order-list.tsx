/** Staff's rows of orders, for the search and for the lists of work. */
import type { StaffOrderSummary } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { EmptyState, FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { StatusBadge } from '../../../parts/ui/status-badge.tsx';
import { type StaffSearch, staffOrdersQuery } from '../data/orders.ts';

interface OrderTableProps {
  search: StaffSearch;
  what: string;
  none: string;
  /** A list of work that is empty is good news; an empty search is not. */
  isWork?: boolean;
}

export function OrderTable({ search, what, none, isWork = false }: OrderTableProps) {
  const orders = useInfiniteQuery(staffOrdersQuery(search));
  if (orders.isPending)
    return (
      <Loading what={what}>
        <Skeleton size="half" />
      </Loading>
    );
  if (orders.data === undefined) return <FailedState error={orders.error} onRetry={() => orders.refetch()} />;
  const items = orders.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return isWork ? (
      <AllClear text={none} />
    ) : (
      <EmptyState icon="search" title="Nothing found">
        <p>{none}</p>
      </EmptyState>
    );
  return (
    <>
      <OrderCount count={orders.data.pages[0]?.count ?? null} />
      {orders.isRefetchError ? <StaleNotice error={orders.error} onRetry={() => orders.refetch()} /> : null}
      <ul className="order-list">
        {items.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </ul>
      <NextPageButton of={orders}>Show more</NextPageButton>
    </>
  );
}

export function AllClear({ text }: { text: string }) {
  return (
    <p className="all-clear">
      <Icon name="check" />
      {text}
    </p>
  );
}

function OrderCount({ count }: { count: number | null }) {
  if (count === null) return null;
  const number = count > 1_000 ? '1,000+' : count.toLocaleString();
  return <p className="faint">{count === 1 ? '1 order' : `${number} orders`}</p>;
}

function OrderRow({ order }: { order: StaffOrderSummary }) {
  const { id, code, name, email, total, currency, createdAt, answerBy, tags } = order;
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          <Link to="/orders/$id" params={{ id }}>
            <span className="code">{code}</span>
          </Link>
        </h3>
        <p className="faint">
          <bdi>{name}</bdi>, <bdi>{email}</bdi> · <Instant at={createdAt} />
        </p>
        {answerBy === null ? null : (
          <p className="line-problem">
            A dispute must be answered by <Instant at={answerBy} />.
          </p>
        )}
        {tags.length === 0 ? null : (
          <ul className="tags" aria-label="Tags">
            {tags.map((tag) => (
              <li key={tag} className="tag">
                <bdi>{tag}</bdi>
              </li>
            ))}
          </ul>
        )}
      </div>
      <StatusBadge of={order} />
      <p className="order-row-total">
        <Money amount={total} currency={currency} />
      </p>
    </li>
  );
}
