import type { Account } from '@orders-module/client';
import { useSignOut } from '../../../parts/data/account.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';

/** A customer has come to the desk's address. */
export function NotStaffPage({ account: { email } }: { account: Account }) {
  const signOut = useSignOut({ everywhere: false, onLeaving: () => undefined });
  return (
    <div className="page page-form">
      <PageTitle title="This page is for staff" />
      <p className="lead">
        You are signed in as <bdi>{email}</bdi>, which is a customer’s account.
      </p>
      <div className="actions">
        <a className="button button-primary" href="/">
          To the shop
        </a>
        <Button look="secondary" busy={signOut.isPending && 'Signing out…'} onClick={() => signOut.mutate()}>
          Sign in as somebody else
        </Button>
      </div>
    </div>
  );
}
