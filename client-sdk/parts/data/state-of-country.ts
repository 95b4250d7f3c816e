/** The state of an address whose country changes in the form. Pure. */
import type { FieldErrors } from './errors.ts';

export interface StateOfCountry {
  /** As the field begins. */
  value: string;
  error: string | undefined;
}

interface Entered {
  /** As it is chosen now. */
  country: string;
  initial: { country?: string; state?: string | null | undefined };
  /** Those that the shop lists for the country; empty where the state is a text. */
  states: readonly string[];
  /** Of the last attempt to send. */
  errors: FieldErrors;
  /** Those that stood there when the country was changed: they say nothing of the new one. */
  outdated: FieldErrors | null;
}

/** A state belongs to its country alone: another country begins without one, and without the fault of the other's. */
export function stateOfCountry({ country, initial, states, errors, outdated }: Entered): StateOfCountry {
  const kept = country === initial.country ? (initial.state ?? '') : '';
  return {
    value: states.length === 0 || states.includes(kept) ? kept : '',
    error: errors === outdated ? undefined : errors.state,
  };
}
