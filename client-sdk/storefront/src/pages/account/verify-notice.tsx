import type { Account } from '@orders-module/client';
import { Button } from '../../../../parts/ui/button.tsx';
import { ErrorNotice, Notice } from '../../../../parts/ui/notice.tsx';
import { useSendVerification } from '../../data/my-account.ts';

/** Nothing waits for it: an address that is not confirmed buys as well. */
export function VerifyNotice({ account: { emailVerified } }: { account: Pick<Account, 'emailVerified'> }) {
  const send = useSendVerification();
  if (emailVerified) return null;
  return (
    <Notice tone="info" title="Confirm your email address">
      <p>Open the link in our email, so that news of your orders and a forgotten password reach you.</p>
      {send.isError ? <ErrorNotice error={send.error} /> : null}
      {send.isSuccess ? (
        <p role="status">
          {send.data.sent
            ? 'Another email with the link is on its way.'
            : 'We have sent the link a moment ago. Look in the folder for unwanted mail, too.'}
        </p>
      ) : (
        <Button look="secondary" busy={send.isPending && 'Sending…'} onClick={() => send.mutate()}>
          Send the link again
        </Button>
      )}
    </Notice>
  );
}
