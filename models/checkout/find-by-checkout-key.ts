import { isDeepStrictEqual } from 'node:util';
import type { Address } from '../address/address.ts';
import { numbersIn } from '../address/phone.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { AppError } from '../errors.ts';
import type { Order } from '../order/order-document.ts';
import { hashOf, isSameHash } from '../order/snapshot/order-hashes.ts';
import type { PlaceOrderInput } from './compose-order.ts';

/** The order of an earlier call with this checkoutKey. Throws CHECKOUT_KEY_REUSED if that call had other input. */
export async function findByCheckoutKey(db: Database, input: PlaceOrderInput): Promise<Order | null> {
  const { userId, checkoutKey } = input;
  const order = await driverCollection(db.orders).findOne({ userId, checkoutKey });
  if (!order) return null;
  // expectedTotal is not stored: the order was only created if it equalled the total.
  const sameTotal = input.expectedTotal === undefined || input.expectedTotal === order.total;
  const sameCurrency = input.expectedCurrency === undefined || input.expectedCurrency === order.currency;
  if (!isSameHash(order.checkoutInputHash, hashOf(asPlaced(order, input))) || !sameTotal || !sameCurrency) {
    throw new AppError(
      'CHECKOUT_KEY_REUSED',
      'This checkout was begun with something else, such as another address or total; begin a new one.',
    );
  }
  return order;
}

/** The order's page pays it once more with the address as staff corrected it, which is the same checkout. */
function asPlaced(order: Order, { sent, shippingAddress }: PlaceOrderInput): object {
  const isCorrected = order.deliverTo !== undefined && isDeepStrictEqual(shippingAddress, order.deliverTo);
  return isCorrected ? { ...sent, shippingAddress: asCompared(order.shippingAddressSnapshot) } : sent;
}

/** Another writing of the same numbers is the same address: a repeat may come from another form. */
export function asCompared(address: Address): object {
  return { ...address, phone: numbersIn(address.phone, address.country).map(({ typed, e164 }) => e164 ?? typed) };
}
