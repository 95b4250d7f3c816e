/** The staff's start page: order search, and the lists of orders that need attention. */
import type { StaffOrderSummary } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { PageTitle } from '../../app/page-title.tsx';
import { Link, navigate } from '../../app/router.tsx';
import { useMay } from '../../data/account.ts';
import { type Attention, type StaffSearch, staffOrdersQuery, useStaffChanges } from '../../data/staff.ts';
import { EmptyState, FailedState, StaleNotice } from '../../parts/empty-state.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Instant } from '../../parts/instant.tsx';
import { Loading, Skeleton } from '../../parts/loading.tsx';
import { Money } from '../../parts/money.tsx';
import { NextPageButton } from '../../parts/next-page-button.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';

export function StaffPage({ query }: { query: URLSearchParams }) {
  useStaffChanges();
  const seesJobs = useMay('jobs');
  const searchText = query.get('q')?.trim().slice(0, 254) ?? '';
  return (
    <div className="page">
      <PageTitle title="Staff" />
      <p className="lead">
        Find an order by its code, by name, email or phone number, or by SKU or tracking number; the beginning is
        enough. {seesJobs ? <JobsLink /> : null}
      </p>
      <OrderSearch key={searchText} searchText={searchText} />
      {searchText === '' ? <NeedsAttention /> : <SearchResults searchText={searchText} />}
    </div>
  );
}

function JobsLink() {
  return (
    <>
      Jobs are shown in <a href="/agendash">Agendash</a>.
    </>
  );
}

function OrderSearch({ searchText }: { searchText: string }) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('q') ?? '').trim();
    navigate(text === '' ? '/staff' : `/staff?q=${encodeURIComponent(text)}`);
  };
  return (
    <search>
      <form className="search search-wide" onSubmit={submit}>
        <label htmlFor="order-search" className="visually-hidden">
          Code, name, email, phone or SKU
        </label>
        <input
          id="order-search"
          name="q"
          type="search"
          defaultValue={searchText}
          placeholder="Code, name, email, phone or SKU"
          autoComplete="off"
          maxLength={254}
        />
        <button type="submit" aria-label="Find orders">
          <Icon name="search" />
        </button>
      </form>
    </search>
  );
}

function SearchResults({ searchText }: { searchText: string }) {
  return (
    <section aria-labelledby="found">
      <div className="section-head">
        <h2 id="found">Orders for “{searchText}”</h2>
        <Link to="/staff">What waits for a person</Link>
      </div>
      <OrderTable
        search={{ search: searchText }}
        what="orders"
        none="No order matches. Try less of it: four letters of a code, or one word of a name."
      />
    </section>
  );
}

const LISTS: readonly { attention: Attention; title: string; todo: string; none: string }[] = [
  {
    attention: 'parked',
    title: 'Parked settlements',
    todo: 'Paid, but settling failed eight times, or stock is short while the payment is disputed. Open the order, read the error, mend its cause, then retry the settlement.',
    none: 'No paid order is stuck.',
  },
  {
    attention: 'review',
    title: 'Money in review',
    todo: 'The charge does not agree with the order, or was reversed. Compare it with Paystack’s dashboard, then accept or refund it.',
    none: 'All charges agree with their orders.',
  },
  {
    attention: 'refund',
    title: 'Refunds needing attention',
    todo: 'Paystack could not carry them out. Open the order: each refund says what to do.',
    none: 'No refund is stuck.',
  },
  {
    attention: 'stuck',
    title: 'Stuck work',
    todo: 'A refund, a verification or an event of Paystack failed eight times on this order alone. Open it, read the error, repair its cause, then try again.',
    none: 'Nothing is stuck.',
  },
];

function NeedsAttention() {
  return LISTS.map(({ attention, title, todo, none }) => (
    <section key={attention} className="waiting" aria-labelledby={`waiting-${attention}`}>
      <h2 id={`waiting-${attention}`}>{title}</h2>
      <p className="faint">{todo}</p>
      <OrderTable search={{ attention }} what={title.toLowerCase()} none={none} />
    </section>
  ));
}

function OrderTable({ search, what, none }: { search: StaffSearch; what: string; none: string }) {
  const orders = useInfiniteQuery(staffOrdersQuery(search));
  if (orders.isPending)
    return (
      <Loading what={what}>
        <Skeleton size="block" />
      </Loading>
    );
  if (orders.data === undefined) return <FailedState error={orders.error} onRetry={() => orders.refetch()} />;
  const items = orders.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return search.attention === undefined ? (
      <EmptyState icon="search" title="Nothing found">
        <p>{none}</p>
      </EmptyState>
    ) : (
      <p className="all-clear">
        <Icon name="check" />
        {none}
      </p>
    );
  return (
    <>
      {search.attention === undefined ? <OrderCount count={orders.data.pages[0]?.count ?? null} /> : null}
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

function OrderCount({ count }: { count: number | null }) {
  if (count === null) return null;
  const number = count > 1_000 ? '1,000+' : count.toLocaleString();
  return <p className="faint">{count === 1 ? '1 order' : `${number} orders`}</p>;
}

function OrderRow({ order }: { order: StaffOrderSummary }) {
  const { id, code, name, email, total, currency, createdAt } = order;
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          <Link to={`/staff/orders/${id}`}>
            <span className="code">{code}</span>
          </Link>
        </h3>
        <p className="faint">
          {name}, {email} · <Instant at={createdAt} />
        </p>
      </div>
      <StatusBadge of={order} />
      <p className="order-row-total">
        <Money amount={total} currency={currency} />
      </p>
    </li>
  );
}
