/** The first page: what waits, as links, and what was sold. */
import type { Today } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Loading } from '../../../parts/ui/loading.tsx';
import { BooksState } from '../attention/books-state.tsx';
import { todayQuery } from '../data/today.ts';
import { sayAge, sayTimeLeft } from '../orders/age.ts';
import type { OrderFilters } from '../orders/order-filters.ts';

/** Plots are most of the code of this page, and the counters do not wait for them. */
const Sales = lazy(async () => ({ default: (await import('./sales.tsx')).Sales }));

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

function Counters({ today: { toShip, unpaid, needsAttention, disputes, failedEmails } }: { today: Today }) {
  const now = Date.now();
  return (
    <ul className="counters" aria-label="What waits">
      <Counter
        to="/orders"
        search={{ tab: 'to_ship' }}
        name="To ship"
        count={toShip.count}
        more={toShip.oldestAt === null ? undefined : `the oldest for ${sayAge(toShip.oldestAt, now)}`}
      />
      <Counter to="/orders" search={{ tab: 'unpaid' }} name="Unpaid" count={unpaid} />
      <Counter to="/attention" name="Needs attention" count={needsAttention} isBad />
      <Counter
        to="/disputes"
        name="Disputes"
        count={disputes.count}
        more={disputes.answerBy === null ? undefined : sayTimeLeft(disputes.answerBy, now)}
        isBad
      />
      <Counter to="/attention" name="Failed emails" count={failedEmails} isBad />
    </ul>
  );
}

interface CounterProps {
  to: '/orders' | '/attention' | '/disputes';
  search?: OrderFilters;
  name: string;
  count: number;
  more?: string | undefined;
  /** Any of them is bad news. */
  isBad?: boolean;
}

function Counter({ to, search, name, count, more, isBad = false }: CounterProps) {
  return (
    <li>
      <Link to={to} search={search ?? {}} className={isBad && count > 0 ? 'counter counter-bad' : 'counter'}>
        <span className="counter-name">{name}</span>{' '}
        <span className="counter-number">{count > 1_000 ? '1,000+' : count.toLocaleString('en')}</span>{' '}
        {more === undefined ? null : <span className="faint">{more}</span>}
      </Link>
    </li>
  );
}
