/** The parts of the shop's settings. Each is saved alone; they share one version. */
import {
  type Currency,
  parseMoney,
  type RouterInputs,
  type RouterOutputs,
  type ShopSettingsInput,
} from '@orders-module/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';

type Admin = RouterInputs['admin'];
type Values<K extends keyof Admin> = Omit<Admin[K], 'version'>;

export type Appearance = RouterOutputs['admin']['appearance'];
export type Policies = RouterOutputs['admin']['policies'];
export type PolicyName = keyof Policies['policies'];
export type Carriers = RouterOutputs['admin']['carriers'];
export type Limits = RouterOutputs['admin']['limits'];
export type ColourPreview = RouterOutputs['admin']['previewColour'];

// A form must not change under the hands of the person who fills it in.
const ofForm = { refetchOnWindowFocus: false, staleTime: 0 } as const;

export const settingsQuery = queryOptions({
  queryKey: ['staff', 'settings'],
  queryFn: async ({ signal }) => {
    const { shopSettings, appearance, policies, carriers, limits } = client.admin;
    const options = { signal };
    const [shop, looks, texts, parcels, bounds] = await Promise.all([
      shopSettings.query(undefined, options),
      appearance.query(undefined, options),
      policies.query(undefined, options),
      carriers.query(undefined, options),
      limits.query(undefined, options),
    ]);
    return { shop, looks, texts, parcels, bounds };
  },
  ...ofForm,
});

interface Versioned {
  version: number;
}

/**
 * Saves one part as it was `shown`. If only other parts have changed meanwhile, it is saved on top of them. `outdated`: this
 * part has changed, nothing was saved, and the result holds it as it is now.
 */
export async function savePart<V extends Versioned, R extends V & { outcome: 'changed' | 'outdated' }>(
  shown: V,
  save: (version: number) => Promise<R>,
): Promise<R> {
  let result = await save(shown.version);
  for (let tries = 0; tries < 3 && result.outcome === 'outdated' && isAlike(result, shown); tries += 1)
    result = await save(result.version);
  return result;
}

function isAlike(one: Versioned, other: Versioned): boolean {
  const valuesOf = (part: Versioned) =>
    Object.entries(part)
      .filter(([name]) => name !== 'version' && name !== 'outcome')
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(valuesOf(one)) === JSON.stringify(valuesOf(other));
}

const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

/** An empty field is left out, which removes the value. */
function given<K extends string>(form: FormData, key: K, name: string = key): Partial<Record<K, string>> {
  const text = textOf(form, name);
  return (text === '' ? {} : { [key]: text }) as Partial<Record<K, string>>;
}

export function readShop(form: FormData): Omit<ShopSettingsInput, 'version'> {
  return {
    shopName: textOf(form, 'shopName'),
    contact: { ...given(form, 'email', 'contact.email'), ...given(form, 'phone', 'contact.phone') },
    ...given(form, 'replyTo'),
    recipients: textOf(form, 'recipients')
      .split(/[\n,;]+/)
      .map((address) => address.trim())
      .filter((address) => address !== ''),
    newOrdersMinutes: Number(textOf(form, 'newOrdersMinutes')),
  };
}

export function readAppearance(form: FormData): Values<'setAppearance'> {
  return { ...given(form, 'logo'), ...given(form, 'colour') };
}

export function readPolicies(form: FormData): Values<'setPolicies'> {
  return { policies: { ...given(form, 'returns'), ...given(form, 'delivery'), ...given(form, 'privacy') } };
}

export type CarrierRow = Carriers['carriers'][number];

export function readCarriers(form: FormData): CarrierRow[] {
  const links = form.getAll('trackingUrl').map((link) => String(link).trim());
  return form.getAll('name').map((name, index) => {
    const trackingUrl = links[index] ?? '';
    return { name: String(name).trim(), ...(trackingUrl === '' ? {} : { trackingUrl }) };
  });
}

/** Throws FormError for a sum or a number that cannot be one. */
export function readLimits(form: FormData, currency: Currency): Values<'setLimits'> {
  const sum = textOf(form, 'supportRefund');
  const supportRefund = sum === '' ? undefined : parseMoney(sum, currency);
  if (supportRefund === null) throw new FormError('Support’s limit is no sum. Enter one like 5000, or leave it empty.');
  const units = textOf(form, 'lowStock');
  if (units !== '' && !/^\d{1,9}$/.test(units)) throw new FormError('A low stock is a whole number of units.');
  return {
    ...(supportRefund === undefined ? {} : { supportRefund }),
    ...(units === '' ? {} : { lowStock: Number(units) }),
  };
}
