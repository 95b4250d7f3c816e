/** The fields of a delivery address, with the autocomplete tokens that browsers use to fill them in. */
import type { ShippingAddress } from '@orders-module/client';
import { useMemo } from 'react';
import { type Country, countries } from '../data/address.ts';
import type { FieldErrors } from '../data/errors.ts';
import { SelectField, TextField } from '../parts/field.tsx';

interface AddressFieldsProps {
  initial: Partial<ShippingAddress>;
  errors: FieldErrors;
}

export function AddressFields({ initial, errors }: AddressFieldsProps) {
  const field = (name: keyof ShippingAddress) => ({
    name,
    defaultValue: initial[name] ?? '',
    error: errors[name],
  });
  return (
    <div className="fields">
      <TextField {...field('name')} label="Full name" autoComplete="shipping name" maxLength={100} required />
      <TextField
        {...field('phone')}
        label="Phone"
        type="tel"
        autoComplete="shipping tel"
        inputMode="tel"
        maxLength={25}
        hint="Only for the courier."
        required
      />
      <TextField
        {...field('line1')}
        label="Street and house number"
        autoComplete="shipping address-line1"
        maxLength={200}
        className="field-whole"
        required
      />
      <TextField
        {...field('line2')}
        label="Flat, floor, landmark"
        autoComplete="shipping address-line2"
        maxLength={200}
        className="field-whole"
        optional
      />
      <TextField
        {...field('city')}
        label="City or town"
        autoComplete="shipping address-level2"
        maxLength={100}
        required
      />
      <TextField
        {...field('state')}
        label="State or region"
        autoComplete="shipping address-level1"
        maxLength={100}
        required
      />
      <TextField
        {...field('postalCode')}
        label="Postal code"
        autoComplete="shipping postal-code"
        maxLength={20}
        optional
      />
      <CountryField initial={initial.country ?? 'NG'} error={errors.country} />
    </div>
  );
}

function CountryField({ initial, error }: { initial: string; error: string | undefined }) {
  const { near, others } = useMemo(countries, []);
  return (
    <SelectField
      label="Country"
      name="country"
      autoComplete="shipping country"
      defaultValue={initial}
      error={error}
      required
    >
      <optgroup label="Often chosen">
        <CountryOptions of={near} />
      </optgroup>
      <optgroup label="All others">
        <CountryOptions of={others} />
      </optgroup>
    </SelectField>
  );
}

function CountryOptions({ of }: { of: Country[] }) {
  return of.map(({ code, name }) => (
    <option key={code} value={code}>
      {name}
    </option>
  ));
}
