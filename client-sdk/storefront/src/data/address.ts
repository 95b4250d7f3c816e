/** The delivery address: checks that spare a round trip (the server's rules decide), the last address, countries. */
import type { ShippingAddress } from '@orders-module/client';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import type { FieldErrors } from './errors.ts';

const REQUIRED = {
  name: 'Enter the name of who receives it.',
  line1: 'Enter the street and house number.',
  city: 'Enter the city or town.',
  state: 'Enter the state or region.',
  country: 'Choose a country.',
  phone: 'Enter a phone number for the courier.',
} as const;

const PHONE = /^\+?[0-9 ()-]{5,25}$/;

/** The form's address, or its errors by field. */
export function readAddress(form: FormData): { address: ShippingAddress } | { errors: FieldErrors } {
  const text = (name: keyof ShippingAddress) => String(form.get(name) ?? '').trim();
  const errors: Record<string, string> = {};
  for (const [name, message] of Object.entries(REQUIRED)) {
    if (String(form.get(name) ?? '').trim() === '') errors[name] = message;
  }
  const phone = text('phone');
  if (phone !== '' && !PHONE.test(phone)) errors.phone = 'Enter a phone number, like +234 801 234 5678.';
  if (Object.keys(errors).length > 0) return { errors };
  const line2 = text('line2');
  const postalCode = text('postalCode');
  return {
    address: {
      name: text('name'),
      line1: text('line1'),
      ...(line2 === '' ? {} : { line2 }),
      city: text('city'),
      state: text('state'),
      ...(postalCode === '' ? {} : { postalCode }),
      country: text('country'),
      phone,
    },
  };
}

let typed: { email: string; address: ShippingAddress } | null = null;

/** Keeps the typed address in memory, so that it survives a session that expires at "Pay". `email` is the shopper's. */
export function keepTypedAddress(email: string, address: ShippingAddress): void {
  typed = { email, address };
}

/** The address that this shopper typed; null if there is none, or another shopper typed it. */
export function typedAddress(email: string): ShippingAddress | null {
  return typed?.email === email ? typed.address : null;
}

/** A short limit, ms: after it the shopper types the address. */
const BRIEFLY = { context: { timeoutMs: 1_500 } };

/** The address of the last order; null if there is none. */
export const lastAddressQuery = queryOptions({
  queryKey: ['last-address'],
  queryFn: async () => {
    const { items } = await client.orders.list.query({ limit: 1 }, BRIEFLY);
    const [last] = items;
    return last ? (await client.orders.get.query({ id: last.id }, BRIEFLY)).shippingAddress : null;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** ISO 3166-1 alpha-2. */
const COUNTRY_CODES =
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

/** Listed first: Paystack's countries, the destination of most parcels. */
const NEAR = ['NG', 'GH', 'KE', 'ZA', 'CI'];

/** Codes with their English names, sorted for a list. */
export function countries(): { near: Country[]; others: Country[] } {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const named = (code: string): Country => ({ code, name: names.of(code) ?? code });
  const others = COUNTRY_CODES.split(' ')
    .filter((code) => !NEAR.includes(code))
    .map(named)
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  return { near: NEAR.map(named), others };
}

export interface Country {
  code: string;
  name: string;
}

export function countryName(code: string): string {
  return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
}
