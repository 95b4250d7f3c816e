import type { FailedEmail } from '@orders-module/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../../parts/data/account.ts';
import { FailedState, StaleNotice } from '../../../parts/ui/empty-state.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { NextPageButton } from '../../../parts/ui/next-page-button.tsx';
import { failedEmailsQuery } from '../data/orders.ts';
import { resendsOf } from '../data/retry-all.ts';
import { AllClear } from '../ui/all-clear.tsx';
import { OUTBOX_WORDS } from '../ui/words.ts';
import { ActHere } from './act-here.tsx';
import { RetryAll } from './retry-all.tsx';

export function FailedEmails() {
  const emails = useInfiniteQuery(failedEmailsQuery);
  const mayResend = useMay('resendEmail');
  if (emails.isPending)
    return (
      <Loading what="failed emails">
        <Skeleton size="half" />
      </Loading>
    );
  if (emails.data === undefined) return <FailedState error={emails.error} onRetry={() => emails.refetch()} />;
  const items = emails.data.pages.flatMap((page) => page.items);
  const resends = mayResend ? resendsOf(items) : [];
  const count = resends.length === 1 ? '1 email is' : `${resends.length} emails are`;
  return (
    <>
      {items.length === 0 ? <AllClear text="No email has failed." /> : null}
      <RetryAll
        label="Send all once more"
        effect={`${count} sent once more, each to the address that its order has now.`}
        items={resends}
      />
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
      {email.orderId === null ? null : <ActHere orderId={email.orderId} code={email.code ?? ''} kind="emails" />}
    </li>
  );
}
