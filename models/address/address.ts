export interface Address {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  /** Missing where the country's addresses have none. */
  state?: string;
  postalCode?: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** As it was typed. */
  phone: string;
  /** The first number in `phone`, as machines dial it: `+2348031234567`. */
  phoneE164: string;
}

/** As people see it and type it again. */
export function toAddressView({ phoneE164: _, ...shown }: Address): Omit<Address, 'phoneE164'> {
  return shown;
}
