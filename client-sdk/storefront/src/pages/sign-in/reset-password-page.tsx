import { isOrdersError } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { client } from '../../../../parts/data/client.ts';
import { readNewPassword } from '../../../../parts/data/credentials.ts';
import { useLinkToken } from '../../../../parts/data/link-token.ts';
import { startSession } from '../../../../parts/data/session.ts';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { useCheckedForm } from '../../../../parts/sign-in/checked-form.ts';
import { PASSWORD_HINT, useIssuer } from '../../../../parts/sign-in/sign-in-form.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { EmptyState } from '../../../../parts/ui/empty-state.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { PasswordField } from '../../../../parts/ui/password-field.tsx';
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
  const { form, errors, check, isSaidByFields } = useCheckedForm(reset.error);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (reset.isPending) return;
    const password = check(readNewPassword(new FormData(event.currentTarget)));
    if (password !== null) reset.mutate(password);
  };
  if (token === null || (isOrdersError(reset.error, 'INVALID_INPUT') && errors.token !== undefined))
    return <SpentLink title={TITLE} />;
  return (
    <div className="page page-form">
      <PageTitle title={TITLE} />
      <p className="lead">You are signed in with it here, and signed out everywhere else.</p>
      <form ref={form} className="panel form" onSubmit={submit} noValidate>
        {reset.isError && !isSaidByFields ? <ErrorNotice error={reset.error} /> : null}
        <PasswordField
          label="New password"
          name="password"
          autoComplete="new-password"
          hint={PASSWORD_HINT}
          error={errors.password}
        />
        <Button type="submit" wide busy={reset.isPending && 'Setting it…'}>
          Set this password
        </Button>
      </form>
    </div>
  );
}

function SpentLink({ title }: { title: string }) {
  return (
    <div className="page">
      <PageTitle title={title} className="visually-hidden" />
      <EmptyState icon="clock" title="This link works no more">
        <p>Each link works once, and not for long. We can send you another one.</p>
        <ButtonLink to="/forgot-password">Get a new link</ButtonLink>
      </EmptyState>
    </div>
  );
}
