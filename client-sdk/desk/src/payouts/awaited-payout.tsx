/** The money that Paystack holds, and has not sent to the bank account. */
import { useQuery } from '@tanstack/react-query';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ReportedMoney } from '../../../parts/ui/money.tsx';
import { awaitedPayoutQuery } from '../data/payouts.ts';
import { AllClear } from '../ui/all-clear.tsx';
import { LoadingList } from './loading-list.tsx';

export function AwaitedPayout() {
  return (
    <section className="waiting" aria-labelledby="awaited">
      <h2 id="awaited">Not paid out yet</h2>
      <Sums />
    </section>
  );
}

function Sums() {
  const awaited = useQuery(awaitedPayoutQuery);
  if (awaited.isPending) return <LoadingList what="the money that is not paid out yet" />;
  if (awaited.data === undefined) return <FailedState error={awaited.error} onRetry={() => awaited.refetch()} />;
  const { countedAt, sums } = awaited.data;
  if (countedAt === null)
    return (
      <p className="faint">Not counted yet. Payouts are read each hour; with a test key of Paystack there are none.</p>
    );
  return (
    <>
      {sums.length === 0 ? <AllClear text="No money waits for a payout." /> : null}
      {sums.map(({ currency, amount, charges }) => (
        <p key={currency}>
          <strong>
            <ReportedMoney amount={amount} currency={currency} />
          </strong>{' '}
          of {charges === 1 ? '1 charge' : `${charges} charges`}, before Paystack’s fees
        </p>
      ))}
      <p className="faint">
        Held by Paystack and in no payout, as counted on <Instant at={countedAt} />
      </p>
    </>
  );
}
