/** The first page: what waits, as links, and what was sold. */
import type { Today } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { queryClient } from '../../../parts/data/query-client.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Loading } from '../../../parts/ui/loading.tsx';
import { BooksState } from '../attention/books-state.tsx';
import { salesQuery, todayQuery } from '../data/today.ts';
import { countersOf } from './counters.ts';

/** Plots are most of the code of this page, and the counters do not wait for them. Their figures come beside the code. */
const Sales = lazy(async () => {
  void queryClient.prefetchQuery(salesQuery);
  return { default: (await import('./sales.tsx')).Sales };
});

export function TodayPage() {
  const today = useQuery(todayQuery);
  const seesSales = useMay('viewSales');
  const seesPayouts = useMay('viewPayouts');
  return (
    <div className="page today">
      <PageTitle title="Today" />
      {today.isPending ? (
        <Loading what="what waits">
          <CounterPlaces />
        </Loading>
      ) : today.data === undefined ? (
        <FailedState error={today.error} onRetry={() => today.refetch()} />
      ) : (
        <Counters today={today.data} />
      )}
      <BooksState />
      {/* On a phone it is nearer than the menu. */}
      {seesPayouts ? (
        <p>
          <Link to="/payouts">What went to the bank</Link>
        </p>
      ) : null}
      {/* Last, because its height is known late. */}
      {seesSales ? (
        <Suspense fallback={<div className="sales-place" />}>
          <Sales />
        </Suspense>
      ) : null}
    </div>
  );
}

/** As high as the counters, so that nothing below them moves when they come. */
function CounterPlaces() {
  return (
    <ul className="counters">
      {['To ship', 'Unpaid', 'Needs attention', 'Disputes', 'Failed emails'].map((name, index) => (
        <li key={name}>
          <div className="counter">
            <span className="counter-name">{name}</span> <span className="counter-place">–</span>{' '}
            {index === 0 ? <span className="faint">the oldest for a moment</span> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** With the same elements as in ../first/first-figures.ts, which are shown until the code of the page has come. */
function Counters({ today }: { today: Today }) {
  return (
    <ul className="counters" aria-label="What waits">
      {countersOf(today, Date.now()).map(({ to, search = {}, name, count, more, isBad }) => (
        <li key={name}>
          <Link to={to} search={search} className={isBad ? 'counter counter-bad' : 'counter'}>
            <span className="counter-name">{name}</span> <span className="counter-number">{count}</span>{' '}
            {more === undefined ? null : <span className="faint">{more}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
