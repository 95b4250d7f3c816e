/** Opened by the link in the email of an invitation: becomes a member of staff and signs in. */
import { isOrdersError } from '@orders-module/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '../../../parts/data/client.ts';
import { readNewPassword } from '../../../parts/data/credentials.ts';
import { useLinkToken } from '../../../parts/data/link-token.ts';
import { startSession } from '../../../parts/data/session.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import type { Checked } from '../../../parts/sign-in/checked-form.ts';
import { isSpent, NewPasswordForm, SpentLink } from '../../../parts/sign-in/new-password-form.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { TextField } from '../../../parts/ui/field.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { ROLE_WORDS } from '../ui/words.ts';

export function InvitationPage() {
  const token = useLinkToken();
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => client.auth.invitation.mutate({ token: token ?? '' }),
    enabled: token !== null,
    retry: false,
  });
  if (token === null || isOrdersError(invitation.error, 'INVALID_INPUT')) return <SpentInvitation />;
  if (invitation.isPending)
    return (
      <Loading what="the invitation">
        <Skeleton size="block" />
      </Loading>
    );
  if (invitation.data === undefined)
    return <FailedState error={invitation.error} onRetry={() => invitation.refetch()} />;
  return <Acceptance token={token} invitation={invitation.data} />;
}

type Invitation = Awaited<ReturnType<typeof client.auth.invitation.mutate>>;

function Acceptance({ token, invitation }: { token: string; invitation: Invitation }) {
  const { email, role, shopName, hasAccount } = invitation;
  const navigate = useNavigate();
  const accept = useMutation({
    meta: { signsIn: true },
    mutationFn: (input: { name: string; password: string }) => client.auth.acceptInvitation.mutate({ token, ...input }),
    onSuccess: (session) => {
      startSession(session);
      void navigate({ to: '/', replace: true });
    },
  });
  if (isSpent(accept.error)) return <SpentInvitation />;
  return (
    <div className="page page-form">
      <PageTitle title="Join the staff">
        Join <bdi>{shopName}</bdi>
      </PageTitle>
      <p className="lead">
        You are invited as <strong>{ROLE_WORDS[role]}</strong>, with the address <bdi>{email}</bdi>.
      </p>
      <NewPasswordForm
        sending={accept}
        read={(form) => readAcceptance(form, email, hasAccount)}
        label="Choose a password"
        confirm="Accept the invitation"
        working="Joining…"
      >
        {(errors) =>
          hasAccount ? (
            <p>You have an account in this shop already. The password that you choose here replaces its present one.</p>
          ) : (
            <TextField label="Your name" name="name" autoComplete="name" required maxLength={100} error={errors.name} />
          )
        }
      </NewPasswordForm>
    </div>
  );
}

/** An account keeps its name; the shop takes any name for it. */
function readAcceptance(
  form: FormData,
  email: string,
  hasAccount: boolean,
): Checked<{ name: string; password: string }> {
  const name = hasAccount ? email : String(form.get('name') ?? '').trim();
  const password = readNewPassword(form);
  const errors = {
    ...(name === '' ? { name: 'Enter your name.' } : {}),
    ...('errors' in password ? password.errors : {}),
  };
  return 'value' in password && name !== '' ? { value: { name, password: password.value } } : { errors };
}

function SpentInvitation() {
  return (
    <SpentLink title="Invitation" what="This invitation">
      <p>Each works once, and not for long. Ask the owner of the shop for another one.</p>
      <a className="button button-primary" href="/desk">
        Sign in
      </a>
    </SpentLink>
  );
}
