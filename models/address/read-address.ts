import { AppError } from '../errors.ts';
import type { Address } from './address.ts';
import { countryProblem, isCountry } from './country.ts';
import { readPhone } from './phone.ts';
import { readState } from './state.ts';

/** As its schema passed it on: each field is fine by itself. */
export interface EnteredAddress extends Omit<Address, 'line2' | 'state' | 'postalCode' | 'phoneE164'> {
  line2?: string | undefined;
  state?: string | undefined;
  postalCode?: string | undefined;
}

/**
 * Reads the state and the phone number by the rules of the address's country. May be repeated on what it returned. Throws
 * INVALID_INPUT that names each wrong field below `path`.
 */
export function readAddress({ line2, state, postalCode, ...entered }: EnteredAddress, path: string): Address {
  const { country, phone } = entered;
  if (!isCountry(country)) throw invalidFields(path, { country: countryProblem(country) });
  const [readsState, readsPhone] = [readState(state, country), readPhone(phone, country)];
  if ('problem' in readsState || 'problem' in readsPhone)
    throw invalidFields(path, {
      ...('problem' in readsState ? { state: readsState.problem } : {}),
      ...('problem' in readsPhone ? { phone: readsPhone.problem } : {}),
    });
  return {
    ...entered,
    ...(line2 === undefined ? {} : { line2 }),
    ...readsState,
    ...(postalCode === undefined ? {} : { postalCode }),
    ...readsPhone,
  };
}

function invalidFields(path: string, problems: Record<string, string>): AppError<'INVALID_INPUT'> {
  const issues = Object.entries(problems).map(([field, message]) => ({ path: `${path}.${field}`, message }));
  const [first] = issues;
  return new AppError('INVALID_INPUT', `${first?.path}: ${first?.message}`, { details: { issues } });
}
