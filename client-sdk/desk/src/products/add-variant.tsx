import { useState } from 'react';
import { client } from '../../../parts/data/client.ts';
import { type FieldErrors, FormError, fieldErrorsOf } from '../../../parts/data/errors.ts';
import { readVariant } from '../data/new-product.ts';
import { useShopCurrencies } from '../data/products.ts';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { VariantFields } from './variant-fields.tsx';

export function AddVariant({ productId, title, onDone }: { productId: string; title: string; onDone: () => void }) {
  const [own, setOwn] = useState<FieldErrors>({});
  const currencies = useShopCurrencies();
  return (
    <ConfirmAction
      label="Add a variant"
      title={`A variant of ${title}`}
      working="Adding…"
      act={async (form) => {
        const read = readVariant(form, '');
        setOwn('errors' in read ? read.errors : {});
        if ('errors' in read) throw new FormError(Object.values(read.errors)[0]);
        return client.admin.createVariant.mutate({ productId, ...read.value });
      }}
      done={({ sku }) => `${sku} is for sale.`}
      onDone={onDone}
    >
      {(error) => <VariantFields prefix="" currencies={currencies} errors={{ ...fieldErrorsOf(error), ...own }} />}
    </ConfirmAction>
  );
}
