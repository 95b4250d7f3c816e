import type { SavedAddress, ShippingAddress } from '@orders-module/client';
import { useState } from 'react';
import type { FieldErrors } from '../../../parts/data/errors.ts';
import { AddressFields } from '../../../parts/ui/address-fields.tsx';
import { SelectField } from '../../../parts/ui/field.tsx';

interface AddressChoiceProps {
  /** The last used first, which `initial` is. */
  saved: readonly SavedAddress[];
  initial: Partial<ShippingAddress>;
  errors: FieldErrors;
}

const NEW = 'new';

/** One of the saved addresses fills the fields, where it may still be changed; or a new one is typed. */
export function AddressChoice({ saved, initial, errors }: AddressChoiceProps) {
  // As they were at first: an order that is placed in another tab must not change what stands here.
  const [offered] = useState(saved);
  const [chosen, setChosen] = useState(offered[0]?.id ?? NEW);
  const first = offered[0]?.id ?? NEW;
  const address = offered.find(({ id }) => id === chosen)?.address;
  return (
    <>
      {offered.length === 0 ? null : (
        <SelectField
          label="Your addresses"
          name="savedAddress"
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          className="saved-address"
        >
          {offered.map(({ id, address: { name, line1, city } }) => (
            <option key={id} value={id}>
              {[name, line1, city].join(', ')}
            </option>
          ))}
          <option value={NEW}>Another address</option>
        </SelectField>
      )}
      <AddressFields key={chosen} initial={chosen === first ? initial : (address ?? {})} errors={errors} />
    </>
  );
}
