/** Checks of sign-in and registration forms. They spare a round trip; the server's rules decide. */
import type { FieldErrors } from './errors.ts';

export interface Credentials {
  /** Empty when signing in. */
  name: string;
  email: string;
  /** Not trimmed: spaces are part of it. */
  password: string;
}

/** Equal to the server's limit. */
const MIN_PASSWORD_LENGTH = 10;

/** The form's credentials, or their errors by field. The length of a password is checked only at registration. */
export function readCredentials(
  form: FormData,
  isNew: boolean,
): { credentials: Credentials } | { errors: FieldErrors } {
  const name = String(form.get('name') ?? '').trim();
  const email = readEmail(form);
  const password = isNew ? readNewPassword(form) : readPassword(form, 'password');
  const errors = {
    ...(isNew && name === '' ? { name: 'Enter your name.' } : {}),
    ...('errors' in email ? email.errors : {}),
    ...('errors' in password ? password.errors : {}),
  };
  if ('errors' in email || 'errors' in password || Object.keys(errors).length > 0) return { errors };
  return { credentials: { name, email: email.value, password: password.value } };
}

type Read = { value: string } | { errors: FieldErrors };

export function readEmail(form: FormData): Read {
  const email = String(form.get('email') ?? '').trim();
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) return { errors: { email: 'Enter your email address, like ada@example.com.' } };
  return { value: email };
}

export function readPassword(form: FormData, name: string): Read {
  const password = String(form.get(name) ?? '');
  return password === '' ? { errors: { [name]: 'Enter your password.' } } : { value: password };
}

/** The field is called `password`. */
export function readNewPassword(form: FormData): Read {
  const password = String(form.get('password') ?? '');
  if (password === '') return { errors: { password: 'Choose a password.' } };
  // As the server counts: characters, not units.
  if (Array.from(password.normalize('NFKC')).length < MIN_PASSWORD_LENGTH)
    return { errors: { password: `Choose a longer password, of at least ${MIN_PASSWORD_LENGTH} characters.` } };
  return { value: password };
}
