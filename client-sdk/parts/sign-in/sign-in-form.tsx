import { isOrdersError, type Session } from '@orders-module/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { client } from '../data/client.ts';
import { type Credentials, readCredentials } from '../data/credentials.ts';
import { type FieldErrors, fieldErrorsOf } from '../data/errors.ts';
import { startSession } from '../data/session.ts';
import { shopQuery } from '../data/shop.ts';
import { Button } from '../ui/button.tsx';
import { focusFirstInvalid, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { OutsideSignIn } from './outside-sign-in.tsx';

export type Mode = 'sign-in' | 'sign-up';

interface SignInFormProps {
  mode: Mode;
  /** Filled in at first. */
  email?: string;
  /** Called before the request. `onSignedIn` gets its result. */
  onSubmit?: () => string;
  onSignedIn?: (session: Session, submitted: string | undefined) => void;
  /** The page stays as it is: links open in another tab. */
  keepsPage?: boolean;
  /** The way to a new password. */
  forgot?: ReactNode;
  /** For an address with which no account can be made, because it has one. */
  known?: ReactNode;
}

const BUTTONS = {
  'sign-in': { button: 'Sign in', working: 'Signing in…' },
  'sign-up': { button: 'Create account', working: 'Creating your account…' },
} as const;

/** The outside issuer that keeps the shop's accounts; null where the shop does, and until that is known. */
export const useIssuer = () => useQuery(shopQuery).data?.signIn ?? null;

export function SignInForm(props: SignInFormProps) {
  const issuer = useIssuer();
  return issuer === null ? (
    <PasswordSignIn {...props} />
  ) : (
    <OutsideSignIn issuer={issuer} keepsPage={props.keepsPage ?? false} />
  );
}

function PasswordSignIn({ mode, email = '', onSubmit, onSignedIn, forgot, known }: SignInFormProps) {
  const { button, working } = BUTTONS[mode];
  const isNew = mode === 'sign-up';
  const form = useRef<HTMLFormElement>(null);
  const enter = useMutation({
    meta: { signsIn: true },
    onMutate: () => onSubmit?.(),
    mutationFn: ({ name, ...credentials }: Credentials) =>
      isNew ? client.auth.register.mutate({ ...credentials, name }) : client.auth.login.mutate(credentials),
    onSuccess: (session, _credentials, submitted) => {
      startSession(session);
      onSignedIn?.(session, submitted);
    },
  });
  const [ownErrors, setOwnErrors] = useState<FieldErrors>({});
  useEffect(() => {
    if (enter.isError || Object.keys(ownErrors).length > 0) focusFirstInvalid(form.current);
  }, [enter.isError, ownErrors]);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (enter.isPending) return;
    const read = readCredentials(new FormData(event.currentTarget), isNew);
    setOwnErrors('errors' in read ? read.errors : {});
    if ('credentials' in read) enter.mutate(read.credentials);
  };
  const errors = { ...fieldErrorsOf(enter.error), ...ownErrors };
  const isSaidByFields = isOrdersError(enter.error, 'INVALID_INPUT') && Object.keys(errors).length > 0;
  return (
    <form ref={form} className="panel form" onSubmit={submit} noValidate>
      {enter.isError && !isSaidByFields ? <ErrorNotice error={enter.error} ofSignIn /> : null}
      {isNew ? (
        <TextField label="Your name" name="name" autoComplete="name" required maxLength={100} error={errors.name} />
      ) : null}
      <EmailField email={email} error={errors.email} />
      {isNew && fieldErrorsOf(enter.error).email !== undefined ? known : null}
      <PasswordField
        label="Password"
        name="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        hint={isNew ? PASSWORD_HINT : undefined}
        error={errors.password}
      />
      <Button type="submit" wide busy={enter.isPending && working}>
        {button}
      </Button>
      {isNew || forgot === undefined ? null : <p>{forgot}</p>}
    </form>
  );
}

export const PASSWORD_HINT = 'At least 10 characters. A short sentence is easy to remember and hard to guess.';

export function EmailField({ email, error }: { email?: string; error: string | undefined }) {
  return (
    <TextField
      label="Email"
      name="email"
      type="email"
      autoComplete="username"
      inputMode="email"
      required
      maxLength={254}
      defaultValue={email}
      error={error}
    />
  );
}

/** For a page that must stay as it is. */
export function ForgotInOtherTab() {
  return (
    <a href="/forgot-password" target="_blank" rel="noreferrer">
      Forgotten? Set a new one in another tab
    </a>
  );
}
