/** What a person enters to sign in or up. The server's rules decide; these only spare a round trip. */
import type { FieldErrors } from './errors.ts';

export interface Credentials {
  /** Empty for signing in. */
  name: string;
  email: string;
  /** As typed: spaces belong to it. */
  password: string;
}

/** As the server has it. */
const SHORTEST_PASSWORD = 10;

/** The form's credentials, or what is wrong with them by field. A password that stands is not judged, only a new one. */
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
  else if (isNew && password.length < SHORTEST_PASSWORD) {
    errors.password = `Choose a longer password, of at least ${SHORTEST_PASSWORD} characters.`;
  }
  return Object.keys(errors).length > 0 ? { errors } : { credentials: { name, email, password } };
}
