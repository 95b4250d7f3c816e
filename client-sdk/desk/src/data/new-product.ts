/** A new product as the form has it. */
import { parseMoney, type RouterInputs } from '@orders-module/client';
import { CURRENCIES } from '../../../../models/contract/money.ts';
import type { OtherPrice } from '../../../../models/contract/pricing/price-in.ts';
import type { Checked } from '../../../parts/sign-in/checked-form.ts';
import { readOtherPrices } from './other-prices.ts';
import type { Currency } from './products.ts';

type Typed = Omit<RouterInputs['admin']['createVariant'], 'productId' | 'currency' | 'otherPrices'>;
type Variant = Typed & { currency: Currency; otherPrices?: OtherPrice[] };
export type NewProduct = Omit<RouterInputs['admin']['createProduct'], 'variants'> & { variants: Variant[] };

/** "Brass lamp, large" → "brass-lamp-large". Empty for a title without a Latin letter or digit. */
export function toSlug(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 100)
    .replace(/^-+|-+$/g, '');
}

export function readVariant(form: FormData, prefix: string): Checked<Variant> {
  const text = (name: string) => String(form.get(`${prefix}${name}`) ?? '').trim();
  const currency = text('currency') as Currency;
  const price = parseMoney(text('price'), currency);
  const others = readOtherPrices(
    form,
    prefix,
    CURRENCIES.filter((one) => one !== currency),
  );
  const stock = text('stock') === '' ? 0 : Number(text('stock'));
  const errors = {
    ...(text('title') === '' ? { [`${prefix}title`]: 'Name the option, like “Blue, L” or “One size”.' } : {}),
    ...(text('sku') === '' ? { [`${prefix}sku`]: 'Enter the SKU.' } : {}),
    ...(price === null ? { [`${prefix}price`]: 'Write a price like 1500 or 1500.50.' } : {}),
    ...('errors' in others ? others.errors : {}),
    ...(Number.isSafeInteger(stock) && stock >= 0 ? {} : { [`${prefix}stock`]: 'Write a whole number of units.' }),
  };
  if (Object.keys(errors).length > 0) return { errors };
  const otherPrices = 'value' in others && others.value.length > 0 ? { otherPrices: others.value } : {};
  const named = { title: text('title'), sku: text('sku').toUpperCase() };
  return { value: { ...named, price: price ?? 0, currency, ...otherPrices, stock } };
}

/** `variants`: the numbers of the form's variants, as their fields are named. */
export function readProduct(form: FormData, variants: readonly number[]): Checked<NewProduct> {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const read = variants.map((number, index) => ({ index, read: readVariant(form, `variant${number}.`) }));
  const errors = {
    ...(text('title') === '' ? { title: 'Enter a title.' } : {}),
    ...(text('slug') === '' ? { slug: 'Enter an address, like brass-lamp.' } : {}),
    ...(text('category') === '' ? { category: 'Enter a category.' } : {}),
    ...(text('description') === '' ? { description: 'Describe the product.' } : {}),
    ...Object.assign({}, ...read.map(({ read: one }) => ('errors' in one ? one.errors : {}))),
  };
  if (Object.keys(errors).length > 0) return { errors };
  return {
    value: {
      ...{ title: text('title'), slug: text('slug'), category: text('category'), description: text('description') },
      variants: read.flatMap(({ read: one }) => ('value' in one ? [one.value] : [])),
    },
  };
}
