import { formatMoney, parseMoney } from '@orders-module/client';
import { useState } from 'react';
import type { OtherPrice } from '../../../../models/contract/pricing/price-in.ts';
import { client } from '../../../parts/data/client.ts';
import { FormError, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import { priceEffects, priceField, readOtherPrices, storedPriceFields } from '../data/other-prices.ts';
import { type Currency, type StaffProductDetail, useShopCurrencies } from '../data/products.ts';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { EffectList } from '../ui/effect-list.tsx';
import { useStoredFields } from '../ui/stored-fields.ts';

interface VariantProps {
  variant: StaffProductDetail['variants'][number];
  onDone: () => void;
}

export function EditVariant({ variant, onDone }: VariantProps) {
  const { id: variantId, title, currency, sku, rev } = variant;
  const [effects, setEffects] = useState<string[]>([]);
  const others = useShopCurrencies().filter((one) => one !== currency);
  const stored = storedPriceFields(variant.otherPrices, others);
  const onFields = useStoredFields({ title, ...stored }, (form) =>
    setEffects(effectsOf(readEdit(new FormData(form), variant, others), variant)),
  );
  return (
    <ConfirmAction
      label="Edit"
      about={sku}
      title={`Edit ${title}`}
      working="Saving…"
      act={async (form) => {
        const { title: typed, price, otherPrices } = readEdit(form, variant, others);
        if (price === null || otherPrices === null)
          throw new FormError('That is not a price. Write it like 1500 or 1500.50.');
        return client.admin.editVariant.mutate({
          variantId,
          rev,
          title: typed,
          ...(price === undefined ? {} : { price }),
          ...(otherPrices === undefined ? {} : { otherPrices }),
        });
      }}
      done="Saved. Carts show the new price; orders keep the one that they were placed with."
      onDone={onDone}
      onFailed={onDone}
      onFields={onFields}
    >
      {(error) => (
        <>
          <TextField
            label="Title"
            name="title"
            required
            maxLength={200}
            defaultValue={title}
            error={fieldErrorsOf(error).title}
          />
          <TextField
            label={`New price in ${currency}`}
            name="price"
            optional
            inputMode="decimal"
            autoComplete="off"
            hint="Empty: it stays. Write 1500 or 1500.50."
            error={fieldErrorsOf(error).price}
          />
          {others.map((other) => (
            <TextField
              key={other}
              label={`Price in ${other}`}
              name={priceField(other)}
              optional
              inputMode="decimal"
              autoComplete="off"
              defaultValue={stored[priceField(other)]}
              hint="Empty: it is not sold in this currency."
            />
          ))}
          <EffectList effects={effects} />
        </>
      )}
    </ConfirmAction>
  );
}

interface Edit {
  title: string;
  /** As the other prices: undefined while it stays, null for what is none. */
  price: number | null | undefined;
  /** The whole list. */
  otherPrices: OtherPrice[] | null | undefined;
}

/** `fields`: the currencies whose prices the form shows. A price in another one stays. */
function readEdit(form: FormData, variant: VariantProps['variant'], fields: readonly Currency[]): Edit {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const price = text('price') === '' ? undefined : parseMoney(text('price'), variant.currency);
  return { title: text('title'), price, otherPrices: readOthers(form, variant.otherPrices, fields) };
}

function readOthers(form: FormData, stored: readonly OtherPrice[], fields: readonly Currency[]): Edit['otherPrices'] {
  const read = readOtherPrices(form, '', fields);
  if ('errors' in read) return null;
  const all = [...stored.filter(({ currency }) => !fields.includes(currency)), ...read.value];
  return priceEffects(stored, all).length === 0 ? undefined : all;
}

/** The changes that shoppers will see. */
function effectsOf({ title, price, otherPrices }: Edit, variant: VariantProps['variant']): string[] {
  const money = (amount: number) => formatMoney({ amount, currency: variant.currency });
  return [
    ...(title === '' || title === variant.title ? [] : [`${variant.title} → ${title}`]),
    ...(price === undefined || price === null || price === variant.price
      ? []
      : [`${money(variant.price)} → ${money(price)}, also in carts`]),
    ...priceEffects(variant.otherPrices, otherPrices ?? variant.otherPrices),
  ];
}

export function ArchiveVariant({
  variant: { id: variantId, sku, title, stock, reserved, archived },
  onDone,
}: VariantProps) {
  if (archived)
    return (
      <ConfirmAction
        label="Bring back"
        about={sku}
        title={`Sell ${title} again?`}
        working="Saving…"
        act={() => client.admin.restoreVariant.mutate({ sku })}
        done={`${sku} is for sale again.`}
        onDone={onDone}
      >
        <p>It is for sale again at once, with {stock === 1 ? '1 unit' : `${stock} units`}.</p>
      </ConfirmAction>
    );
  return (
    <ConfirmAction
      label="Archive"
      about={sku}
      title={`Archive ${title}?`}
      working="Saving…"
      dangerous
      act={() => client.admin.archiveVariant.mutate({ variantId })}
      done={`${sku} is not for sale any more.`}
      onDone={onDone}
    >
      <p>
        It leaves the shop and cannot be ordered from carts any more; its{' '}
        {stock === 1 ? '1 unit stays' : `${stock} units stay`} in the books.{' '}
        {reserved === 0 ? '' : `${reserved} of it are reserved by orders that wait for payment. `}It may be brought
        back.
      </p>
    </ConfirmAction>
  );
}
