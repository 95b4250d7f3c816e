import type { FailedEmail } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { failedEmailsQuery } from '../data/orders.ts';
import { AllClear } from '../orders/order-list.tsx';
import { OUTBOX_WORDS } from '../ui/words.ts';

export function FailedEmails() {
  const emails = useInfiniteQuery(failedEmailsQuery);
  if (emails.isPending)
    return (
      <Loading what="failed emails">
        <Skeleton size="half" />
      </Loading>
    );
  if (emails.data === undefined) return <FailedState error={emails.error} onRetry={() => emails.refetch()} />;
  const items = emails.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <AllClear text="No email has failed." />;
  return (
    <>
      {emails.isRefetchError ? <StaleNotice error={emails.error} onRetry={() => emails.refetch()} /> : null}
      <ul className="order-list">
        {items.map((email) => (
          <EmailRow key={email.id} email={email} />
        ))}
      </ul>
      <NextPageButton of={emails}>Show more</NextPageButton>
    </>
  );
}

function EmailRow({ email }: { email: FailedEmail }) {
  return (
    <li className="order-row panel">
      <div>
        <h3 className="order-row-code">
          {email.orderId === null ? (
            `“${OUTBOX_WORDS[email.kind]}”`
          ) : (
            <Link to="/orders/$id" params={{ id: email.orderId }}>
              <span className="code">{email.code}</span>
            </Link>
          )}
        </h3>
        <p className="faint">
          “{OUTBOX_WORDS[email.kind]}” to{' '}
          {email.to === 'staff' ? (
            'staff'
          ) : (
            <>
              <bdi>{email.name}</bdi>, <bdi>{email.email}</bdi>
            </>
          )}{' '}
          · <Instant at={email.failedAt} />
        </p>
        <p className="line-problem">{email.error}</p>
      </div>
    </li>
  );
}
