import { isOrdersError } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { PageTitle } from '../../app/page-title.tsx';
import { navigate } from '../../app/router.tsx';
import { client } from '../../data/client.ts';
import { readNewPassword } from '../../data/credentials.ts';
import { useLinkToken } from '../../data/link-token.ts';
import { startSession } from '../../data/session.ts';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { useCheckedForm } from './checked-form.ts';
import { PASSWORD_HINT } from './sign-in-form.tsx';

/** Opened by the link in an email. */
export function ResetPasswordPage() {
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
    return <SpentLink title="Set a new password" />;
  return (
    <div className="page page-form">
      <PageTitle title="Set a new password" />
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
