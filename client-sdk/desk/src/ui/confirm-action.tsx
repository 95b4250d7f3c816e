import { newActionKey } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { sayOutcome } from '../app/outcomes.tsx';
import { ActionShell, type ActionTexts } from './action-shell.tsx';

interface ConfirmActionProps<T> extends ActionTexts {
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
  const { act, done, onDone, onFields, onFailed, children } = props;
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
    <ActionShell
      {...{ texts: props, action, onOpen: open, onClose: () => setKey(null) }}
      isOpen={key !== null}
      {...(onFields === undefined ? {} : { onFields })}
    >
      {typeof children === 'function' ? children(action.error) : children}
    </ActionShell>
  );
}
