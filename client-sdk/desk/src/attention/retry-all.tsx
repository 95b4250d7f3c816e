/** Tries again all of one kind, after saying what that is in words and sums; then says what became of each. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { Dialog } from '../../../parts/ui/dialog.tsx';
import { Notice } from '../../../parts/ui/notice.tsx';
import { type Retried, type RetryItem, retryEach } from '../data/retry-all.ts';

interface RetryAllProps {
  /** Of the button and of its dialog. */
  label: string;
  /** The effect of it, in words and sums. */
  effect: string;
  items: readonly RetryItem[];
}

export function RetryAll({ label, effect, items }: RetryAllProps) {
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const retry = useMutation({
    mutationFn: () => retryEach(items),
    onSettled: () => {
      setAsking(false);
      return queryClient.invalidateQueries({ queryKey: ['staff'] });
    },
  });
  if (items.length === 0) return retry.data === undefined ? null : <Outcomes of={retry.data} />;
  return (
    <>
      <Button look="secondary" onClick={() => setAsking(true)}>
        {label}
      </Button>
      {retry.data === undefined ? null : <Outcomes of={retry.data} />}
      {isAsking ? (
        <Dialog
          title={`${label}?`}
          confirm={label}
          working="Asking…"
          isWorking={retry.isPending}
          error={retry.error}
          onConfirm={() => retry.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>{effect}</p>
          <ul className="effect-list">
            {items.map(({ key, text }) => (
              <li key={key}>{text}</li>
            ))}
          </ul>
        </Dialog>
      ) : null}
    </>
  );
}

function Outcomes({ of: outcomes }: { of: readonly Retried[] }) {
  const failed = outcomes.filter(({ problem }) => problem !== null);
  const done = outcomes.length - failed.length;
  return (
    <Notice tone={failed.length === 0 ? 'good' : 'warn'} role="status">
      {done === 1 ? '1 is tried again.' : `${done} are tried again.`}
      {failed.length === 0 ? null : (
        <ul>
          {failed.map(({ key, text, problem }) => (
            <li key={key}>
              {text}: {problem}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
