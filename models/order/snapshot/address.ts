import type { Address } from '../order-document.ts';

/** An address as entered: an optional field may be missing or empty. */
export interface EnteredAddress extends Omit<Address, 'line2' | 'postalCode'> {
  line2?: string | undefined;
  postalCode?: string | undefined;
}

/** Leaves out optional fields that hold nothing, so that a stored address, its hash and its view agree. */
export function withoutEmptyFields({ line2, postalCode, ...required }: EnteredAddress): Address {
  return { ...required, ...(line2 ? { line2 } : {}), ...(postalCode ? { postalCode } : {}) };
}
