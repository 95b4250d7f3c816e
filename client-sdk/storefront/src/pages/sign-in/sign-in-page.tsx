/** Sign-in and registration, at their own addresses or in place of a page that needs a session. */
import { PageTitle } from '../../../../parts/page/page-title.tsx';
import { safePath } from '../../../../parts/page/safe-path.ts';
import { type Mode, SignInForm } from '../../../../parts/sign-in/sign-in-form.tsx';
import { Link, navigate } from '../../app/router.tsx';

interface SignInPageProps {
  mode: Mode;
  /** The path to open afterwards. */
  next: string | null;
  /** Shown in place of the page of this address, which appears after the sign-in without a navigation. */
  inPlace?: boolean;
}

const TITLES = { 'sign-in': 'Sign in', 'sign-up': 'Create your account' } as const;

export function SignInPage({ mode, next, inPlace = false }: SignInPageProps) {
  return (
    <div className="page page-form">
      <PageTitle title={TITLES[mode]} />
      <p className="lead">
        {inPlace ? 'Sign in to go on.' : 'To keep your cart and follow your orders.'}{' '}
        <OtherWay mode={mode} next={next} />
      </p>
      <SignInForm
        mode={mode}
        forgot={<Link to="/forgot-password">Forgotten? Set a new one</Link>}
        known={<KnownAddress next={next} />}
        onSubmit={() => window.location.href}
        onSignedIn={(_session, from) => {
          // The header's links work as soon as the session begins: a page that was opened meanwhile stays.
          if (!inPlace && window.location.href === from) navigate(safePath(next), { replace: true });
        }}
      />
    </div>
  );
}

const hereAfter = (next: string | null) =>
  encodeURIComponent(next ?? window.location.pathname + window.location.search);

function KnownAddress({ next }: Pick<SignInPageProps, 'next'>) {
  return (
    <p>
      Have you been here before? <Link to={`/sign-in?next=${hereAfter(next)}`}>Sign in</Link>, or{' '}
      <Link to="/forgot-password">set a new password</Link>.
    </p>
  );
}

function OtherWay({ mode, next }: Pick<SignInPageProps, 'mode' | 'next'>) {
  const after = hereAfter(next);
  return mode === 'sign-in' ? (
    <>
      New here? <Link to={`/sign-up?next=${after}`}>Create an account</Link>
    </>
  ) : (
    <>
      Have one? <Link to={`/sign-in?next=${after}`}>Sign in</Link>
    </>
  );
}
