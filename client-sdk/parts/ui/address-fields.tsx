/** The fields of a delivery address, with the autocomplete tokens that browsers use to fill them in. */
import { needsState, type ShippingAddress, statesOf } from '@orders-module/client';
import { useMemo, useState } from 'react';
import { type Country, countries } from '../data/address.ts';
import type { FieldErrors } from '../data/errors.ts';
import { phoneDoubt } from '../data/phone.ts';
import { type StateOfCountry, stateOfCountry } from '../data/state-of-country.ts';
import { SelectField, TextField } from './field.tsx';

interface AddressFieldsProps {
  initial: Partial<ShippingAddress>;
  /** A new object for each attempt to send. */
  errors: FieldErrors;
}

/** With an example of the country, which would mislead elsewhere. */
const COURIER_HINTS: Record<string, string> = { NG: 'For the courier, as you would write it: 0803 123 4567.' };

/** The country comes before its state, because it decides whether one is needed and from which list. */
export function AddressFields({ initial, errors }: AddressFieldsProps) {
  const [country, setCountry] = useState(initial.country ?? 'NG');
  // As it was when the field was left: nobody is corrected while typing.
  const [phone, setPhone] = useState(initial.phone ?? '');
  // Those of another country: its state says nothing about this one's.
  const [outdated, setOutdated] = useState<FieldErrors | null>(null);
  const states = statesOf(country);
  const chooseCountry = (chosen: string) => {
    setCountry(chosen);
    setOutdated(errors);
  };
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
        maxLength={60}
        hint={phoneDoubt(phone, country) ?? COURIER_HINTS[country] ?? 'For the courier, as you would write it there.'}
        onBlur={(event) => setPhone(event.currentTarget.value)}
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
        {...field('postalCode')}
        label="Postal code"
        autoComplete="shipping postal-code"
        maxLength={20}
        optional
      />
      <CountryField country={country} onChange={chooseCountry} error={errors.country} />
      <StateField
        country={country}
        {...stateOfCountry({ country, initial: { country: 'NG', ...initial }, states, errors, outdated })}
      />
    </div>
  );
}

interface CountryFieldProps {
  country: string;
  onChange: (country: string) => void;
  error: string | undefined;
}

function CountryField({ country, onChange, error }: CountryFieldProps) {
  const { near, others } = useMemo(countries, []);
  return (
    <SelectField
      label="Country"
      name="country"
      autoComplete="shipping country"
      value={country}
      onChange={(event) => onChange(event.currentTarget.value)}
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

interface StateFieldProps extends StateOfCountry {
  country: string;
}

/** A list where the shop knows the states, else a text, which is optional where addresses need none. */
function StateField({ country, value, error }: StateFieldProps) {
  const states = statesOf(country);
  const needed = needsState(country);
  const field = { name: 'state', autoComplete: 'shipping address-level1', error };
  if (states.length === 0)
    return (
      <TextField
        key={country}
        {...field}
        label="State or region"
        defaultValue={value}
        maxLength={100}
        required={needed}
        optional={!needed}
      />
    );
  return (
    <SelectField key={country} {...field} label="State" defaultValue={value} required={needed}>
      <option value="">Choose a state</option>
      {states.map((state) => (
        <option key={state}>{state}</option>
      ))}
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
