import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../../../../parts/data/client.ts';
import { useLinkToken } from '../../../../parts/data/link-token.ts';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { useIssuer } from '../../../../parts/sign-in/sign-in-form.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { EmptyState } from '../../../../parts/ui/empty-state.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { KeptElsewhere } from './kept-elsewhere.tsx';

/** Opened by the link in an email. A press confirms, because programs that look for harmful links open them as well. */
export function VerifyEmailPage() {
  const issuer = useIssuer();
  return issuer === null ? <ConfirmAddress /> : <KeptElsewhere title="Confirm your email address" issuer={issuer} />;
}

function ConfirmAddress() {
  const token = useLinkToken();
  const queryClient = useQueryClient();
  const verify = useMutation({
    mutationFn: () => client.auth.verifyEmail.mutate({ token: token ?? '' }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['account'] }),
  });
  if (verify.isSuccess)
    return (
      <div className="page">
        <PageTitle title="Your email address is confirmed" className="visually-hidden" />
        <EmptyState icon="check" title="Your email address is confirmed">
          <p>
            News of your orders reach you at <bdi>{verify.data.email}</bdi>.
          </p>
          <ButtonLink to="/">Go to the shop</ButtonLink>
        </EmptyState>
      </div>
    );
  return (
    <div className="page page-form">
      <PageTitle title="Confirm your email address" />
      <div className="panel form">
        {verify.isError ? <ErrorNotice error={verify.error} /> : null}
        {token === null || verify.isError ? (
          <p>If the link is too old, your account’s page sends you another one.</p>
        ) : (
          <p>Press the button to confirm that this address is yours.</p>
        )}
        {token === null ? null : (
          <Button wide busy={verify.isPending && 'Confirming…'} onClick={() => verify.mutate()}>
            Confirm my address
          </Button>
        )}
        <ButtonLink to="/account" look="secondary" wide>
          Your account
        </ButtonLink>
      </div>
    </div>
  );
}
