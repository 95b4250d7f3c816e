import type { Account } from '@orders-module/client';
import { useAccount, useSignOut } from '../../../../parts/data/account.ts';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { navigate } from '../../app/router.tsx';
import { PasswordForm } from './password-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SavedAddresses } from './saved-addresses.tsx';
import { Sessions } from './sessions.tsx';
import { VerifyNotice } from './verify-notice.tsx';

const ROLE_NAMES: Record<Account['role'], string | null> = {
  customer: null,
  owner: 'Owner of the shop',
  manager: 'Manager',
  support: 'Support',
  packer: 'Packer',
};

const showShop = () => navigate('/');

export function AccountPage() {
  const account = useAccount();
  if (account === null) return null;
  const role = ROLE_NAMES[account.role];
  return (
    <div className="page page-form account">
      <PageTitle title="Your account" />
      <VerifyNotice account={account} />
      <section className="panel form" aria-label="Who is signed in">
        <p>
          <strong>
            <bdi>{account.name}</bdi>
          </strong>
          <br />
          <bdi>{account.email}</bdi>
          {role === null ? null : (
            <>
              <br />
              <span className="faint">{role}</span>
            </>
          )}
        </p>
        <SignOut />
      </section>
      <ProfileForm account={account} />
      <SavedAddresses />
      {account.signsInHere ? (
        <>
          <PasswordForm email={account.email} />
          <Sessions />
        </>
      ) : null}
      <SignOutEverywhere />
    </div>
  );
}

function SignOut() {
  const signOut = useSignOut({ everywhere: false, onLeaving: showShop });
  return (
    <Button look="secondary" busy={signOut.isPending && 'Signing out…'} onClick={() => signOut.mutate()}>
      Sign out
    </Button>
  );
}

function SignOutEverywhere() {
  const signOut = useSignOut({ everywhere: true, onLeaving: showShop });
  return (
    <section className="panel form" aria-labelledby="everywhere">
      <div>
        <h2 id="everywhere">On every device</h2>
        <p className="faint">
          If you used a phone or a computer that is not yours, or lost one: this signs you out on all of them, here too.
        </p>
      </div>
      {signOut.isError ? <ErrorNotice error={signOut.error} /> : null}
      <Button look="secondary" busy={signOut.isPending && 'Signing out…'} onClick={() => signOut.mutate()}>
        Sign out everywhere
      </Button>
    </section>
  );
}
