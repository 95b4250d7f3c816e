interface Archivable {
  archivedAt?: Date;
}

/** The same rule as a filter: products and variants that are on sale. */
export const NOT_ARCHIVED = { archivedAt: null } as const;

/** A variant is on sale while neither it nor its product is archived. */
export function isPurchasable<T extends Archivable>(
  variant: T | undefined,
  product: Archivable | undefined,
): variant is T {
  return variant !== undefined && product !== undefined && !variant.archivedAt && !product.archivedAt;
}

/** Units that can be sold: none of a variant that is missing or archived. */
export function unitsAvailable(
  variant: (Archivable & { stock: number }) | undefined,
  product: Archivable | undefined,
): number {
  return isPurchasable(variant, product) ? variant.stock : 0;
}
