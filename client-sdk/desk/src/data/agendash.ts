import { FormError } from '../../../parts/data/errors.ts';
import { currentSession } from '../../../parts/data/session.ts';

/** Opens Agendash in this tab with the session of this page. */
export async function openJobs(): Promise<void> {
  const reply = await fetch('/agendash/sign-in', {
    method: 'POST',
    headers: { authorization: `Bearer ${currentSession()?.token ?? ''}` },
  });
  if (!reply.ok) throw new FormError('The jobs cannot be opened with this account. Sign in again, then try once more.');
  window.location.assign('/agendash/');
}
