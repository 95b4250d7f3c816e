/** The pages of links in emails that set a password: a forgotten one, or that of a new member of staff. */
import { isOrdersError } from '@orders-module/client';
import type { ReactNode, SubmitEvent } from 'react';
import { type FieldErrors, fieldErrorsOf } from '../data/errors.ts';
import { PageTitle } from '../page/page-title.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { type Checked, useCheckedForm } from './checked-form.ts';
import { PASSWORD_HINT } from './sign-in-form.tsx';

interface NewPasswordFormProps<T> {
  /** A mutation that signs in. */
  sending: { error: unknown; isPending: boolean; mutate: (input: T) => void };
  read: (form: FormData) => Checked<T>;
  label: string;
  confirm: string;
  working: string;
  /** The fields above the password. */
  children?: (errors: FieldErrors) => ReactNode;
}

export function NewPasswordForm<T>({ sending, read, label, confirm, working, children }: NewPasswordFormProps<T>) {
  const { error, isPending, mutate } = sending;
  const { form, errors, check, isSaidByFields } = useCheckedForm(error);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending) return;
    const input = check(read(new FormData(event.currentTarget)));
    if (input !== null) mutate(input);
  };
  return (
    <form ref={form} className="panel form" onSubmit={submit} noValidate>
      {error === null || isSaidByFields ? null : <ErrorNotice error={error} />}
      {children?.(errors)}
      <PasswordField
        label={label}
        name="password"
        autoComplete="new-password"
        hint={PASSWORD_HINT}
        error={errors.password}
      />
      <Button type="submit" wide busy={isPending && working}>
        {confirm}
      </Button>
    </form>
  );
}

/** The shop's answer to a link that was used before, or whose time is over. */
export function isSpent(error: unknown): boolean {
  return isOrdersError(error, 'INVALID_INPUT') && fieldErrorsOf(error).token !== undefined;
}

/** In place of the form. `title`: of the page; `children`: how to get another link. */
export function SpentLink({ title, what, children }: { title: string; what: string; children: ReactNode }) {
  return (
    <div className="page">
      <PageTitle title={title} className="visually-hidden" />
      <EmptyState icon="clock" title={`${what} works no more`}>
        {children}
      </EmptyState>
    </div>
  );
}
