import { formatMoney, parseMoney } from '@orders-module/client';
import { useState } from 'react';
import { client } from '../../../parts/data/client.ts';
import { FormError, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { TextField } from '../../../parts/ui/field.tsx';
import type { StaffProductDetail } from '../data/products.ts';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { useStoredFields } from '../ui/stored-fields.ts';

interface VariantProps {
  variant: StaffProductDetail['variants'][number];
  onDone: () => void;
}

export function EditVariant({ variant, onDone }: VariantProps) {
  const { id: variantId, title, currency, sku, rev } = variant;
  const [effects, setEffects] = useState<string[]>([]);
  const onFields = useStoredFields({ title }, (form) => setEffects(effectsOf(new FormData(form), variant)));
  return (
    <ConfirmAction
      label="Edit"
      about={sku}
      title={`Edit ${title}`}
      working="Saving…"
      act={async (form) => {
        const { title: typed, price } = readEdit(form, variant);
        if (price === null) throw new FormError('That is not a price. Write it like 1500 or 1500.50.');
        return client.admin.editVariant.mutate({
          variantId,
          rev,
          title: typed,
          ...(price === undefined ? {} : { price }),
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
          {effects.length === 0 ? null : (
            <ul className="effects plain-list" role="status">
              {effects.map((effect) => (
                <li key={effect}>{effect}</li>
              ))}
            </ul>
          )}
        </>
      )}
    </ConfirmAction>
  );
}

/** `price`: undefined while it stays, null for what is none. */
function readEdit(form: FormData, { currency }: VariantProps['variant']) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return { title: text('title'), price: text('price') === '' ? undefined : parseMoney(text('price'), currency) };
}

/** The changes that shoppers will see. */
function effectsOf(form: FormData, variant: VariantProps['variant']): string[] {
  const { title, price } = readEdit(form, variant);
  const money = (amount: number) => formatMoney({ amount, currency: variant.currency });
  return [
    ...(title === '' || title === variant.title ? [] : [`${variant.title} → ${title}`]),
    ...(price === undefined || price === null || price === variant.price
      ? []
      : [`${money(variant.price)} → ${money(price)}, also in carts`]),
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
