/** Facts about countries for the form of an address, by the rules that the shop checks. */
import * as contract from '../../models/contract/typed/places.ts';

/** The countries that the shop takes, as ISO 3166-1 alpha-2. `Intl.DisplayNames` has their names. */
export function countryCodes(): readonly string[] {
  return contract.countryCodes();
}

/** True where an address is incomplete without a state, province or the like. */
export function needsState(country: string): boolean {
  return contract.needsState(country);
}

/** The only states that the shop takes for this country, for a list; empty where any text is taken. */
export function statesOf(country: string): readonly string[] {
  return contract.statesOf(country);
}
