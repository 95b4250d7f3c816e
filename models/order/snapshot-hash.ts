/** The hash over everything of an order that must never change, written at checkout and compared by tests and the audit. */
import { createHash } from 'node:crypto';
import type { Order } from './order-document.ts';

export type FrozenOrder = Pick<
  Order,
  'items' | 'shippingAddressSnapshot' | 'contactSnapshot' | 'currency' | 'subtotal' | 'shippingFee' | 'total'
>;

/** SHA-256, hex, over a canonical form: keys sorted, absent and undefined alike. The same before and after storing. */
export function snapshotHash(order: FrozenOrder): string {
  const { items, shippingAddressSnapshot, contactSnapshot, currency, subtotal, shippingFee, total } = order;
  const frozen = { items, shippingAddressSnapshot, contactSnapshot, currency, subtotal, shippingFee, total };
  return hashOf(frozen);
}

/** SHA-256, hex, of any plain data in canonical form. */
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
