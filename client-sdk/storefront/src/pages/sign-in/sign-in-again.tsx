/**
 * Over a page whose session has ended: its owner signs in again, and the page goes on with all that was typed. A modal dialog,
 * because the page may have one open itself.
 */
import { useId, useLayoutEffect, useRef } from 'react';
import { endSession } from '../../../../parts/data/session.ts';
import { SignInForm } from '../../../../parts/sign-in/sign-in-form.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { FieldScope } from '../../../../parts/ui/field.tsx';
import { navigate } from '../../app/router.tsx';

const leave = () => {
  navigate('/');
  endSession();
};

export function SignInAgain({ email }: { email: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>('input[name="password"]')?.focus();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sign-in-again"
      aria-labelledby={titleId}
      onCancel={(event) => event.preventDefault()}
    >
      <h2 id={titleId}>Sign in</h2>
      <p>Your session has ended. Sign in to go on: what you typed is still there.</p>
      <FieldScope value="again-">
        <SignInForm mode="sign-in" email={email} keepsPage />
      </FieldScope>
      <Button look="quiet" onClick={leave}>
        Leave this page
      </Button>
    </dialog>
  );
}
