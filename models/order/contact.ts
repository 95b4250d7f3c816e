/** Who an order is for and where it goes: as corrected by staff, else as it was at checkout. */
import type { Contact, Order } from './order-document.ts';

export function contactOf({ contact, contactSnapshot }: Pick<Order, 'contact' | 'contactSnapshot'>): Contact {
  return contact ?? contactSnapshot;
}

/** With the one phone number of the order. */
export function addressOf<Part>({
  deliverTo,
  shippingAddressSnapshot,
}: {
  deliverTo?: Part;
  shippingAddressSnapshot: Part;
}): Part {
  return deliverTo ?? shippingAddressSnapshot;
}
