/** Name and contact of the shop, and the recipients of emails to staff. */
import type { ShopSettings } from '@orders-module/client';
import { client } from '../../../parts/data/client.ts';
import type { FieldErrors } from '../../../parts/data/errors.ts';
import { SelectField, TextAreaField, TextField } from '../../../parts/ui/field.tsx';
import { readShop } from '../data/shop-settings.ts';
import { SettingsForm } from './settings-form.tsx';

export function ShopForm({ stored }: { stored: ShopSettings }) {
  return (
    <SettingsForm
      id="shop"
      title="Name and contact"
      stored={stored}
      save={(form, version) => client.admin.setShopSettings.mutate({ version, ...readShop(form) })}
      done="Saved. Pages and emails follow within a few seconds."
    >
      {(shown, errors) => (
        <>
          <ShopFields settings={shown} errors={errors} />
          <StaffFields settings={shown} errors={errors} />
        </>
      )}
    </SettingsForm>
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
