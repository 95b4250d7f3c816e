import type { Types } from 'mongoose';
import { ADDRESS_FIELDS } from '../contract/staff/corrections.ts';
import type { Database } from '../db/database.ts';
import { changeOrder } from '../order/change-order.ts';
import { addressOf } from '../order/contact.ts';
import { assertHistoryHasRoom, conflict } from '../order/guards.ts';
import type { Actor } from '../order/history.ts';
import type { Address, Order } from '../order/order-document.ts';
import type { OrderChange } from '../order/order-write.ts';

export interface AddressCorrection {
  address: Address;
  actor: Actor;
  now: Date;
}

/**
 * Corrects where the rest of the order goes. The prices stay as they were paid, wherever that is. A repeat changes
 * nothing. Throws ORDER_STATE_CONFLICT once nothing is left to ship.
 */
export async function correctAddress(db: Database, orderId: Types.ObjectId, correction: AddressCorrection) {
  const decide = (order: Order) => decideAddressCorrection(order, correction);
  return (await changeOrder(db, orderId, decide, correction.now)).order;
}

export function decideAddressCorrection(order: Order, { address, actor, now }: AddressCorrection): OrderChange | null {
  const before = addressOf(order);
  const fields = ADDRESS_FIELDS.filter((field) => address[field] !== before[field]);
  if (fields.length === 0) return null;
  assertSomethingToShip(order);
  assertHistoryHasRoom(order);
  return {
    set: {
      deliverTo: address,
      corrections: [...(order.corrections ?? []), { at: now, by: actor, was: { address: before } }],
    },
    actor,
    event: { type: 'address_corrected', data: { fields } },
  };
}

/** A sold order is `confirmed` exactly while units of it are left to ship. */
function assertSomethingToShip(order: Order): void {
  if (order.status !== 'pending' && order.status !== 'confirmed')
    throw conflict(order, 'nothing of it is left to ship, so its address stays; the phone number can be corrected');
}
