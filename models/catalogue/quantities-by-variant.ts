export interface VariantQuantity<Id> {
  variantId: Id;
  quantity: number;
}

/** Merges the lines of the same variant, in the order of their first line. */
export function quantitiesByVariant<Id>(lines: readonly VariantQuantity<Id>[]): VariantQuantity<Id>[] {
  const merged = new Map<string, VariantQuantity<Id>>();
  for (const { variantId, quantity } of lines) {
    const key = String(variantId);
    merged.set(key, { variantId, quantity: (merged.get(key)?.quantity ?? 0) + quantity });
  }
  return [...merged.values()];
}
