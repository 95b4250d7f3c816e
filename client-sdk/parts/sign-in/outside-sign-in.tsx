import { useMutation } from '@tanstack/react-query';
import type { Issuer } from '../data/outside-issuer.ts';
import { safePath } from '../page/safe-path.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/notice.tsx';

interface OutsideSignInProps {
  issuer: Issuer;
  /** The page stays as it is: the sign-in opens in another tab, whose session all tabs have. */
  keepsPage: boolean;
}

/** Pages without a use after the sign-in. */
const NOT_AFTERWARDS = /^\/(sign-in|sign-up|signed-in|forgot-password|reset-password|verify-email)$/;

/** For a shop whose accounts are kept by an outside issuer: the password is typed on its page. */
export function OutsideSignIn({ issuer, keepsPage }: OutsideSignInProps) {
  const leave = useMutation({
    mutationFn: async () => {
      const { leaveForIssuer } = await import('../data/outside-issuer.ts');
      const { pathname, search } = window.location;
      const next = NOT_AFTERWARDS.test(pathname)
        ? safePath(new URLSearchParams(search).get('next'))
        : pathname + search;
      await leaveForIssuer(issuer, next);
    },
  });
  return (
    <div className="panel form">
      {leave.isError ? <ErrorNotice error={leave.error} /> : null}
      <p>
        You sign in, or create your account, at <bdi>{new URL(issuer.issuer).host}</bdi>
        {keepsPage ? ', in another tab. Then come back to this one.' : ', and come back here.'}
      </p>
      {keepsPage ? (
        <a className="button button-primary button-wide" href="/sign-in" target="_blank" rel="noreferrer">
          Sign in
        </a>
      ) : (
        <Button wide busy={(leave.isPending || leave.isSuccess) && 'Opening…'} onClick={() => leave.mutate()}>
          Sign in
        </Button>
      )}
    </div>
  );
}
