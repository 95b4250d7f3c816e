import { useState } from 'react';
import type { FieldErrors } from '../../../parts/data/errors.ts';
import { SelectField, TextField } from '../../../parts/ui/field.tsx';
import type { Draft } from '../data/draft.ts';
import { priceField } from '../data/other-prices.ts';
import type { Currency } from '../data/products.ts';

interface VariantFieldsProps {
  /** Before the names of the fields, where a form has several variants. */
  prefix: string;
  /** In which the shop takes orders, its own one first. */
  currencies: readonly Currency[];
  errors: FieldErrors;
  draft?: Draft;
}

/** The fields of a new variant. */
export function VariantFields({ prefix, currencies, errors, draft = {} }: VariantFieldsProps) {
  const [chosen, setChosen] = useState(draft[`${prefix}currency`]);
  const own = chosen ?? currencies[0];
  const field = (name: string) => ({
    name: `${prefix}${name}`,
    error: errors[`${prefix}${name}`],
    autoComplete: 'off',
    defaultValue: draft[`${prefix}${name}`] ?? '',
  });
  return (
    <>
      <TextField
        {...field('title')}
        label="Option"
        required
        maxLength={200}
        hint="For example: Blue, L. Or: One size."
      />
      <TextField
        {...field('sku')}
        label="SKU"
        required
        maxLength={64}
        autoCapitalize="characters"
        hint="Your own number of it. Capital letters and digits, with - . or _ between."
      />
      <TextField {...field('price')} label="Price" required inputMode="decimal" hint="Write 1500 or 1500.50." />
      <SelectField
        name={`${prefix}currency`}
        label="Currency"
        defaultValue={own}
        key={currencies[0]}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      >
        {currencies.map((currency) => (
          <option key={currency}>{currency}</option>
        ))}
      </SelectField>
      {currencies
        .filter((currency) => currency !== own)
        .map((currency) => (
          <TextField
            {...field(priceField(currency))}
            key={currency}
            label={`Price in ${currency}`}
            optional
            inputMode="decimal"
            hint="Empty: it is not sold in this currency."
          />
        ))}
      <TextField
        {...field('stock')}
        label="Units in stock"
        type="number"
        min={0}
        step={1}
        inputMode="numeric"
        optional
      />
    </>
  );
}
