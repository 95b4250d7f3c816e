import type { Types } from 'mongoose';

export interface VariantQuantity {
  variantId: Types.ObjectId;
  quantity: number;
}

/** One entry per variant: lines of the same variant are merged, in the order of their first line. */
export function quantitiesByVariant(lines: readonly VariantQuantity[]): VariantQuantity[] {
  const merged = new Map<string, VariantQuantity>();
  for (const { variantId, quantity } of lines) {
    const key = String(variantId);
    merged.set(key, { variantId, quantity: (merged.get(key)?.quantity ?? 0) + quantity });
  }
  return [...merged.values()];
}
