import mongoose, { type mongo } from 'mongoose';
import { sha256OfCanonical } from '../../canonical-json.ts';
import type { Order } from '../order-document.ts';

export type PricedOrder = Pick<Order, 'items' | 'currency' | 'subtotal' | 'shippingFee' | 'delivery' | 'total'>;
export type AddressedOrder = Pick<Order, 'contactSnapshot' | 'shippingAddressSnapshot'>;

/** Over what was sold, for how much, and how it is delivered: the same before and after storing. */
export function moneyHash({ items, currency, subtotal, shippingFee, delivery, total }: PricedOrder): mongo.Binary {
  return hashOf({ items, currency, subtotal, shippingFee, delivery, total });
}

/** Over the personal data of the checkout. A hash of its own, because these fields may have to be erased one day. */
export function personHash({ contactSnapshot, shippingAddressSnapshot }: AddressedOrder): mongo.Binary {
  return hashOf({ contactSnapshot, shippingAddressSnapshot });
}

/** SHA-256, 32 bytes, over plain data in canonical form. */
export function hashOf(value: unknown): mongo.Binary {
  return new mongoose.mongo.Binary(sha256OfCanonical(value));
}

export function isSameHash(a: mongo.Binary, b: mongo.Binary): boolean {
  return Buffer.compare(a.buffer, b.buffer) === 0;
}
