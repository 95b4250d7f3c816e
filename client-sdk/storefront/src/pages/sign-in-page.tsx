/** Sign-in and registration, at their own addresses or in place of a page that needs a session. */
import { isOrdersError } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { PageTitle } from '../app/page-title.tsx';
import { Link, navigate, safePath } from '../app/router.tsx';
import { client } from '../data/client.ts';
import { type Credentials, readCredentials } from '../data/credentials.ts';
import { type FieldErrors, fieldErrorsOf } from '../data/errors.ts';
import { startSession } from '../data/session.ts';
import { Button } from '../parts/button.tsx';
import { focusFirstInvalid, TextField } from '../parts/field.tsx';
import { ErrorNotice } from '../parts/notice.tsx';

type Mode = 'sign-in' | 'sign-up';

interface SignInPageProps {
  mode: Mode;
  /** The path to open afterwards. */
  next: string | null;
  /** Shown in place of the page of this address, which appears after the sign-in without a navigation. */
  inPlace?: boolean;
}

const WORDS = {
  'sign-in': { title: 'Sign in', button: 'Sign in', working: 'Signing in…' },
  'sign-up': { title: 'Create your account', button: 'Create account', working: 'Creating your account…' },
} as const;

export function SignInPage({ mode, next, inPlace = false }: SignInPageProps) {
  const { title, button, working } = WORDS[mode];
  const form = useRef<HTMLFormElement>(null);
  const enter = useSignIn(mode, inPlace ? null : safePath(next));
  const [ownErrors, setOwnErrors] = useState<FieldErrors>({});
  useEffect(() => {
    if (enter.isError || Object.keys(ownErrors).length > 0) focusFirstInvalid(form.current);
  }, [enter.isError, ownErrors]);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (enter.isPending) return;
    const read = readCredentials(new FormData(event.currentTarget), mode === 'sign-up');
    setOwnErrors('errors' in read ? read.errors : {});
    if ('credentials' in read) enter.mutate(read.credentials);
  };
  const errors = { ...fieldErrorsOf(enter.error), ...ownErrors };
  const isSaidByFields = isOrdersError(enter.error, 'INVALID_INPUT') && Object.keys(errors).length > 0;
  return (
    <div className="page page-form">
      <PageTitle title={title} />
      <p className="lead">
        {inPlace ? 'Sign in to go on.' : 'To keep your cart and follow your orders.'}{' '}
        <OtherWay mode={mode} next={next} />
      </p>
      <form ref={form} className="panel form" onSubmit={submit} noValidate>
        {enter.isError && !isSaidByFields ? <ErrorNotice error={enter.error} /> : null}
        {mode === 'sign-up' ? <NameField error={errors.name} /> : null}
        <AccountFields mode={mode} errors={errors} />
        <Button type="submit" wide busy={enter.isPending && working}>
          {button}
        </Button>
      </form>
    </div>
  );
}

/** Signs in or registers, then opens `next`, or stays if it is null. */
function useSignIn(mode: Mode, next: string | null) {
  return useMutation({
    meta: { signsIn: true },
    onMutate: () => window.location.href,
    mutationFn: ({ name, email, password }: Credentials) =>
      mode === 'sign-in'
        ? client.auth.login.mutate({ email, password })
        : client.auth.register.mutate({ email, password, name }),
    onSuccess: (session, _credentials, from) => {
      startSession(session);
      // The header's links work as soon as the session begins: a page that was opened meanwhile stays.
      if (next !== null && window.location.href === from) navigate(next, { replace: true });
    },
  });
}

function OtherWay({ mode, next }: Pick<SignInPageProps, 'mode' | 'next'>) {
  const after = encodeURIComponent(next ?? window.location.pathname + window.location.search);
  return mode === 'sign-in' ? (
    <>
      New here? <Link to={`/sign-up?next=${after}`}>Create an account</Link>
    </>
  ) : (
    <>
      Have one? <Link to={`/sign-in?next=${after}`}>Sign in</Link>
    </>
  );
}

function NameField({ error }: { error: string | undefined }) {
  return <TextField label="Your name" name="name" autoComplete="name" required maxLength={100} error={error} />;
}

function AccountFields({ mode, errors }: { mode: Mode; errors: FieldErrors }) {
  const isNew = mode === 'sign-up';
  return (
    <>
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        required
        maxLength={254}
        error={errors.email}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
        maxLength={128}
        hint={isNew ? 'At least 10 characters. A short sentence is easy to remember and hard to guess.' : undefined}
        error={errors.password}
      />
    </>
  );
}
