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
  const email = String(form.get('email') ?? '').trim();
  const password = String(form.get('password') ?? '');
  const errors: Record<string, string> = {};
  if (isNew && name === '') errors.name = 'Enter your name.';
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) errors.email = 'Enter your email address, like ada@example.com.';
  if (password === '') errors.password = isNew ? 'Choose a password.' : 'Enter your password.';
  else if (isNew && password.length < MIN_PASSWORD_LENGTH) {
    errors.password = `Choose a longer password, of at least ${MIN_PASSWORD_LENGTH} characters.`;
  }
  return Object.keys(errors).length > 0 ? { errors } : { credentials: { name, email, password } };
}
