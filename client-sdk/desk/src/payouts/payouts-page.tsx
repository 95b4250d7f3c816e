/** Paystack's payouts to the shop's bank account, each proved or with what differs, and the charges that are in none. */
import type { Payout, UnpaidCharge } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { DownloadButton } from '../../../parts/ui/download-button.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ReportedMoney } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { payoutsQuery, unpaidChargesQuery } from '../data/payouts.ts';
import { AllClear } from '../ui/all-clear.tsx';
import { payoutWords } from '../ui/words.ts';
import { AwaitedPayout } from './awaited-payout.tsx';
import { LoadingList } from './loading-list.tsx';
import { OrdersOfMonth } from './orders-of-month.tsx';

export function PayoutsPage() {
  return (
    <div className="page">
      <PageTitle title="Payouts" />
      <p className="lead">
        What Paystack sends to the bank account, compared with its charges each hour.{' '}
        <Link to="/">What waits for a person</Link>
      </p>
      <AwaitedPayout />
      <section className="waiting" aria-labelledby="unpaid">
        <h2 id="unpaid">Overdue</h2>
        <p className="faint">
          Captured three business days ago or more, and in no payout; holidays are not known. Ask Paystack for them by
          reference.
        </p>
        <div className="list-place">
          <UnpaidCharges />
        </div>
      </section>
      <section className="waiting" aria-labelledby="payouts">
        <div className="section-head">
          <h2 id="payouts">Payouts</h2>
          <DownloadButton path="/admin/payouts/list.csv" fileName="payouts.csv">
            Download as CSV
          </DownloadButton>
        </div>
        <div className="list-place">
          <Payouts />
        </div>
      </section>
      <OrdersOfMonth />
    </div>
  );
}

function UnpaidCharges() {
  const charges = useInfiniteQuery(unpaidChargesQuery);
  if (charges.isPending) return <LoadingList what="charges in no payout" />;
  if (charges.data === undefined) return <FailedState error={charges.error} onRetry={() => charges.refetch()} />;
  const items = charges.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <AllClear text="No charge is overdue." />;
  return (
    <>
      <ul className="order-list">
        {items.map((charge) => (
          <UnpaidRow key={charge.reference} charge={charge} />
        ))}
      </ul>
      <NextPageButton of={charges}>Show more</NextPageButton>
    </>
  );
}

function UnpaidRow({ charge: { reference, orderId, code, amount, currency, paidAt } }: { charge: UnpaidCharge }) {
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          <Link to="/orders/$id" params={{ id: orderId }}>
            <span className="code">{code ?? reference}</span>
          </Link>
        </h3>
        <p className="faint">
          <span className="code">{reference}</span> · paid <Instant at={paidAt} />
        </p>
      </div>
      <ReportedMoney amount={amount} currency={currency} />
    </li>
  );
}

function Payouts() {
  const payouts = useInfiniteQuery(payoutsQuery);
  if (payouts.isPending) return <LoadingList what="payouts" />;
  if (payouts.data === undefined) return <FailedState error={payouts.error} onRetry={() => payouts.refetch()} />;
  const items = payouts.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="faint">None yet. With a test key of Paystack there never are any.</p>;
  return (
    <>
      <ul className="order-list">
        {items.map((payout) => (
          <PayoutRow key={payout.id} payout={payout} />
        ))}
      </ul>
      <NextPageButton of={payouts}>Show more</NextPageButton>
    </>
  );
}

function PayoutRow({ payout }: { payout: Payout }) {
  const { id, currency, gross, net, paidOn, createdAt, differences } = payout;
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          <Link to="/payouts/$id" params={{ id }}>
            <Instant at={paidOn ?? createdAt} />
          </Link>{' '}
          <span className="badge">{payoutWords(payout)}</span>
        </h3>
        <p className="faint">
          Charges of <ReportedMoney amount={gross} currency={currency} />
        </p>
        {differences.map((difference) => (
          <p key={difference} className="line-problem">
            {difference}
          </p>
        ))}
      </div>
      <ReportedMoney amount={net} currency={currency} />
    </li>
  );
}
