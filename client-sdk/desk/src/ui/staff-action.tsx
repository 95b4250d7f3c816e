/** A button for one staff action, its confirmation dialog with the fields of the action, and its outcome. */
import { newActionKey, type StaffOrder } from '@orders-module/client';
import { type ReactNode, useState } from 'react';
import { type FieldErrors, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { type LoadPreview, useActionPreview } from '../data/action-preview.ts';
import { useStaffAction } from '../data/orders.ts';
import { ActionEffects } from './action-effects.tsx';
import { ActionShell, type ActionTexts } from './action-shell.tsx';

interface StaffActionProps extends ActionTexts {
  orderId: string;
  /** False: no button, but an open dialog stays, so that the outcome of its action can still be read. */
  offered: boolean;
  /** Loads the effects of the action for the fields of the dialog. */
  preview?: LoadPreview;
  /**
   * Receives the fields of the dialog, and the digest of the preview that was shown. The idempotency key stays the same
   * while the dialog is open.
   */
  act: (form: FormData, shown: { expect?: string }, key: string) => Promise<StaffOrder>;
  /** The outcome to show after a success. */
  done: string | ((order: StaffOrder) => string);
  onDone: (outcome: string) => void;
  /** A function receives the errors of the fields. */
  children: ReactNode | ((errors: FieldErrors) => ReactNode);
  /** Of the fields' paths in the input, like `address.`. */
  fieldPrefix?: string;
}

export function StaffAction(props: StaffActionProps) {
  const { orderId, offered, act, done, onDone, children } = props;
  const { preview, follow, showOutdated } = useActionPreview(props.preview);
  /** null while the dialog is closed. */
  const [key, setKey] = useState<string | null>(null);
  const actAsShown = (form: FormData) => act(form, preview === null ? {} : { expect: preview.digest }, key ?? '');
  const action = useStaffAction(orderId, actAsShown, {
    onDone: (order) => {
      setKey(null);
      onDone(typeof done === 'string' ? done : done(order));
    },
    onFailed: showOutdated,
  });
  const open = () => {
    action.reset();
    onDone('');
    setKey(newActionKey());
  };
  return (
    <ActionShell
      {...{ texts: props, offered, action, onOpen: open, onClose: () => setKey(null) }}
      isOpen={key !== null}
      onFields={(form, reason) => follow(form, reason === 'opened' ? 0 : undefined)}
    >
      {typeof children === 'function' ? children(fieldErrorsOf(action.error, props.fieldPrefix)) : children}
      {preview === null ? null : <ActionEffects preview={preview} />}
    </ActionShell>
  );
}
