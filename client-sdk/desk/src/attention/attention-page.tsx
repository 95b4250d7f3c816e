/** The staff's start page: order search, and the lists of what waits for a person. */
import type { ReactNode, SubmitEvent } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Link, navigate } from '../../../storefront/src/app/router.tsx';
import { type StaffSearch, useStaffChanges } from '../data/orders.ts';
import { JobsLink } from '../jobs/jobs-link.tsx';
import { BooksState } from './books-state.tsx';
import { FailedEmails } from './failed-emails.tsx';
import { OrderTable } from './order-list.tsx';

export function StaffPage({ query }: { query: URLSearchParams }) {
  useStaffChanges();
  const seesJobs = useMay('jobs');
  const seesPayouts = useMay('viewPayouts');
  const seesSettings = useMay('settings');
  const searchText = query.get('q')?.trim().slice(0, 254) ?? '';
  const tag = query.get('tag')?.trim().slice(0, 40) ?? '';
  return (
    <div className="page">
      <PageTitle title="Staff" />
      <p className="lead">
        Find an order by its code, by name, email or phone number, or by SKU or tracking number; the beginning is
        enough.
      </p>
      <div className="staff-links">
        {seesPayouts ? <Link to="/staff/payouts">Payouts to the bank</Link> : null}
        {seesSettings ? <Link to="/staff/settings">Settings of the shop</Link> : null}
        {seesJobs ? <JobsLink /> : null}
      </div>
      <OrderSearch key={searchText} searchText={searchText} />
      {searchText === '' && tag === '' ? <WorkLists /> : <SearchResults searchText={searchText} tag={tag} />}
    </div>
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

function SearchResults({ searchText, tag }: { searchText: string; tag: string }) {
  return (
    <section aria-labelledby="found">
      <div className="section-head">
        <h2 id="found">
          {searchText === '' ? (
            <>
              Orders with the tag “<bdi>{tag}</bdi>”
            </>
          ) : (
            <>Orders for “{searchText}”</>
          )}
        </h2>
        <Link to="/staff">What waits for a person</Link>
      </div>
      <OrderTable
        search={{ ...(searchText === '' ? {} : { search: searchText }), ...(tag === '' ? {} : { tag }) }}
        what="orders"
        none={
          searchText === ''
            ? 'No order has this tag any more.'
            : 'No order matches. Try less of it: four letters of a code, or one word of a name.'
        }
      />
    </section>
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
