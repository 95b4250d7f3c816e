/**
 * A confirmation in the browser's native modal dialog, which traps the focus, closes on Escape and restores the focus. It
 * stays open while the action runs and if it fails, and shows the error.
 */
import { type ReactNode, type SubmitEvent, useEffectEvent, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { ErrorNotice } from './notice.tsx';

interface DialogProps {
  title: string;
  /** The text of the confirming button. */
  confirm: string;
  /** The button's text while the action runs. */
  working: string;
  dangerous?: boolean;
  isWorking: boolean;
  error: unknown;
  onConfirm: (form: FormData) => void;
  /** Receives the form when the dialog opens and after each change of a field. */
  onFields?: (form: HTMLFormElement, reason: 'opened' | 'changed') => void;
  onClose: () => void;
  children: ReactNode;
}

export function Dialog(props: DialogProps) {
  const {
    title,
    confirm,
    working,
    dangerous = false,
    isWorking,
    error,
    onConfirm,
    onFields,
    onClose,
    children,
  } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const titleId = useId();
  // In a layout effect: once the element is removed, the browser can no longer restore the focus.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      keepFocus();
    };
  }, []);
  const onOpened = useEffectEvent(() => {
    if (form.current) onFields?.(form.current, 'opened');
  });
  useLayoutEffect(() => onOpened(), []);
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
      <form ref={form} onSubmit={submit} onChange={(event) => onFields?.(event.currentTarget, 'changed')}>
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

/** The button that opened the dialog may have been removed by the action; the focus must go elsewhere then. */
function keepFocus(): void {
  if (document.activeElement === null || document.activeElement === document.body)
    document.querySelector<HTMLElement>('main h1')?.focus();
}
