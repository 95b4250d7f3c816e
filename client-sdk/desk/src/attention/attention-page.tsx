/** The lists of what waits for a person. */
import type { ReactNode } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import type { StaffSearch } from '../data/orders.ts';
import { JobsLink } from '../jobs/jobs-link.tsx';
import { OrderTable } from '../orders/order-list.tsx';
import { BooksState } from './books-state.tsx';
import { FailedEmails } from './failed-emails.tsx';

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
  search: StaffSearch;
  none: string;
}

const TO_SHIP: WorkList = {
  id: 'ship',
  title: 'To ship',
  todo: 'Confirmed, with units that have not left yet; the oldest first.',
  search: { status: 'confirmed', oldestFirst: true },
  none: 'Everything has left.',
};

const NEEDS_ATTENTION: readonly WorkList[] = [
  {
    id: 'dispute',
    title: 'Open disputes',
    todo: 'The first deadline first. Answer each on its order’s page; the goods stay until it has ended.',
    search: { attention: 'dispute' },
    none: 'No payment is disputed.',
  },
  {
    id: 'review',
    title: 'Money in review',
    todo: 'The charge does not agree with the order, or was reversed. Compare it with Paystack’s dashboard, then accept or refund it.',
    search: { attention: 'review', oldestFirst: true },
    none: 'All charges agree with their orders.',
  },
  {
    id: 'refund',
    title: 'Refunds needing attention',
    todo: 'Paystack could not carry them out. Open the order: each refund says what to do.',
    search: { attention: 'refund', oldestFirst: true },
    none: 'No refund is stuck.',
  },
  {
    id: 'parked',
    title: 'Parked settlements',
    todo: 'Paid, but settling failed eight times, or stock is short while the payment is disputed. Open the order, read the error, mend its cause, then retry the settlement.',
    search: { attention: 'parked', oldestFirst: true },
    none: 'No paid order is stuck.',
  },
  {
    id: 'stuck',
    title: 'Stuck work',
    todo: 'A refund, a verification or an event of Paystack failed eight times on this order alone. Open it, read the error, repair its cause, then try again.',
    search: { attention: 'stuck', oldestFirst: true },
    none: 'Nothing is stuck.',
  },
];

function WorkLists() {
  return (
    <div className="work">
      <BooksState />
      <Orders of={TO_SHIP} />
      <Waiting
        id="emails"
        title="Failed emails"
        todo="The provider refused them, or they did not arrive. Open the order, correct the email address, or send the email once more."
      >
        <FailedEmails />
      </Waiting>
      {NEEDS_ATTENTION.map((list) => (
        <Orders key={list.id} of={list} />
      ))}
    </div>
  );
}

function Orders({ of: { search, none, ...list } }: { of: WorkList }) {
  return (
    <Waiting {...list}>
      <OrderTable search={search} what={list.title.toLowerCase()} none={none} isWork />
    </Waiting>
  );
}

function Waiting({ id, title, todo, children }: Omit<WorkList, 'search' | 'none'> & { children: ReactNode }) {
  return (
    <section className="waiting" aria-labelledby={`waiting-${id}`}>
      <h2 id={`waiting-${id}`}>{title}</h2>
      <p className="faint">{todo}</p>
      {children}
    </section>
  );
}
