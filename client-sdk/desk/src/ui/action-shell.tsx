/** The button of an action and, while it is open, the dialog that confirms it. */
import type { ComponentProps, ReactNode } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { Dialog } from '../../../parts/ui/dialog.tsx';

export interface ActionTexts {
  /** The text of the button on the page and of the dialog's confirmation. */
  label: string;
  /** For screen readers: distinguishes several buttons with the same label. */
  about?: string;
  title: string;
  working: string;
  dangerous?: boolean;
}

interface ActionShellProps extends Pick<ComponentProps<typeof Dialog>, 'onFields' | 'onClose'> {
  texts: ActionTexts;
  /** False: no button, but an open dialog stays, so that the outcome of its action can still be read. */
  offered?: boolean;
  isOpen: boolean;
  onOpen: () => void;
  action: { isPending: boolean; error: unknown; mutate: (form: FormData) => void };
  children: ReactNode;
}

export function ActionShell({
  texts: { label, about, title, working, dangerous = false },
  offered = true,
  isOpen,
  onOpen,
  action,
  children,
  ...dialog
}: ActionShellProps) {
  return (
    <>
      {offered ? (
        <Button look={dangerous ? 'final' : 'secondary'} onClick={onOpen}>
          {label}
          {about === undefined ? null : <span className="visually-hidden"> {about}</span>}
        </Button>
      ) : null}
      {isOpen ? (
        <Dialog
          {...{ title, confirm: label, working, dangerous, ...dialog }}
          isWorking={action.isPending}
          error={action.error}
          onConfirm={action.mutate}
        >
          {children}
        </Dialog>
      ) : null}
    </>
  );
}
