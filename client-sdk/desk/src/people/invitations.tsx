/** Invitations by email that are neither accepted nor withdrawn, and the form for a new one. */
import type { StaffInvitation } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { ROLE_WORDS } from '../ui/words.ts';
import { RoleField, roleOf } from './role-field.tsx';

export function InvitePerson({ onDone }: { onDone: () => void }) {
  return (
    <ConfirmAction
      label="Invite"
      title="Who joins the staff?"
      working="Sending…"
      act={(form, key) =>
        client.admin.invite.mutate({ email: String(form.get('email') ?? '').trim(), role: roleOf(form), key })
      }
      done={({ email }) => `An invitation is on its way to ${email}.`}
      onDone={onDone}
    >
      <TextField
        label="Email"
        name="email"
        type="email"
        required
        autoComplete="off"
        hint="They get a link with which they choose a password."
      />
      <RoleField />
    </ConfirmAction>
  );
}

export function Invitations({ of, onDone }: { of: readonly StaffInvitation[]; onDone: () => void }) {
  if (of.length === 0) return null;
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">Invited</h2>
      <ul className="order-list people-list">
        {of.map(({ email, role, sentAt, expiresAt }) => (
          <li key={email} className="order-row panel">
            <div>
              <p className="order-row-code">
                <bdi>{email}</bdi>
              </p>
              <p className="faint">
                Sent <Instant at={sentAt} />, works until <Instant at={expiresAt} />
              </p>
            </div>
            <span className="badge">{ROLE_WORDS[role]}</span>
            <ConfirmAction
              label="Withdraw"
              about={`the invitation of ${email}`}
              title={`Withdraw the invitation of ${email}?`}
              working="Withdrawing…"
              dangerous
              act={() => client.admin.withdrawInvitation.mutate({ email })}
              done={`The invitation of ${email} works no more.`}
              onDone={onDone}
            >
              <p>The link in the email stops working. You can invite the person again.</p>
            </ConfirmAction>
          </li>
        ))}
      </ul>
    </section>
  );
}
