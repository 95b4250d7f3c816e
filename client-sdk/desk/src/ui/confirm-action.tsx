import { newActionKey } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { Dialog } from '../../../parts/ui/dialog.tsx';
import { sayOutcome } from '../app/outcomes.tsx';

interface ConfirmActionProps<T> {
  /** The text of the button on the page and of the dialog's confirmation. */
  label: string;
  /** For screen readers: distinguishes several buttons with the same label. */
  about?: string;
  title: string;
  working: string;
  dangerous?: boolean;
  /** The idempotency key stays the same while the dialog is open. */
  act: (form: FormData, key: string) => Promise<T>;
  done: string | ((result: T) => string);
  onDone: (result: T) => void;
  /** Receives the form when the dialog opens and after each change of a field. */
  onFields?: (form: HTMLFormElement) => void;
  onFailed?: (error: unknown) => void;
  children?: ReactNode | ((error: unknown) => ReactNode);
}

/** A button for an action that is not on an order, its confirmation dialog, and its outcome. */
export function ConfirmAction<T>(props: ConfirmActionProps<T>) {
  const { label, about, title, working, dangerous = false, act, done, onDone, onFields, onFailed, children } = props;
  /** null while the dialog is closed. */
  const [key, setKey] = useState<string | null>(null);
  const action = useMutation({
    mutationFn: (form: FormData) => act(form, key ?? ''),
    onSuccess: (result) => {
      setKey(null);
      onDone(result);
      sayOutcome(typeof done === 'string' ? done : done(result));
    },
    onError: (error) => onFailed?.(error),
  });
  const open = () => {
    action.reset();
    setKey(newActionKey());
  };
  return (
    <>
      <Button look={dangerous ? 'final' : 'secondary'} onClick={open}>
        {label}
        {about === undefined ? null : <span className="visually-hidden"> {about}</span>}
      </Button>
      {key === null ? null : (
        <Dialog
          title={title}
          confirm={label}
          working={working}
          dangerous={dangerous}
          isWorking={action.isPending}
          error={action.error}
          onConfirm={action.mutate}
          {...(onFields === undefined ? {} : { onFields })}
          onClose={() => setKey(null)}
        >
          {typeof children === 'function' ? children(action.error) : children}
        </Dialog>
      )}
    </>
  );
}
