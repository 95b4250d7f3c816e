interface Archivable {
  archivedAt?: Date;
}

/** The condition of isPurchasable on one document, as a filter; null also matches a missing field. */
export const NOT_ARCHIVED = { archivedAt: null } as const;

/** False also when only the product is archived. */
export function isPurchasable<T extends Archivable>(
  variant: T | undefined,
  product: Archivable | undefined,
): variant is T {
  return variant !== undefined && product !== undefined && !variant.archivedAt && !product.archivedAt;
}

/** 0 for a variant that is missing or archived. */
export function unitsAvailable(
  variant: (Archivable & { stock: number }) | undefined,
  product: Archivable | undefined,
): number {
  return isPurchasable(variant, product) ? variant.stock : 0;
}
