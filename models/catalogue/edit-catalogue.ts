/**
 * Staff's side of the catalogue: products and variants made, edited and archived, never deleted. Every change of stock
 * stands in the ledger by the same transaction, conditional so that stock never goes below 0, and is a delta: an
 * absolute number would undo the sales made meanwhile. Every other change is noted on the document with who made it. Called by routers/admin-catalog and by seeds.
 */

import { Types } from 'mongoose';
import { MAX_STOCK } from '../contract/limits.ts';
import type { Currency } from '../contract/money.ts';
import type { Database } from '../db/database.ts';
import { isDuplicateKey } from '../db/mongo-errors.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError, invalidInput, notFound } from '../errors.ts';

import { auditEntry, type CatalogActor, catalogChange } from './catalogue-change.ts';
import type { Product } from './product.ts';
import { staffMovement } from './stock-movement.ts';
import type { Variant } from './variant.ts';

export type ProductInput = Pick<Product, 'slug' | 'title' | 'description' | 'category'>;

/** Throws INVALID_INPUT for a slug that is taken, also by an archived product. */
export async function createProduct(db: Database, input: ProductInput, by: CatalogActor): Promise<Product> {
  const product: Product = {
    _id: new Types.ObjectId(),
    ...input,
    createdAt: by.now,
    changes: [catalogChange('made', by)],
  };
  await refuseDuplicate('slug', () => db.products.create(product));
  return product;
}

/** What an edit changes; a field that is not given stays. */
export type Changes<T> = { [K in keyof T]?: T[K] | undefined };

/** May be repeated. Orders keep what they were sold as. Throws NOT_FOUND, INVALID_INPUT for a slug that is taken. */
export async function editProduct(
  db: Database,
  id: Types.ObjectId,
  changes: Changes<ProductInput>,
  by: CatalogActor,
): Promise<Product> {
  const update = () =>
    db.products.findByIdAndUpdate(id, edit(changes, by), { returnDocument: 'after' }).lean<Product>();
  const product = await refuseDuplicate('slug', update);
  if (!product) throw notFound('Product');
  return product;
}

/** Takes a product out of the catalogue with all its variants. May be repeated: the first time stands. Throws NOT_FOUND. */
export async function archiveProduct(db: Database, id: Types.ObjectId, by: CatalogActor): Promise<Product> {
  return inTransaction(db, async (session) => {
    await db.products.updateOne({ _id: id, archivedAt: null }, archiving(by), { session });
    const product = await db.products.findById(id).session(session).lean<Product>();
    if (!product) throw notFound('Product');
    await db.variants.updateMany({ productId: id, archivedAt: null }, archiving(by), { session });
    return product;
  });
}

export interface VariantInput {
  productId: Types.ObjectId;
  sku: string;
  title: string;
  /** Subunits, at least 1. */
  price: number;
  currency: Currency;
  /** The first stock, 0 or more. */
  stock: number;
}

/** Makes a variant, its first stock in the ledger. Throws NOT_FOUND for the product, INVALID_INPUT for a SKU that is taken. */
export async function createVariant(db: Database, input: VariantInput, by: CatalogActor): Promise<Variant> {
  const changes = [catalogChange('made', by)];
  const variant: Variant = { _id: new Types.ObjectId(), ...input, reserved: 0, changes };
  const insert = () =>
    inTransaction(db, async (session) => {
      const product = await db.products.exists({ _id: input.productId, archivedAt: null }).session(session);
      if (!product) throw notFound('Product');
      await db.variants.create([variant], { session });
      if (variant.stock === 0) return;
      const movement = staffMovement('initial', variant._id, variant.stock, 'first stock', by.actor, by.now);
      await db.stockMovements.create([movement], { session });
    });
  await refuseDuplicate('sku', insert);
  return variant;
}

/** Not the stock, which only adjustStock changes, and not the currency, which carts hold on to. May be repeated. Throws NOT_FOUND. */
export async function editVariant(
  db: Database,
  id: Types.ObjectId,
  changes: Changes<Pick<Variant, 'title' | 'price'>>,
  by: CatalogActor,
): Promise<Variant> {
  const variant = await db.variants
    .findByIdAndUpdate(id, edit(changes, by), { returnDocument: 'after' })
    .lean<Variant>();
  if (!variant) throw notFound('Variant');
  return variant;
}

/** May be repeated: the first time stands. Paid orders that hold none of it are cancelled as short. Throws NOT_FOUND. */
export async function archiveVariant(db: Database, id: Types.ObjectId, by: CatalogActor): Promise<Variant> {
  await db.variants.updateOne({ _id: id, archivedAt: null }, archiving(by));
  const variant = await db.variants.findById(id).lean<Variant>();
  if (!variant) throw notFound('Variant');
  return variant;
}

/**
 * Adds `delta` units (negative takes away; not 0) to the free stock, with its row in the ledger. Not idempotent: after a
 * lost reply look at the stock first. Throws NOT_FOUND, INSUFFICIENT_STOCK below 0, INVALID_INPUT above 10⁹.
 */
export async function adjustStock(
  db: Database,
  id: Types.ObjectId,
  delta: number,
  reason: string,
  { actor, now }: CatalogActor,
): Promise<Variant> {
  return inTransaction(db, async (session) => {
    const fits = { _id: id, stock: { $gte: -delta, $lte: MAX_STOCK - delta } };
    const options = { session, returnDocument: 'after' } as const;
    const variant = await db.variants.findOneAndUpdate(fits, { $inc: { stock: delta } }, options).lean<Variant>();
    if (!variant) throw stockRefusal(await db.variants.findById(id).session(session).lean<Variant>(), delta);
    await db.stockMovements.create([staffMovement('adjustment', id, delta, reason, actor, now)], { session });
    return variant;
  });
}

function stockRefusal(variant: Variant | null, delta: number): AppError {
  if (!variant) return notFound('Variant');
  if (delta > 0) return invalidInput('delta', `the stock may be at most ${MAX_STOCK}`);
  const { _id, sku, stock } = variant;
  return new AppError('INSUFFICIENT_STOCK', `There are only ${stock} of ${sku} to take from.`, {
    details: { shortages: [{ variantId: String(_id), sku, requested: -delta, available: stock }] },
  });
}

/** Turns a violated unique index into the field's error; outside of any transaction, which the error has ended. */
async function refuseDuplicate<T>(field: 'slug' | 'sku', write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isDuplicateKey(error, field)) throw invalidInput(field, 'is taken');
    throw error;
  }
}

/** An edit's update: the fields that are given, and a note of them; nothing at all when none is. */
function edit(changes: Changes<{ [field: string]: string | number }>, by: CatalogActor) {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (given.length === 0) return {};
  // A description is long, and changed as a whole.
  const words = given.map(([field, value]) => (field === 'description' ? field : `${field}: ${value}`));
  return { $set: Object.fromEntries(given), ...auditEntry(`edited ${words.join(', ')}`, by) };
}

function archiving(by: CatalogActor) {
  return { $set: { archivedAt: by.now }, ...auditEntry('archived', by) };
}
