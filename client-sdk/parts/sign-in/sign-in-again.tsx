/**
 * Over a page whose session has ended: its owner signs in again, and the page goes on with all that was typed. A modal dialog,
 * because the page may have one open itself.
 */
import { useId, useLayoutEffect, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { FieldScope } from '../ui/field.tsx';
import { ForgotInOtherTab, SignInForm } from './sign-in-form.tsx';

export function SignInAgain({ email, onLeave }: { email: string; onLeave: () => void }) {
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
        <SignInForm mode="sign-in" email={email} keepsPage forgot={<ForgotInOtherTab />} />
      </FieldScope>
      <Button look="quiet" onClick={onLeave}>
        Leave this page
      </Button>
    </dialog>
  );
}
