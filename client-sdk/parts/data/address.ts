/** The delivery address: checks that spare a round trip (the server's rules decide), the last address, countries. */
import { countryCodes, needsState, type ShippingAddress, statesOf } from '@orders-module/client';
import type { FieldErrors } from './errors.ts';
import { phoneProblem } from './phone.ts';
import { currentSession, subscribe } from './session.ts';

const REQUIRED = {
  name: 'Enter the name of who receives it.',
  line1: 'Enter the street and house number.',
  city: 'Enter the city or town.',
  country: 'Choose a country.',
  phone: 'Enter a phone number for the courier.',
} as const;

/** The form's address, or its errors by field. Numbers, states and the rest are judged by the server, which names what is wrong. */
export function readAddress(form: FormData): { address: ShippingAddress } | { errors: FieldErrors } {
  const text = (name: keyof ShippingAddress) => String(form.get(name) ?? '').trim();
  const country = text('country');
  const errors: Record<string, string> = {};
  for (const [name, message] of Object.entries(REQUIRED)) {
    if (String(form.get(name) ?? '').trim() === '') errors[name] = message;
  }
  if (needsState(country) && text('state') === '') errors.state = stateProblem(country);
  const wrong = text('phone') === '' ? null : phoneProblem(text('phone'));
  if (wrong !== null) errors.phone = wrong;
  if (Object.keys(errors).length > 0) return { errors };
  const fields = ['name', 'line1', 'line2', 'city', 'state', 'postalCode', 'country', 'phone'] as const;
  const given = fields.map((name) => [name, text(name)]).filter(([, value]) => value !== '');
  return { address: { name: '', line1: '', city: '', country, phone: '', ...Object.fromEntries(given) } };
}

function stateProblem(country: string): string {
  return statesOf(country).length > 0 ? 'Choose the state.' : 'Enter the state or region.';
}

let typed: { email: string; address: ShippingAddress } | null = null;

/**
 * Keeps the typed address in memory, so that it survives a session that expires at "Pay", until its owner signs out. `email`
 * is the shopper's.
 */
export function keepTypedAddress(email: string, address: ShippingAddress): void {
  const isFirst = typed?.email !== email;
  typed = { email, address };
  if (!isFirst) return;
  const stop = subscribe(() => {
    if (currentSession()?.user.email === email) return;
    if (typed?.email === email) typed = null;
    stop();
  });
}

/** The address that this shopper typed; null if there is none, or another shopper typed it. */
export function typedAddress(email: string): ShippingAddress | null {
  return typed?.email === email ? typed.address : null;
}

/** Listed first: Paystack's countries, the destination of most parcels. */
const NEAR = ['NG', 'GH', 'KE', 'ZA', 'CI'];

/** Codes with their English names, sorted for a list. */
export function countries(): { near: Country[]; others: Country[] } {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const named = (code: string): Country => ({ code, name: names.of(code) ?? code });
  const others = countryCodes()
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
