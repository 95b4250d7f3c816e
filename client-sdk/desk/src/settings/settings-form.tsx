/** The form of one part of the settings: saved alone, with its outcome, and with what happens if somebody else was faster. */
import { isOrdersError } from '@orders-module/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { type FieldErrors, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { shopQuery } from '../../../parts/data/shop.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { FieldScope } from '../../../parts/ui/field.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { savePart, settingsQuery } from '../data/shop-settings.ts';
import { Panel } from '../ui/panel.tsx';

interface SettingsFormProps<V extends { version: number }> {
  /** Also before the ids of its fields. */
  id: string;
  title: string;
  /** As the page was opened. */
  stored: V;
  save: (form: FormData, version: number) => Promise<V & { outcome: 'changed' | 'outdated' }>;
  done: string;
  /** The fields with the values of `shown`. */
  children: (shown: V, errors: FieldErrors) => ReactNode;
}

export function SettingsForm<V extends { version: number }>(props: SettingsFormProps<V>) {
  const { id, title, stored, save, done, children } = props;
  const queryClient = useQueryClient();
  const [shown, setShown] = useState(stored);
  /** Counts up for a new form with other values. A save keeps the form, and so the focus. */
  const [formNumber, setFormNumber] = useState(0);
  /** The stored values after a save that another one has outdated. */
  const [theirs, setTheirs] = useState<V | null>(null);
  const saving = useMutation({
    mutationFn: (form: FormData) => savePart(theirs ?? shown, (version) => save(form, version)),
    onSuccess: async (result) => {
      if (result.outcome === 'outdated') return setTheirs(result);
      setTheirs(null);
      setShown(result);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: settingsQuery.queryKey, refetchType: 'none' }),
        queryClient.invalidateQueries({ queryKey: shopQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: ['staff', 'carriers'] }),
      ]);
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!saving.isPending) saving.mutate(new FormData(event.currentTarget));
  };
  const showTheirs = () => {
    if (theirs !== null) setShown(theirs);
    setTheirs(null);
    setFormNumber(formNumber + 1);
    saving.reset();
  };
  const errors = fieldErrorsOf(saving.error);
  const isSaidByFields = isOrdersError(saving.error, 'INVALID_INPUT') && Object.keys(errors).length > 0;
  return (
    <Panel id={id} title={title}>
      <FieldScope value={`${id}-`}>
        <form key={formNumber} className="form" onSubmit={submit} aria-labelledby={id} noValidate>
          {children(shown, errors)}
          {saving.isError && !isSaidByFields ? <ErrorNotice error={saving.error} /> : null}
          {saving.data?.outcome === 'changed' ? (
            <Notice tone="good" role="status">
              {done}
            </Notice>
          ) : null}
          {theirs === null ? null : (
            <Notice tone="warn" role="alert">
              <p>Somebody else changed this meanwhile, and nothing of yours was saved.</p>
              <div className="actions">
                <Button look="secondary" onClick={showTheirs}>
                  Show theirs
                </Button>
                <span>or save again to put yours in its place.</span>
              </div>
            </Notice>
          )}
          <Button type="submit" busy={saving.isPending && 'Saving…'}>
            Save
            <span className="visually-hidden"> {title.toLowerCase()}</span>
          </Button>
        </form>
      </FieldScope>
    </Panel>
  );
}
