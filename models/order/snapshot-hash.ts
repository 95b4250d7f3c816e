import { createHash } from 'node:crypto';
import type { Order } from './order-document.ts';

export type FrozenOrder = Pick<
  Order,
  'items' | 'shippingAddressSnapshot' | 'contactSnapshot' | 'currency' | 'subtotal' | 'shippingFee' | 'total'
>;

/** SHA-256, hex, over the fields that never change after checkout. The same before and after storing. */
export function snapshotHash(order: FrozenOrder): string {
  const { items, shippingAddressSnapshot, contactSnapshot, currency, subtotal, shippingFee, total } = order;
  const frozen = { items, shippingAddressSnapshot, contactSnapshot, currency, subtotal, shippingFee, total };
  return hashOf(frozen);
}

/** SHA-256, hex, over plain data in canonical form: keys sorted, absent and undefined alike. */
export function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex');
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
