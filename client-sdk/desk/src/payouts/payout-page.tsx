/** One payout: its sums, what differs, and its charges. */
import type { Payout, PayoutCharge } from '@orders-module/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { DownloadButton } from '../../../parts/ui/download-button.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ReportedMoney } from '../../../parts/ui/money.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { payoutChargesQuery, payoutQuery } from '../data/payouts.ts';
import { payoutWords } from '../ui/words.ts';
import { LoadingList } from './loading-list.tsx';

export function PayoutPage() {
  const { id } = useParams({ from: '/payouts/$id' });
  const payout = useQuery(payoutQuery(id));
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/payouts">
          <Icon name="back" />
          Payouts
        </Link>
      </p>
      <PageTitle title={`Payout ${id}`} />
      {payout.isPending ? <LoadingList what="the payout" /> : null}
      {payout.isError && payout.data === undefined ? (
        <FailedState error={payout.error} onRetry={() => payout.refetch()} />
      ) : null}
      {payout.data === undefined ? null : <Sums payout={payout.data} />}
      <section className="waiting" aria-labelledby="charges">
        <div className="section-head">
          <h2 id="charges">Charges</h2>
          <DownloadButton path={`/admin/payouts/${id}/charges.csv`} fileName={`payout-${id}.csv`}>
            Download as CSV
          </DownloadButton>
        </div>
        <Charges id={id} />
      </section>
    </div>
  );
}

function Sums({ payout }: { payout: Payout }) {
  const { currency, gross, fees, deductions, net, paidOn, differences } = payout;
  const money = (amount: number) => <ReportedMoney amount={amount} currency={currency} />;
  return (
    <section className="panel" aria-label="Sums">
      <p>
        <span className="badge">{payoutWords(payout)}</span>{' '}
        {paidOn === null ? null : (
          <>
            to the bank <Instant at={paidOn} />
          </>
        )}
      </p>
      <p>
        Charges of {money(gross)}, less Paystack’s fees of {money(fees)} and {money(deductions)} for refunds and
        disputes: <strong>{money(net)}</strong>.
      </p>
      {differences.map((difference) => (
        <p key={difference} className="line-problem">
          {difference}
        </p>
      ))}
    </section>
  );
}

function Charges({ id }: { id: string }) {
  const charges = useInfiniteQuery(payoutChargesQuery(id));
  if (charges.isPending) return <LoadingList what="the charges" />;
  if (charges.data === undefined) return <FailedState error={charges.error} onRetry={() => charges.refetch()} />;
  const items = charges.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="faint">Its charges have not been read yet.</p>;
  return (
    <>
      <ul className="order-list">
        {items.map((charge) => (
          <ChargeRow key={charge.transactionId} charge={charge} />
        ))}
      </ul>
      <NextPageButton of={charges}>Show more</NextPageButton>
    </>
  );
}

function ChargeRow({ charge: { reference, orderId, code, amount, fees, currency } }: { charge: PayoutCharge }) {
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          {orderId === null ? (
            'Not of this shop'
          ) : (
            <Link to="/orders/$id" params={{ id: orderId }}>
              <span className="code">{code ?? reference}</span>
            </Link>
          )}
        </h3>
        <p className="faint">
          <span className="code">{reference}</span> · fee <ReportedMoney amount={fees} currency={currency} />
        </p>
      </div>
      <ReportedMoney amount={amount} currency={currency} />
    </li>
  );
}
