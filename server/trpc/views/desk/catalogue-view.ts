/** Products and variants as staff's procedures answer with them. */
import type { z } from 'zod';
import type { Product } from '../../../../models/catalogue/product.ts';
import type { Variant } from '../../../../models/catalogue/variant.ts';
import type { staffProduct, staffVariant } from '../../../../models/contract/staff-catalogue.ts';

export function toProduct({ _id, archivedAt, pictures = [], rev = 0, ...rest }: Product): z.input<typeof staffProduct> {
  const { slug, title, description, category } = rest;
  return { id: String(_id), slug, title, description, category, pictures, archived: archivedAt !== undefined, rev };
}

export function toVariant({ _id, productId, archivedAt, rev = 0, ...rest }: Variant): z.input<typeof staffVariant> {
  const { sku, title, price, currency, otherPrices = [], stock, reserved } = rest;
  const archived = archivedAt !== undefined;
  const prices = { price, currency, otherPrices: [...otherPrices] };
  return { id: String(_id), productId: String(productId), sku, title, ...prices, stock, reserved, archived, rev };
}
