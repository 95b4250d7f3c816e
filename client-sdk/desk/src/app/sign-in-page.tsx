import { PageTitle } from '../../../parts/page/page-title.tsx';
import { ForgotInOtherTab, SignInForm } from '../../../parts/sign-in/sign-in-form.tsx';

/** In place of the page of this address, which appears after the sign-in without a navigation. */
export function SignInPage() {
  return (
    <div className="page page-form">
      <PageTitle title="Sign in" />
      <p className="lead">For the people who run this shop.</p>
      <SignInForm mode="sign-in" forgot={<ForgotInOtherTab />} />
    </div>
  );
}
