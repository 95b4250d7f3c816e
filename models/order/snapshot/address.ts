export interface Address {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  state: string;
  postalCode?: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  phone: string;
}

/** An address as entered: an optional field may be missing or empty. */
export interface EnteredAddress extends Omit<Address, 'line2' | 'postalCode'> {
  line2?: string | undefined;
  postalCode?: string | undefined;
}

/** Leaves out optional fields that hold nothing, so that a stored address, its hash and its view agree. */
export function withoutEmptyFields({ line2, postalCode, ...required }: EnteredAddress): Address {
  return { ...required, ...(line2 ? { line2 } : {}), ...(postalCode ? { postalCode } : {}) };
}
