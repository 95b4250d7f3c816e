/** The shop's settings, for owners: what pages and emails show, and to whom and how often emails to staff go. */
import { isOrdersError, type ShopSettings } from '@orders-module/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { type FieldErrors, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { Button } from '../../../parts/ui/button.tsx';
import { FailedState } from '../../../parts/ui/empty-state.tsx';
import { SelectField, TextAreaField, TextField } from '../../../parts/ui/field.tsx';
import { Loading, Skeleton } from '../../../parts/ui/loading.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { readShopSettings, saveShopSettings, shopSettingsQuery } from '../data/shop-settings.ts';

export function SettingsPage() {
  const settings = useQuery(shopSettingsQuery);
  return (
    <div className="page page-form">
      <PageTitle title="Settings of the shop" />
      {settings.isPending ? (
        <Loading what="the settings">
          <Skeleton size="block" />
        </Loading>
      ) : settings.data === undefined ? (
        <FailedState error={settings.error} onRetry={() => settings.refetch()} />
      ) : (
        <SettingsForm settings={settings.data} />
      )}
    </div>
  );
}

function SettingsForm({ settings }: { settings: ShopSettings }) {
  const queryClient = useQueryClient();
  // Of the form as it was opened: a change by somebody else meanwhile must not be overwritten unseen.
  const [version, setVersion] = useState(settings.version);
  const save = useMutation({
    mutationFn: (form: FormData) => saveShopSettings(version, readShopSettings(form)),
    onSuccess: ({ outcome, ...stored }) => {
      queryClient.setQueryData(shopSettingsQuery.queryKey, stored);
      setVersion(stored.version);
      if (outcome === 'changed') void queryClient.invalidateQueries({ queryKey: ['shop'] });
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!save.isPending) save.mutate(new FormData(event.currentTarget));
  };
  const errors = fieldErrorsOf(save.error);
  const isSaidByFields = isOrdersError(save.error, 'INVALID_INPUT') && Object.keys(errors).length > 0;
  return (
    <form className="panel form" onSubmit={submit} noValidate>
      {save.isError && !isSaidByFields ? <ErrorNotice error={save.error} /> : null}
      {save.data?.outcome === 'changed' ? (
        <Notice tone="good" role="status">
          Saved. Pages and emails follow within a few seconds.
        </Notice>
      ) : null}
      {save.data?.outcome === 'outdated' ? (
        <Notice tone="warn" role="alert">
          Somebody else changed the settings meanwhile, and nothing of yours was saved. Reload the page to see theirs,
          or press <b>Save</b> again to put yours in their place.
        </Notice>
      ) : null}
      <ShopFields settings={settings} errors={errors} />
      <StaffFields settings={settings} errors={errors} />
      <Button type="submit" wide busy={save.isPending && 'Saving…'}>
        Save
      </Button>
    </form>
  );
}

interface FieldsProps {
  settings: ShopSettings;
  errors: FieldErrors;
}

function ShopFields({ settings: { shopName, contact, replyTo }, errors }: FieldsProps) {
  return (
    <>
      <TextField
        label="Name of the shop"
        name="shopName"
        defaultValue={shopName}
        maxLength={100}
        required
        hint="On every page and in every email."
        error={errors.shopName}
      />
      <TextField
        label="Email for customers"
        name="contact.email"
        type="email"
        defaultValue={contact.email ?? ''}
        maxLength={254}
        optional
        error={errors['contact.email']}
      />
      <TextField
        label="Phone for customers"
        name="contact.phone"
        type="tel"
        defaultValue={contact.phone ?? ''}
        maxLength={40}
        optional
        hint="Both are at the foot of every page."
        error={errors['contact.phone']}
      />
      <TextField
        label="Replies to emails go to"
        name="replyTo"
        type="email"
        defaultValue={replyTo ?? ''}
        maxLength={254}
        optional
        hint="Without it, to the address that emails come from."
        error={errors.replyTo}
      />
    </>
  );
}

/** The choices of the form; another number that was set by the API stays one. */
const INTERVALS: readonly [minutes: number, words: string][] = [
  [1, 'At most once a minute'],
  [15, 'At most every 15 minutes'],
  [60, 'At most once an hour'],
  [240, 'At most every 4 hours'],
  [1_440, 'At most once a day'],
  [0, 'Never'],
];

function StaffFields({ settings: { recipients, newOrdersMinutes }, errors }: FieldsProps) {
  const listError = Object.entries(errors).find(([path]) => path.startsWith('recipients'))?.[1];
  const isListed = INTERVALS.some(([minutes]) => minutes === newOrdersMinutes);
  return (
    <>
      <TextAreaField
        label="Emails to staff go to"
        name="recipients"
        defaultValue={recipients.join('\n')}
        rows={3}
        optional
        hint="One address on each line. Without any, to the owners."
        error={listError}
      />
      <SelectField
        label="Tell staff of new orders"
        name="newOrdersMinutes"
        defaultValue={String(newOrdersMinutes)}
        error={errors.newOrdersMinutes}
      >
        {isListed ? null : <option value={newOrdersMinutes}>At most every {newOrdersMinutes} minutes</option>}
        {INTERVALS.map(([minutes, words]) => (
          <option key={minutes} value={minutes}>
            {words}
          </option>
        ))}
      </SelectField>
    </>
  );
}
