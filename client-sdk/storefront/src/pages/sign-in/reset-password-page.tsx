import { useMutation } from '@tanstack/react-query';
import { client } from '../../../../parts/data/client.ts';
import { readNewPassword } from '../../../../parts/data/credentials.ts';
import { useLinkToken } from '../../../../parts/data/link-token.ts';
import { startSession } from '../../../../parts/data/session.ts';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { isSpent, NewPasswordForm, SpentLink } from '../../../../parts/sign-in/new-password-form.tsx';
import { useIssuer } from '../../../../parts/sign-in/sign-in-form.tsx';
import { navigate } from '../../app/router.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { KeptElsewhere } from './kept-elsewhere.tsx';

const TITLE = 'Set a new password';

/** Opened by the link in an email. */
export function ResetPasswordPage() {
  const issuer = useIssuer();
  return issuer === null ? <SetPassword /> : <KeptElsewhere title={TITLE} issuer={issuer} />;
}

function SetPassword() {
  const token = useLinkToken();
  const reset = useMutation({
    meta: { signsIn: true },
    mutationFn: (password: string) => client.auth.resetPassword.mutate({ token: token ?? '', password }),
    onSuccess: (session) => {
      startSession(session);
      navigate('/account', { replace: true });
    },
  });
  if (token === null || isSpent(reset.error))
    return (
      <SpentLink title={TITLE} what="This link">
        <p>Each link works once, and not for long. We can send you another one.</p>
        <ButtonLink to="/forgot-password">Get a new link</ButtonLink>
      </SpentLink>
    );
  return (
    <div className="page page-form">
      <PageTitle title={TITLE} />
      <p className="lead">You are signed in with it here, and signed out everywhere else.</p>
      <NewPasswordForm
        sending={reset}
        read={readNewPassword}
        label="New password"
        confirm="Set this password"
        working="Setting it…"
      />
    </div>
  );
}
