/** For a shop whose accounts an outside issuer keeps: in place of a page about passwords or emailed links. */
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { OutsideSignIn } from '../../../../parts/sign-in/outside-sign-in.tsx';
import type { useIssuer } from '../../../../parts/sign-in/sign-in-form.tsx';

interface KeptElsewhereProps {
  title: string;
  issuer: NonNullable<ReturnType<typeof useIssuer>>;
}

export function KeptElsewhere({ title, issuer }: KeptElsewhereProps) {
  return (
    <div className="page page-form">
      <PageTitle title={title} />
      <p className="lead">
        Accounts of this shop are at <bdi>{new URL(issuer.issuer).host}</bdi>. Passwords and email addresses are kept
        there, not by this shop.
      </p>
      <OutsideSignIn issuer={issuer} keepsPage={false} />
    </div>
  );
}
