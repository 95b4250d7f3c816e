/** The contact and the address of an order: as corrected by staff, else as they were at checkout. */
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
