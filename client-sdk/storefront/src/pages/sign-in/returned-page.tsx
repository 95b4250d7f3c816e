/** An order's address without a session, as after paying in another app's browser: the state of the payment, then the sign-in. */
import { PaymentState, useReturnedPayment } from './payment-state.tsx';
import { SignInPage } from './sign-in-page.tsx';

export function ReturnedPage({ id }: { id: string }) {
  const returned = useReturnedPayment(id);
  return (
    <>
      {returned ? <PaymentState of={returned} next="Sign in to see the order." /> : null}
      <SignInPage mode="sign-in" inPlace next={null} />
    </>
  );
}
