/** A button for one staff action, its confirmation dialog with the fields of the action, and its outcome. */
import type { StaffOrder } from '@orders-module/client';
import { type ReactNode, useState } from 'react';
import { type LoadPreview, useActionPreview } from '../../data/action-preview.ts';
import { useStaffAction } from '../../data/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ActionEffects } from './action-effects.tsx';

export interface StaffActionProps {
  orderId: string;
  /** The text of the button on the page and of the dialog's confirmation. */
  label: string;
  /** For screen readers: distinguishes several buttons with the same label. */
  about?: string;
  title: string;
  working: string;
  dangerous?: boolean;
  /** False: no button, but an open dialog stays, so that the outcome of its action can still be read. */
  offered: boolean;
  /** Loads the effects of the action for the fields of the dialog. */
  preview?: LoadPreview;
  /** Receives the fields of the dialog, and the digest of the preview that was shown. */
  act: (form: FormData, shown: { expect?: string }) => Promise<StaffOrder>;
  /** The outcome to show after a success. */
  done: string;
  onDone: (outcome: string) => void;
  children: ReactNode;
}

export function StaffAction(props: StaffActionProps) {
  const { orderId, label, about, title, working, dangerous = false, offered, act, done, onDone, children } = props;
  const { preview, follow, showOutdated } = useActionPreview(props.preview);
  const [isOpen, setIsOpen] = useState(false);
  const actAsShown = (form: FormData) => act(form, preview === null ? {} : { expect: preview.digest });
  const action = useStaffAction(orderId, actAsShown, {
    onDone: () => {
      setIsOpen(false);
      onDone(done);
    },
    onFailed: showOutdated,
  });
  const open = () => {
    action.reset();
    onDone('');
    setIsOpen(true);
  };
  return (
    <>
      {offered ? (
        <Button look={dangerous ? 'final' : 'secondary'} onClick={open}>
          {label}
          {about === undefined ? null : <span className="visually-hidden"> {about}</span>}
        </Button>
      ) : null}
      {isOpen ? (
        <Dialog
          title={title}
          confirm={label}
          working={working}
          dangerous={dangerous}
          isWorking={action.isPending}
          error={action.error}
          onConfirm={action.mutate}
          onFields={(form, reason) => follow(form, reason === 'opened' ? 0 : undefined)}
          onClose={() => setIsOpen(false)}
        >
          {children}
          {preview === null ? null : <ActionEffects preview={preview} />}
        </Dialog>
      ) : null}
    </>
  );
}
