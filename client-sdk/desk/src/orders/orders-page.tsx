/** All orders by tab, search and filters, which stand in the address. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useMay } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { EmptyState, FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { orderCountsQuery, staffOrdersQuery } from '../data/orders.ts';
import { ChosenOrders } from './chosen-orders.tsx';
import { ExportList } from './export-list.tsx';
import { FilterForm } from './filter-form.tsx';
import { countFilters, inputOf, type OrderFilters, TABS, tabOf } from './order-filters.ts';
import { useSelection } from './order-selection.ts';
import { OrdersTable } from './orders-table.tsx';
import { SavedViews } from './view-list.tsx';

export function OrdersPage() {
  const filters = useSearch({ from: '/orders' });
  const { q, tag } = filters;
  const mayShipMany = useMay('shipMany');
  return (
    <div className="page">
      <div className="section-head">
        <PageTitle title={q === undefined ? 'Orders' : `Orders for “${q}”`}>
          {tag === undefined ? null : (
            <>
              Orders with the tag “<bdi>{tag}</bdi>”
            </>
          )}
        </PageTitle>
        <div className="actions">
          <ExportList filters={filters} />
          {mayShipMany ? (
            <Link to="/ship-many" className="button button-secondary">
              Ship many
            </Link>
          ) : null}
        </div>
      </div>
      <Tabs filters={filters} />
      <SavedViews filters={filters} />
      <FilterForm key={JSON.stringify(filters)} filters={filters} />
      <Orders key={tabOf(filters)} filters={filters} />
    </div>
  );
}

/** Counts above the server's limit are "1,000+". */
const sayCount = (count: number) => (count > 1_000 ? '1,000+' : count.toLocaleString('en'));

function Tabs({ filters }: { filters: OrderFilters }) {
  const { data: counts } = useQuery(orderCountsQuery);
  const current = tabOf(filters);
  return (
    <nav className="tabs" aria-label="Orders by state">
      <ul>
        {TABS.map(([tab, name]) => (
          <li key={tab}>
            <Link to="/orders" search={{ ...filters, tab }} aria-current={tab === current ? 'page' : undefined}>
              {name}
              {counts === undefined ? null : <span className="tab-count">{sayCount(counts[tab])}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Orders({ filters }: { filters: OrderFilters }) {
  const orders = useInfiniteQuery(staffOrdersQuery(inputOf(filters)));
  const items = orders.data?.pages.flatMap((page) => page.items) ?? [];
  const selection = useSelection(items);
  if (orders.isPending)
    return (
      <Loading what="orders">
        <Skeleton size="block" />
      </Loading>
    );
  if (orders.data === undefined) return <FailedState error={orders.error} onRetry={() => orders.refetch()} />;
  if (items.length === 0) return <NoOrders filters={filters} />;
  const count = orders.data.pages[0]?.count ?? null;
  return (
    <>
      {orders.isRefetchError ? <StaleNotice error={orders.error} onRetry={() => orders.refetch()} /> : null}
      {count === null ? null : <p className="faint">{count === 1 ? '1 order' : `${sayCount(count)} orders`}</p>}
      <OrdersTable orders={items} selection={selection} />
      <NextPageButton of={orders}>Show more</NextPageButton>
      <ChosenOrders selection={selection} />
    </>
  );
}

function NoOrders({ filters }: { filters: OrderFilters }) {
  if (filters.q === undefined && countFilters(filters) === 0)
    return <EmptyState icon="check" title={tabOf(filters) === 'to_ship' ? 'Everything has left' : 'No orders here'} />;
  return (
    <EmptyState icon="search" title="Nothing found">
      <p>Try less of it: four letters of a code, or one word of a name. Or look in another tab, with fewer filters.</p>
    </EmptyState>
  );
}
