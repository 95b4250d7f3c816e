/** A new product with its first variants, made together. The draft stays until it is saved. */
import { formatMoney } from '@orders-module/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type RefObject, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { pricesOf } from '../../../../models/contract/pricing/price-in.ts';
import { client } from '../../../parts/data/client.ts';
import { PageTitle } from '../../../parts/page/page-title.tsx';
import { useCheckedForm } from '../../../parts/sign-in/checked-form.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { TextAreaField, TextField } from '../../../parts/ui/field.tsx';
import { Icon } from '../../../parts/ui/icon.tsx';
import { ErrorNotice } from '../../../parts/ui/notice.tsx';
import { sayOutcome } from '../app/outcomes.tsx';
import { useDraft } from '../data/draft.ts';
import { type NewProduct, readProduct, toSlug } from '../data/new-product.ts';
import { useShopCurrencies } from '../data/products.ts';
import { VariantFields } from './variant-fields.tsx';

export function NewProductPage() {
  return (
    <div className="page page-form">
      <p className="crumb">
        <Link to="/products">
          <Icon name="back" />
          Products
        </Link>
      </p>
      <PageTitle title="New product" />
      <ProductForm />
    </div>
  );
}

/** The fields of the variants that the draft has. */
function numbersIn(draft: Readonly<Record<string, string>>): number[] {
  const found = Object.keys(draft).flatMap((name) => /^variant(\d+)\.title$/.exec(name)?.[1] ?? []);
  return found.length === 0 ? [0] : found.map(Number);
}

function ProductForm() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const draft = useDraft('product');
  const currencies = useShopCurrencies();
  const [variants, setVariants] = useState(() => numbersIn(draft.initial));
  const slug = useRef<HTMLInputElement>(null);
  const isOwnSlug = useRef(
    (draft.initial.slug ?? '') !== '' && draft.initial.slug !== toSlug(draft.initial.title ?? ''),
  );
  const make = useMutation({
    mutationFn: (input: NewProduct) => client.admin.createProduct.mutate(input),
    onSuccess: async ({ id, title }) => {
      draft.drop();
      await queryClient.invalidateQueries({ queryKey: ['staff', 'products'] });
      sayOutcome(`${title} is made. Add its pictures here.`);
      await navigate({ to: '/products/$id', params: { id } });
    },
  });
  const { form, errors, isSaidByFields, check } = useCheckedForm(make.error);
  const { preview, look } = usePreview(form, variants);
  const errorsOf = (index: number, number: number) => ({
    ...errors,
    ...Object.fromEntries(
      Object.entries(errors).flatMap(([name, text]) =>
        name.startsWith(`variants.${index}.`) ? [[name.replace(`variants.${index}.`, `variant${number}.`), text]] : [],
      ),
    ),
  });
  const follow = () => {
    if (form.current === null) return;
    if (!isOwnSlug.current && slug.current !== null) slug.current.value = toSlug(titleOf(form.current));
    draft.keep(form.current);
    look();
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = check(readProduct(new FormData(event.currentTarget), variants));
    if (input !== null && !make.isPending) make.mutate(input);
  };
  return (
    <form ref={form} className="panel form" onSubmit={submit} onChange={follow} noValidate>
      {make.isError && !isSaidByFields ? <ErrorNotice error={make.error} ofChange /> : null}
      <TextField
        {...{ label: 'Title', name: 'title', required: true, maxLength: 200, autoComplete: 'off' }}
        defaultValue={draft.initial.title}
        error={errors.title}
      />
      <TextField
        {...{ label: 'Address in the shop', name: 'slug', required: true, maxLength: 100, autoComplete: 'off' }}
        ref={slug}
        hint="Lower case letters, digits and hyphens; it follows the title until you change it."
        defaultValue={draft.initial.slug}
        error={errors.slug}
        onInput={({ currentTarget }) => {
          isOwnSlug.current = currentTarget.value !== '';
        }}
      />
      <TextField
        {...{ label: 'Category', name: 'category', required: true, maxLength: 50, autoComplete: 'off' }}
        defaultValue={draft.initial.category}
        error={errors.category}
      />
      <TextAreaField
        {...{ label: 'Description', name: 'description', required: true, rows: 6, maxLength: 5000 }}
        defaultValue={draft.initial.description}
        error={errors.description}
      />
      {variants.map((number, index) => (
        <fieldset key={number} className="new-variant form">
          <legend>{variants.length === 1 ? 'Variant' : `Variant ${index + 1}`}</legend>
          <VariantFields
            {...{ prefix: `variant${number}.`, currencies, errors: errorsOf(index, number), draft: draft.initial }}
          />
          {variants.length === 1 ? null : (
            <Button look="quiet" onClick={() => setVariants(variants.filter((one) => one !== number))}>
              Leave out<span className="visually-hidden"> variant {index + 1}</span>
            </Button>
          )}
        </fieldset>
      ))}
      {variants.length >= MAX_VARIANTS ? null : (
        <Button look="secondary" onClick={() => setVariants([...variants, Math.max(-1, ...variants) + 1])}>
          Another variant
        </Button>
      )}
      {preview === '' ? null : (
        <p className="effects" role="status">
          {preview}
        </p>
      )}
      <Button type="submit" wide busy={make.isPending && 'Making…'}>
        Make the product
      </Button>
    </form>
  );
}

/** Looks after each rendering, too: a kept draft, another variant and the shop's currency change fields without a typed letter. */
function usePreview(form: RefObject<HTMLFormElement | null>, variants: readonly number[]) {
  const [preview, setPreview] = useState('');
  const look = () => {
    if (form.current !== null) setPreview(previewOf(form.current, variants));
  };
  useEffect(look);
  return { preview, look };
}

/** Equal to the server's limit for one call. */
const MAX_VARIANTS = 50;

const titleOf = (form: HTMLFormElement) => String(new FormData(form).get('title') ?? '');

/** The product as the shop will show it; empty while something is missing. */
function previewOf(form: HTMLFormElement, variants: readonly number[]): string {
  const read = readProduct(new FormData(form), variants);
  if ('errors' in read) return '';
  const { title, variants: made } = read.value;
  const options = made.map(({ title: option, stock, ...offer }) => {
    const units = stock === 1 ? '1 unit' : `${stock} units`;
    const prices = pricesOf(offer).map((price) => formatMoney(price));
    return `${option} at ${prices.join(' or ')}, ${units}`;
  });
  return `The shop will show ${title} at once: ${options.join('; ')}.`;
}
