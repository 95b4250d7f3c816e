/** For staff: what was corrected on an order, its notes and its tags. */

import { toAddressView } from '../../../models/address/address.ts';
import { ADDRESS_FIELDS, CONTACT_FIELDS } from '../../../models/contract/staff/corrections.ts';
import type { StaffOrderView } from '../../../models/contract/staff-orders.ts';
import { addressOf, contactOf } from '../../../models/order/contact.ts';
import type { Order } from '../../../models/order/order-document.ts';
import { type ActorNames, toActorView } from './actor-view.ts';

type CorrectionParts = Pick<StaffOrderView, 'differs' | 'corrections' | 'notes' | 'tags'>;

export function toCorrectionParts(order: Order, names: ActorNames): CorrectionParts {
  return {
    differs: differencesOf(order),
    corrections: (order.corrections ?? []).map(({ at, by, was: { address, ...was } }) => ({
      at: at.toISOString(),
      by: toActorView(by, names),
      was: { ...was, ...(address === undefined ? {} : { address: toAddressView(address) }) },
    })),
    notes: (order.notes ?? []).map(({ key, at, by, text }) => ({
      id: key.id,
      at: at.toISOString(),
      by: toActorView(by, names),
      text,
    })),
    tags: order.tags ?? [],
  };
}

function differencesOf(order: Order): CorrectionParts['differs'] {
  const { contactSnapshot, shippingAddressSnapshot } = order;
  const [contact, address] = [contactOf(order), addressOf(order)];
  return [
    ...CONTACT_FIELDS.filter((field) => field !== 'phone').map((field) => ({
      ...{ of: 'contact' as const, field, atCheckout: contactSnapshot[field], now: contact[field] },
    })),
    ...ADDRESS_FIELDS.map((field) => ({
      ...{ of: 'address' as const, field },
      atCheckout: shippingAddressSnapshot[field] ?? null,
      now: address[field] ?? null,
    })),
  ].filter(({ atCheckout, now }) => atCheckout !== now);
}
