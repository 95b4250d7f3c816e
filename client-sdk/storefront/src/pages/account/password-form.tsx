import type { SubmitEvent } from 'react';
import { readNewPassword, readPassword } from '../../../../parts/data/credentials.ts';
import { type Checked, useCheckedForm } from '../../../../parts/sign-in/checked-form.ts';
import { PASSWORD_HINT } from '../../../../parts/sign-in/sign-in-form.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { FieldScope } from '../../../../parts/ui/field.tsx';
import { ErrorNotice, Notice } from '../../../../parts/ui/notice.tsx';
import { PasswordField } from '../../../../parts/ui/password-field.tsx';
import { useChangePassword } from '../../data/my-account.ts';

export function PasswordForm({ email }: { email: string }) {
  const change = useChangePassword();
  const { form, errors, check, isSaidByFields } = useCheckedForm(change.error);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (change.isPending) return;
    const passwords = check(readPasswords(new FormData(event.currentTarget)));
    if (passwords !== null) change.mutate(passwords, { onSuccess: () => form.current?.reset() });
  };
  return (
    <section aria-labelledby="password">
      <FieldScope value="change-">
        <form ref={form} className="panel form" onSubmit={submit} noValidate>
          <h2 id="password">Your password</h2>
          {change.isError && !isSaidByFields ? <ErrorNotice error={change.error} /> : null}
          {change.isSuccess ? (
            <Notice tone="good" role="status" title="Your password is changed">
              <p>You are signed out everywhere else.</p>
            </Notice>
          ) : null}
          {/* For programs that keep passwords: whose it is. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <PasswordField
            label="Current password"
            name="currentPassword"
            autoComplete="current-password"
            error={errors.currentPassword}
          />
          <PasswordField
            label="New password"
            name="password"
            autoComplete="new-password"
            hint={PASSWORD_HINT}
            error={errors.password}
          />
          <Button type="submit" look="secondary" busy={change.isPending && 'Changing it…'}>
            Change your password
          </Button>
        </form>
      </FieldScope>
    </section>
  );
}

function readPasswords(form: FormData): Checked<{ currentPassword: string; password: string }> {
  const current = readPassword(form, 'currentPassword');
  const next = readNewPassword(form);
  if ('value' in current && 'value' in next) return { value: { currentPassword: current.value, password: next.value } };
  return { errors: { ...('errors' in current ? current.errors : {}), ...('errors' in next ? next.errors : {}) } };
}
