import { NIGERIAN_STATES, needsState, statesOf } from '../contract/typed/places.ts';
import { compactText } from '../search/fold-text.ts';
import { countryName } from './country.ts';

/** The Federal Capital Territory, as people call it. */
const CAPITAL = ['fct', 'abuja', 'abujafct', 'fctabuja', 'federalcapitalterritoryabuja'];

const NIGERIAN_STATE = new Map<string, string>([
  ...Object.entries(NIGERIAN_STATES).flatMap(([code, name]): [string, string][] => [
    [compactText(name), name],
    [`${compactText(name)}state`, name],
    [code.toLowerCase(), name],
    [`ng${code.toLowerCase()}`, name],
  ]),
  ...CAPITAL.map((name): [string, string] => [name, NIGERIAN_STATES.FC ?? 'Federal Capital Territory']),
  ['nassarawa', 'Nasarawa'],
]);

export type ReadState = { state?: string } | { problem: string };

/** The state as the country writes it, in any writing of a Nigerian one; or what is wrong with it. */
export function readState(state: string | undefined, country: string): ReadState {
  if (state === undefined)
    return needsState(country) ? { problem: `must be given for an address in ${countryName(country)}` } : {};
  if (statesOf(country).length === 0) return { state };
  const known = NIGERIAN_STATE.get(compactText(state));
  if (known !== undefined) return { state: known };
  return {
    problem: `must be one of Nigeria's 36 states or the Federal Capital Territory; “${state}” is none of them`,
  };
}
