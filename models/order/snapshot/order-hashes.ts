import { createHash } from 'node:crypto';
import mongoose, { type mongo } from 'mongoose';
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

/** SHA-256, 32 bytes, over plain data in canonical form: keys sorted, absent and undefined alike. */
export function hashOf(value: unknown): mongo.Binary {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest();
  return new mongoose.mongo.Binary(digest);
}

export function isSameHash(a: mongo.Binary, b: mongo.Binary): boolean {
  return Buffer.compare(a.buffer, b.buffer) === 0;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  );
}
