import { useState } from 'react';
import { client } from '../../../parts/data/client.ts';
import { fieldErrorsOf } from '../../../parts/data/errors.ts';
import { TextAreaField, TextField } from '../../../parts/ui/field.tsx';
import type { StaffProductDetail } from '../data/products.ts';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { EffectList } from '../ui/effect-list.tsx';
import { useStoredFields } from '../ui/stored-fields.ts';

export function EditTexts({ product, onDone }: { product: StaffProductDetail; onDone: () => void }) {
  const { id: productId, title, description, category, slug, rev } = product;
  const [effects, setEffects] = useState<string[]>([]);
  const onFields = useStoredFields({ title, slug, category, description }, (form) =>
    setEffects(effectsOf(changedTexts(new FormData(form), product), product)),
  );
  return (
    <ConfirmAction
      label="Edit texts"
      title={`Edit ${title}`}
      working="Saving…"
      act={(form) => client.admin.editProduct.mutate({ productId, rev, ...changedTexts(form, product) })}
      onFields={onFields}
      done="Saved. The shop shows it now; orders keep what they were placed with."
      onDone={onDone}
      onFailed={onDone}
    >
      {(error) => {
        const errors = fieldErrorsOf(error);
        return (
          <>
            <TextField label="Title" name="title" required maxLength={200} defaultValue={title} error={errors.title} />
            <TextField
              label="Address in the shop"
              name="slug"
              required
              maxLength={100}
              defaultValue={slug}
              error={errors.slug}
              hint="Links to the former address keep leading here."
            />
            <TextField
              label="Category"
              name="category"
              required
              maxLength={50}
              defaultValue={category}
              error={errors.category}
            />
            <TextAreaField
              label="Description"
              name="description"
              rows={6}
              required
              maxLength={5000}
              defaultValue={description}
              error={errors.description}
            />
            <EffectList effects={effects} />
          </>
        );
      }}
    </ConfirmAction>
  );
}

const TEXTS = ['title', 'slug', 'category', 'description'] as const;
type Texts = Partial<Record<(typeof TEXTS)[number], string>>;

/** The others are not sent, so that the changes of the product name what was changed. */
function changedTexts(form: FormData, product: StaffProductDetail): Texts {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  // A form sends its line breaks as CRLF.
  const typed = TEXTS.map((name) => [name, text(name).replaceAll('\r\n', '\n')] as const);
  return Object.fromEntries(typed.filter(([name, value]) => value !== product[name]));
}

function effectsOf(texts: Texts, product: StaffProductDetail): string[] {
  return TEXTS.flatMap((name) => {
    const value = texts[name];
    if (value === undefined || value === '') return [];
    return name === 'description' ? ['A new description'] : [`${product[name]} → ${value}`];
  });
}
