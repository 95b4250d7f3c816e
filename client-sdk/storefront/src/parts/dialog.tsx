/**
 * A question before something is done: the browser's own modal dialog, which keeps the focus inside, closes by Escape and
 * gives the focus back. It stays open while the work runs and when it fails, and says why.
 */
import { type ReactNode, type SubmitEvent, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { ErrorNotice } from './notice.tsx';

interface DialogProps {
  title: string;
  /** The word on the button that does it. */
  confirm: string;
  /** What it says meanwhile. */
  working: string;
  dangerous?: boolean;
  isWorking: boolean;
  error: unknown;
  onConfirm: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog(props: DialogProps) {
  const { title, confirm, working, dangerous = false, isWorking, error, onConfirm, onClose, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the browser takes the element away and with it the way back to the button that opened it.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      keepFocus();
    };
  }, []);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isWorking) onConfirm(new FormData(event.currentTarget));
  };
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!isWorking) onClose();
      }}
    >
      <form onSubmit={submit}>
        <h2 id={titleId}>{title}</h2>
        <div className="dialog-body">{children}</div>
        {error === null ? null : <ErrorNotice error={error} ofChange />}
        <div className="dialog-actions">
          <Button look="secondary" onClick={onClose} disabled={isWorking}>
            Go back
          </Button>
          <Button type="submit" look={dangerous ? 'danger' : 'primary'} busy={isWorking ? working : false}>
            {confirm}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** The button that asked may be gone with what it did; the focus must not be. */
function keepFocus(): void {
  if (document.activeElement === null || document.activeElement === document.body)
    document.querySelector<HTMLElement>('main h1')?.focus();
}
