/** One thing that staff can do to an order: a button, a question with what it needs, and the outcome told to the page. */
import type { StaffOrder } from '@orders-module/client';
import { type ReactNode, useState } from 'react';
import { useStaffAction } from '../../data/staff.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';

export interface StaffActionProps {
  orderId: string;
  /** The word on the page's button and, with `title`, on the question. */
  label: string;
  /** For screen readers, where several buttons say the same: what this one is about. */
  about?: string;
  title: string;
  working: string;
  dangerous?: boolean;
  /** Does it, with what the question's fields hold. */
  act: (form: FormData) => Promise<StaffOrder>;
  /** What to say when it is done. */
  done: string;
  onDone: (outcome: string) => void;
  children: ReactNode;
}

export function StaffAction(props: StaffActionProps) {
  const { orderId, label, about, title, working, dangerous = false, act, done, onDone, children } = props;
  const [isAsking, setIsAsking] = useState(false);
  const action = useStaffAction(orderId, act, () => {
    setIsAsking(false);
    onDone(done);
  });
  const ask = () => {
    action.reset();
    onDone('');
    setIsAsking(true);
  };
  return (
    <>
      <Button look={dangerous ? 'final' : 'secondary'} onClick={ask}>
        {label}
        {about === undefined ? null : <span className="visually-hidden"> {about}</span>}
      </Button>
      {isAsking ? (
        <Dialog
          title={title}
          confirm={label}
          working={working}
          dangerous={dangerous}
          isWorking={action.isPending}
          error={action.error}
          onConfirm={action.mutate}
          onClose={() => setIsAsking(false)}
        >
          {children}
        </Dialog>
      ) : null}
    </>
  );
}
