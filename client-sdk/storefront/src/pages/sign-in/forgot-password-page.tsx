import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { client } from '../../../../parts/data/client.ts';
import { readEmail } from '../../../../parts/data/credentials.ts';
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { useCheckedForm } from '../../../../parts/sign-in/checked-form.ts';
import { EmailField, useIssuer } from '../../../../parts/sign-in/sign-in-form.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { ErrorNotice, Notice } from '../../../../parts/ui/notice.tsx';
import { Link } from '../../app/router.tsx';
import { KeptElsewhere } from './kept-elsewhere.tsx';

const TITLE = 'Set a new password';

export function ForgotPasswordPage() {
  const issuer = useIssuer();
  return issuer === null ? <AskForLink /> : <KeptElsewhere title={TITLE} issuer={issuer} />;
}

function AskForLink() {
  const ask = useMutation({ mutationFn: (email: string) => client.auth.forgotPassword.mutate({ email }) });
  const { form, errors, check, isSaidByFields } = useCheckedForm(ask.error);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (ask.isPending) return;
    const email = check(readEmail(new FormData(event.currentTarget)));
    if (email !== null) ask.mutate(email);
  };
  return (
    <div className="page page-form">
      <PageTitle title={TITLE} />
      <p className="lead">We send you a link by email. It opens a page where you choose a new password.</p>
      <form ref={form} className="panel form" onSubmit={submit} noValidate>
        {ask.isError && !isSaidByFields ? <ErrorNotice error={ask.error} /> : null}
        {ask.isSuccess ? <Sent email={ask.variables} minutes={ask.data.validMinutes} /> : null}
        <EmailField error={errors.email} />
        <Button type="submit" wide busy={ask.isPending && 'Sending…'}>
          Send me the link
        </Button>
        <p>
          <Link to="/sign-in">Back to sign-in</Link>
        </p>
      </form>
    </div>
  );
}

function Sent({ email, minutes }: { email: string; minutes: number }) {
  return (
    <Notice tone="good" role="status" title="Look at your emails">
      <p>
        If <bdi>{email}</bdi> has an account here, a link is on its way. It works for {minutes} minutes. If nothing
        comes, look in the folder for unwanted mail, or try another address.
      </p>
    </Notice>
  );
}
