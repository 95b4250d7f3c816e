import type { Account, ProfileInput } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { countryName } from '../../../../parts/data/address.ts';
import { phoneDoubt, phoneProblem } from '../../../../parts/data/phone.ts';
import { type Checked, useCheckedForm } from '../../../../parts/sign-in/checked-form.ts';
import { Button } from '../../../../parts/ui/button.tsx';
import { FieldScope, TextField } from '../../../../parts/ui/field.tsx';
import { ErrorNotice, Notice } from '../../../../parts/ui/notice.tsx';
import { addressesQuery, useSetProfile } from '../../data/my-account.ts';

export function ProfileForm({ account: { name, phone } }: { account: Account }) {
  const save = useSetProfile();
  const { form, errors, check, isSaidByFields } = useCheckedForm(save.error);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (save.isPending) return;
    const profile = check(readProfile(new FormData(event.currentTarget)));
    if (profile !== null) save.mutate(profile);
  };
  return (
    <section aria-labelledby="details">
      <FieldScope value="profile-">
        <form ref={form} className="panel form" onSubmit={submit} noValidate>
          <h2 id="details">Your details</h2>
          {save.isError && !isSaidByFields ? <ErrorNotice error={save.error} /> : null}
          {save.isSuccess ? <Notice tone="good" role="status" title="Saved" /> : null}
          <TextField
            label="Your name"
            name="name"
            autoComplete="name"
            maxLength={100}
            required
            defaultValue={name}
            error={errors.name}
          />
          <PhoneField kept={phone ?? ''} error={errors.phone} />
          <Button type="submit" look="secondary" busy={save.isPending && 'Saving…'}>
            Save your details
          </Button>
        </form>
      </FieldScope>
    </section>
  );
}

function PhoneField({ kept, error }: { kept: string; error: string | undefined }) {
  // As the server reads it: like one of where the last order went.
  const country = useQuery(addressesQuery).data?.[0]?.address.country ?? 'NG';
  // As it was when the field was left: nobody is corrected while typing.
  const [phone, setPhone] = useState(kept);
  return (
    <TextField
      label="Your phone"
      name="phone"
      type="tel"
      inputMode="tel"
      autoComplete="tel"
      maxLength={60}
      hint={phoneDoubt(phone, country) ?? `Without a country’s code it is a number in ${countryName(country)}.`}
      onBlur={(event) => setPhone(event.currentTarget.value)}
      optional
      defaultValue={kept}
      error={error}
    />
  );
}

function readProfile(form: FormData): Checked<ProfileInput> {
  const name = String(form.get('name') ?? '').trim();
  const phone = String(form.get('phone') ?? '').trim();
  const wrong = phone === '' ? null : phoneProblem(phone);
  const errors = { ...(name === '' ? { name: 'Enter your name.' } : {}), ...(wrong === null ? {} : { phone: wrong }) };
  if (Object.keys(errors).length > 0) return { errors };
  return { value: { name, ...(phone === '' ? {} : { phone }) } };
}
