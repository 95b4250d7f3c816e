import type { Types } from 'mongoose';
import { readPhone } from '../address/phone.ts';
import { CONTACT_FIELDS } from '../contract/staff/corrections.ts';
import type { Database } from '../db/database.ts';
import { invalidInput } from '../errors.ts';
import { changeOrder } from '../order/change-order.ts';
import { addressOf, contactOf } from '../order/contact.ts';
import { assertHistoryHasRoom } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Correction, Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';

/** A field that is undefined stays as it is. */
export interface ContactCorrection {
  email?: string | undefined;
  name?: string | undefined;
  /** An order has one phone number, which is part of its address. */
  phone?: string | undefined;
  actor: Actor;
  now: Date;
}

/**
 * Corrects whom the shop writes to, in any state of the order. A new email also queues the order's parked emails, in the
 * same transaction. A repeat changes nothing. Throws
 * INVALID_INPUT for a phone that holds no number, and ORDER_STATE_CONFLICT only when the history is full.
 */
export async function correctContact(db: Database, orderId: Types.ObjectId, correction: ContactCorrection) {
  const decide = (order: Order) => decideContactCorrection(order, correction);
  return (await changeOrder(db, orderId, decide, correction.now)).order;
}

export function decideContactCorrection(order: Order, { actor, now, ...given }: ContactCorrection): OrderChange | null {
  const [contact, address] = [contactOf(order), addressOf(order)];
  const before = { email: contact.email, name: contact.name, phone: address.phone };
  const after = {
    email: given.email ?? before.email,
    name: given.name ?? before.name,
    phone: given.phone ?? before.phone,
  };
  const fields = CONTACT_FIELDS.filter((field) => after[field] !== before[field]);
  if (fields.length === 0) return null;
  assertHistoryHasRoom(order);
  const { email, name, phone } = after;
  const was: Correction['was'] = {};
  for (const field of fields) was[field] = before[field];
  return {
    set: {
      ...(email === contact.email && name === contact.name ? {} : { contact: { email, name } }),
      ...(phone === address.phone ? {} : { deliverTo: { ...address, ...readPhoneOf(phone, address.country) } }),
      corrections: [...(order.corrections ?? []), { at: now, by: actor, was }],
    },
    actor,
    event: { type: 'contact_corrected', data: { fields } },
    ...(email === contact.email ? {} : { requeue: 'parked' }),
  };
}

function readPhoneOf(phone: string, country: string): { phone: string; phoneE164: string } {
  const read = readPhone(phone, country);
  if ('problem' in read) throw invalidInput('phone', read.problem);
  return { phone, ...read };
}
