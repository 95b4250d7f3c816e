/** New products and variants, and how a transaction stores them with their first stock. */
import { type ClientSession, Types } from 'mongoose';
import type { Currency } from '../../contract/money.ts';
import type { OtherPrice } from '../../contract/pricing/price-in.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { type CatalogActor, catalogChange } from '../catalogue-change.ts';
import { storedPrices } from '../prices/other-prices.ts';
import type { Product } from '../product.ts';
import { categoryKeyOf } from '../search/words.ts';
import { initialMovement } from '../stock-movement.ts';
import type { Variant } from '../variant.ts';

export type ProductInput = Pick<Product, 'slug' | 'title' | 'description' | 'category'>;

export interface VariantInput {
  productId: Types.ObjectId;
  sku: string;
  title: string;
  /** Subunits, at least 1. */
  price: number;
  currency: Currency;
  /** Never in `currency`. */
  otherPrices?: readonly OtherPrice[] | undefined;
  /** The initial stock, 0 or more. */
  stock: number;
}

export function newProduct({ slug, title, description, category }: ProductInput, by: CatalogActor): Product {
  return {
    _id: new Types.ObjectId(),
    ...{ slug, title, description, category },
    slugs: [slug],
    categoryKey: categoryKeyOf(category),
    createdAt: by.now,
    changes: [catalogChange('made', by)],
  };
}

export function newVariant({ otherPrices, ...input }: VariantInput, by: CatalogActor): Variant {
  const prices = storedPrices(otherPrices);
  return { _id: new Types.ObjectId(), ...input, ...prices, reserved: 0, changes: [catalogChange('made', by)] };
}

/** With the ledger's row of the first stock. */
export async function insertVariant(
  db: Database,
  variant: Variant,
  by: CatalogActor,
  session: ClientSession,
): Promise<void> {
  await driverCollection(db.variants).insertOne(variant, { session });
  if (variant.stock === 0) return;
  const movement = initialMovement(variant._id, variant.stock, 'first stock', by);
  await driverCollection(db.stockMovements).insertOne(movement, { session });
}
