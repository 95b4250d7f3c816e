/** Open disputes, the first deadline first. Each is answered on its order's page. */
import type { StaffOrderSummary } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { Money } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { staffOrdersQuery } from '../data/orders.ts';
import { sayTimeLeft } from '../orders/age.ts';
import { AllClear } from '../ui/all-clear.tsx';
import { disputeReason } from '../ui/words.ts';

export function DisputesPage() {
  const orders = useInfiniteQuery(staffOrdersQuery({ attention: 'dispute' }));
  const items = orders.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <PageTitle title="Disputes" />
      <p className="lead">
        Without an answer in time, the bank decides for the customer. The goods stay until it has ended.
      </p>
      {orders.isPending ? (
        <Loading what="disputes">
          <Skeleton size="block" />
        </Loading>
      ) : orders.data === undefined ? (
        <FailedState error={orders.error} onRetry={() => orders.refetch()} />
      ) : items.length === 0 ? (
        <AllClear text="No payment is disputed." />
      ) : (
        <>
          {orders.isRefetchError ? <StaleNotice error={orders.error} onRetry={() => orders.refetch()} /> : null}
          <ul className="order-list dispute-list">
            {items.map(({ id, code, name, waits, answerBy }) => (
              <li key={id} className="order-row panel">
                <div>
                  <h2 className="order-row-code">
                    <Link to="/orders/$id" params={{ id }}>
                      <span className="code">{code}</span>
                    </Link>
                  </h2>
                  <p className="faint">
                    <bdi>{name}</bdi>
                  </p>
                </div>
                {answerBy === null ? (
                  <span className="badge">the bank decides</span>
                ) : (
                  <p className="line-problem">
                    {sayTimeLeft(answerBy, Date.now())}, until <Instant at={answerBy} />
                  </p>
                )}
                <DisputedSums waits={waits} />
              </li>
            ))}
          </ul>
          <NextPageButton of={orders}>Show more</NextPageButton>
        </>
      )}
    </div>
  );
}

function DisputedSums({ waits }: Pick<StaffOrderSummary, 'waits'>) {
  return (
    <ul className="waits">
      {waits
        .filter(({ kind }) => kind === 'dispute')
        .map(({ amount, currency, category, since }) => (
          <li key={since}>
            <Money amount={amount} currency={currency} /> <span className="faint">{disputeReason(category)}</span>
          </li>
        ))}
    </ul>
  );
}
