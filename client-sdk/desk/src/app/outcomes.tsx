/** The outcome of an action that left no other trace on the page, for a few seconds. */
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

const outcomes = Toast.createToastManager();
/** Long enough to read two sentences; it stays while it is pointed at or has the focus. */
const SHOWN_MS = 8_000;

export function sayOutcome(text: string): void {
  outcomes.add({ title: text });
}

export function Outcomes({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={outcomes} timeout={SHOWN_MS}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="outcomes">
          <OutcomeList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function OutcomeList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="outcome-toast">
      <Toast.Title className="outcome-text" render={<p />} />
      <Toast.Close className="outcome-close" aria-label="Close">
        <X aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ));
}
