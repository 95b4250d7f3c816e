import type { ShippingAddress } from '@orders-module/client';
import { countryName } from '../data/address.ts';

/** A line for each part, isolated from the others, so that each keeps its own writing direction. */
export function AddressBlock({ address }: { address: ShippingAddress }) {
  const { name, line1, line2, city, state, postalCode, country, phone } = address;
  const town = [postalCode, city].filter(Boolean).join(' ');
  // Keys by field, because city and state may be equal.
  const lines = { name, line1, line2, town, state, country: countryName(country), phone };
  return <address>{Object.entries(lines).map(([part, text]) => (text ? <bdi key={part}>{text}</bdi> : null))}</address>;
}
