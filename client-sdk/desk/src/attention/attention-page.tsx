/** The lists of what waits for a person, with what ends it in place. */
import type { StaffOrderSummary } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { staffOrdersQuery } from '../data/orders.ts';
import { retriesOf, sumOf } from '../data/retry-all.ts';
import { JobsLink } from '../jobs/jobs-link.tsx';
import { AllClear } from '../ui/all-clear.tsx';
import { BooksState } from './books-state.tsx';
import { FailedEmails } from './failed-emails.tsx';
import { RetryAll } from './retry-all.tsx';
import { WaitingOrder } from './waiting-order.tsx';

export function AttentionPage() {
  const seesJobs = useMay('jobs');
  return (
    <div className="page">
      <PageTitle title="Needs attention" />
      {seesJobs ? (
        <div className="staff-links">
          <JobsLink />
        </div>
      ) : null}
      <WorkLists />
    </div>
  );
}

interface WorkList {
  id: string;
  title: string;
  todo: string;
  kind: StaffOrderSummary['waits'][number]['kind'];
  none: string;
}

const NEEDS_ATTENTION: readonly WorkList[] = [
  {
    id: 'dispute',
    title: 'Open disputes',
    todo: 'The first deadline first. The goods stay until it has ended.',
    kind: 'dispute',
    none: 'No payment is disputed.',
  },
  {
    id: 'review',
    title: 'Money in review',
    todo: 'The charge does not agree with the order, or was reversed. Compare it with Paystack’s dashboard, then accept or refund it.',
    kind: 'review',
    none: 'All charges agree with their orders.',
  },
  {
    id: 'refund',
    title: 'Refunds needing attention',
    todo: 'Paystack could not carry them out. Each refund says what to do.',
    kind: 'refund',
    none: 'No refund is stuck.',
  },
  {
    id: 'parked',
    title: 'Parked settlements',
    todo: 'Paid, but settling failed eight times, or stock is short while the payment is disputed. Read the error, mend its cause, then retry the settlement.',
    kind: 'parked',
    none: 'No paid order is stuck.',
  },
  {
    id: 'stuck',
    title: 'Stuck work',
    todo: 'A refund, a verification or an event of Paystack failed eight times on this order alone. Read the error, repair its cause, then try again.',
    kind: 'stuck',
    none: 'Nothing is stuck.',
  },
];

function WorkLists() {
  return (
    <div className="work">
      <BooksState />
      <Waiting
        id="emails"
        title="Failed emails"
        todo="The provider refused them, or they did not arrive. Correct the email address on the order’s page, or send the email once more."
      >
        <FailedEmails />
      </Waiting>
      {NEEDS_ATTENTION.map((list) => (
        <Waiting key={list.id} {...list}>
          <WaitingOrders of={list} />
        </Waiting>
      ))}
    </div>
  );
}

function Waiting({ id, title, todo, children }: Pick<WorkList, 'id' | 'title' | 'todo'> & { children: ReactNode }) {
  return (
    <section className="waiting" aria-labelledby={`waiting-${id}`}>
      <h2 id={`waiting-${id}`}>{title}</h2>
      <p className="faint">{todo}</p>
      {children}
    </section>
  );
}

function WaitingOrders({ of: { title, kind, none } }: { of: WorkList }) {
  const orders = useInfiniteQuery(staffOrdersQuery({ attention: kind, oldestFirst: true }));
  if (orders.isPending)
    return (
      <Loading what={title.toLowerCase()}>
        <Skeleton size="half" />
      </Loading>
    );
  if (orders.data === undefined) return <FailedState error={orders.error} onRetry={() => orders.refetch()} />;
  const items = orders.data.pages.flatMap((page) => page.items);
  return (
    <>
      {orders.isRefetchError ? <StaleNotice error={orders.error} onRetry={() => orders.refetch()} /> : null}
      {kind === 'parked' || kind === 'stuck' ? <RetryOrders kind={kind} orders={items} /> : null}
      {items.length === 0 ? <AllClear text={none} /> : null}
      <ul className="order-list">
        {items.map((order) => (
          <WaitingOrder key={order.id} order={order} kind={kind} />
        ))}
      </ul>
      <NextPageButton of={orders}>Show more</NextPageButton>
    </>
  );
}

const RETRY_TEXTS = {
  parked: { label: 'Retry all settlements', effect: 'go back into the queue and are settled within seconds' },
  stuck: { label: 'Try all again', effect: 'are tried again from the beginning of their schedule' },
} as const;

function RetryOrders({ kind, orders }: { kind: 'parked' | 'stuck'; orders: readonly StaffOrderSummary[] }) {
  const mayRetry = useMay(kind === 'parked' ? 'retrySettlement' : 'retryStuck');
  if (!mayRetry) return null;
  const { label, effect } = RETRY_TEXTS[kind];
  const count = orders.length === 1 ? '1 order' : `${orders.length} orders`;
  const text = `${count} of ${sumOf(orders)} ${effect}. What failed before may fail again.`;
  return <RetryAll label={label} effect={text} items={retriesOf(kind, orders)} />;
}
