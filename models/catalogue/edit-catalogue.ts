/**
 * Staff's changes of the catalogue. Products and variants are archived and never deleted, because orders refer to them.
 * A change of stock is a conditional delta, with its ledger row in the same transaction: an absolute number would undo
 * concurrent sales. Every other change is recorded on the document with its actor.
 */

import type { ClientSession, Types } from 'mongoose';
import { type ActionKey, findRepeat } from '../action-key.ts';
import { MAX_STOCK } from '../contract/limits.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { CommitOutcomeUnknownError, isDuplicateKey, isTransient } from '../db/mongo-errors.ts';
import { READ_MAJORITY } from '../db/read-write-concerns.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError, invalidInput, notFound } from '../errors.ts';

import { auditEntry, type CatalogActor, changedMeanwhile, hasRev } from './catalogue-change.ts';
import { assertAdjustment } from './desk/count-stock.ts';
import {
  insertVariant,
  newProduct,
  newVariant,
  type ProductInput,
  type VariantInput,
} from './import/insert-product.ts';
import { assertOtherPrices } from './prices/other-prices.ts';
import { type VariantChanges, variantUpdate } from './prices/variant-update.ts';
import type { Product } from './product.ts';
import { categoryKeyOf } from './search/words.ts';
import { rememberWords, writeProductSearch } from './search/write-product-search.ts';
import { adjustMovement, adjustMovementId } from './stock-movement.ts';
import type { Variant } from './variant.ts';

/** A product to make, with its first variants. */
export interface NewProductInput extends ProductInput {
  variants?: readonly Omit<VariantInput, 'productId'>[];
}

/**
 * All or nothing. Throws INVALID_INPUT for a slug that another product has or had, an archived one included, and for a SKU
 * that is taken. Likewise for another price in the own one's currency.
 */
export async function createProduct(db: Database, input: NewProductInput, by: CatalogActor): Promise<Product> {
  const product = newProduct(input, by);
  for (const [index, { currency, otherPrices }] of (input.variants ?? []).entries())
    assertOtherPrices(currency, otherPrices, `variants.${index}.otherPrices`);
  const variants = (input.variants ?? []).map((variant) => newVariant({ ...variant, productId: product._id }, by));
  const texts = [input.title, input.category, input.description];
  await rememberWords(db, [...texts, ...variants.flatMap(({ sku, title }) => [sku, title])]);
  const insert = () =>
    inTransaction(db, async (session) => {
      await db.products.create([product], { session });
      for (const variant of variants) await insertVariant(db, variant, by, session);
      await writeProductSearch(db, product._id, session);
    });
  await refuseDuplicate(db, { slug: input.slug }, () => refuseTakenSku(db, variants, insert));
  return product;
}

async function refuseTakenSku<T>(db: Database, variants: readonly Variant[], write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isDuplicateKey(error, 'sku')) throw error;
    const skus = variants.map(({ sku }) => sku);
    const holder = await driverCollection(db.variants).findOne({ sku: { $in: skus } });
    const field = `variants.${holder === null ? 0 : skus.indexOf(holder.sku)}.sku`;
    throw invalidInput(field, holder?.archivedAt === undefined ? TAKEN.sku : TAKEN_BY_ARCHIVED);
  }
}

/** A field that is undefined stays as it is. */
export type Changes<T> = { [K in keyof T]?: T[K] | undefined };

/**
 * May be repeated. Placed orders keep their snapshots; an old slug keeps leading to the product. Throws NOT_FOUND,
 * INVALID_INPUT for a slug that another product has or had, PREVIEW_OUTDATED when the product's `rev` is another.
 */
export async function editProduct(
  db: Database,
  id: Types.ObjectId,
  changes: Changes<ProductInput>,
  by: CatalogActor,
  rev?: number,
): Promise<Product> {
  const { category, slug } = changes;
  const edited = edit(changes, by, category === undefined ? {} : { categoryKey: categoryKeyOf(category) });
  const kept = slug === undefined ? {} : { $addToSet: { slugs: slug } };
  await rememberWords(db, [changes.title, category, changes.description]);
  const update = () =>
    inTransaction(db, async (session) => {
      const change = edited === null ? {} : { ...edited, ...kept };
      const product = await db.products
        .findOneAndUpdate({ _id: id, ...hasRev(rev) }, change, { returnDocument: 'after', session })
        .lean<Product>();
      if (product !== null && edited !== null) await writeProductSearch(db, id, session);
      return product;
    });
  const product = await refuseDuplicate(db, { slug: slug ?? '' }, update);
  if (!product) throw productRefusal(await db.products.findById(id).lean<Product>());
  return product;
}

/** Archives a product with all its variants. May be repeated: the first time is kept. Throws NOT_FOUND. */
export async function archiveProduct(db: Database, id: Types.ObjectId, by: CatalogActor): Promise<Product> {
  return inTransaction(db, async (session) => {
    await db.products.updateOne({ _id: id, archivedAt: null }, archiving(by), { session });
    const product = await db.products.findById(id).session(session).lean<Product>();
    if (!product) throw notFound('Product');
    const unarchived = { productId: id, archivedAt: { $exists: false } };
    await driverCollection(db.variants).updateMany(unarchived, archiving(by), { session });
    await writeProductSearch(db, id, session);
    return product;
  });
}

/**
 * Records the initial stock in the ledger. Throws NOT_FOUND for the product, INVALID_INPUT for a SKU that is taken, and for
 * another price in the own one's currency.
 */
export async function createVariant(db: Database, input: VariantInput, by: CatalogActor): Promise<Variant> {
  assertOtherPrices(input.currency, input.otherPrices);
  const variant = newVariant(input, by);
  const insert = () =>
    inTransaction(db, async (session) => {
      const product = await db.products.exists({ _id: input.productId, archivedAt: null }).session(session);
      if (!product) throw notFound('Product');
      await insertVariant(db, variant, by, session);
      await writeProductSearch(db, input.productId, session);
    });
  await rememberWords(db, [input.sku, input.title]);
  await refuseDuplicate(db, { sku: input.sku }, insert);
  return variant;
}

/**
 * Not the stock, which only adjustStock changes, nor the currency, which carts depend on. May be repeated. Throws
 * NOT_FOUND, INVALID_INPUT for another price in the variant's currency, PREVIEW_OUTDATED when its `rev` is another.
 */
export async function editVariant(
  db: Database,
  id: Types.ObjectId,
  changes: VariantChanges,
  by: CatalogActor,
  rev?: number,
): Promise<Variant> {
  const variants = driverCollection(db.variants);
  const before = await variants.findOne({ _id: id }, { projection: { currency: 1 } });
  if (!before) throw notFound('Variant');
  const { currency } = before;
  assertOtherPrices(currency, changes.otherPrices);
  const update = variantUpdate('edited', changes, currency, by);
  await rememberWords(db, [changes.title]);
  const write = async (session?: ClientSession) => {
    const options = session === undefined ? {} : { session };
    const shown = { _id: id, ...hasRev(rev) };
    const variant = await (update === null
      ? variants.findOne(shown, options)
      : variants.findOneAndUpdate(shown, update, { returnDocument: 'after', ...options }));
    if (!variant) throw variantRefusal(await variants.findOne({ _id: id }, options));
    if (session !== undefined) await writeProductSearch(db, variant.productId, session);
    return variant;
  };
  // Prices alone need no transaction, which sales of the variant would conflict with.
  return changes.title === undefined ? write() : inTransaction(db, write);
}

/**
 * May be repeated: the first time is kept. Paid orders without a reservation of it are cancelled as short. Throws
 * NOT_FOUND.
 */
export async function archiveVariant(db: Database, id: Types.ObjectId, by: CatalogActor): Promise<Variant> {
  const variants = driverCollection(db.variants);
  return inTransaction(db, async (session) => {
    await variants.updateOne({ _id: id, archivedAt: { $exists: false } }, archiving(by), { session });
    const variant = await variants.findOne({ _id: id }, { session });
    if (!variant) throw notFound('Variant');
    await writeProductSearch(db, variant.productId, session);
    return variant;
  });
}

export interface StockAdjustment {
  variantId: Types.ObjectId;
  /** Units to add to the free stock: not 0, may be negative. */
  delta: number;
  reason: string;
  /** Names the adjustment: the same one twice takes effect once. */
  key: ActionKey;
  /** The digest of the preview that staff act on. */
  expect?: string | undefined;
}

export interface AdjustedStock {
  variant: Variant;
  /** False for a repeat of the key. */
  changed: boolean;
}

/**
 * Changes the free stock, with a ledger row whose id is the key's. A repeat of the key changes nothing and may be raced.
 * Throws NOT_FOUND, INSUFFICIENT_STOCK below 0, INVALID_INPUT above MAX_STOCK, ACTION_KEY_REUSED, PREVIEW_OUTDATED.
 */
export async function adjustStock(db: Database, adjustment: StockAdjustment, by: CatalogActor): Promise<AdjustedStock> {
  try {
    return (
      (await findAdjusted(db, adjustment)) ?? { variant: await applyAdjustment(db, adjustment, by), changed: true }
    );
  } catch (error) {
    // A rival under the same key may have been faster, and has then left too few units for ours.
    const earlier = mayHaveRival(error) ? await findAdjusted(db, adjustment) : null;
    if (earlier === null) throw error;
    return earlier;
  }
}

/** By the rival's row, its smaller stock, or its write. */
function mayHaveRival(error: unknown): boolean {
  const isOurs = error instanceof AppError || error instanceof CommitOutcomeUnknownError;
  return isOurs || isDuplicateKey(error) || isTransient(error);
}

/** The outcome of an earlier call with this key; null when there is none. */
async function findAdjusted(db: Database, { variantId, key }: StockAdjustment): Promise<AdjustedStock | null> {
  const row = await driverCollection(db.stockMovements).findOne({ _id: adjustMovementId(key) }, READ_MAJORITY);
  if (findRepeat(row === null ? [] : [row], key) === null) return null;
  const variant = await driverCollection(db.variants).findOne({ _id: variantId }, READ_MAJORITY);
  if (!variant) throw notFound('Variant');
  return { variant, changed: false };
}

function applyAdjustment(
  db: Database,
  { variantId: id, delta, reason, key, expect }: StockAdjustment,
  by: CatalogActor,
): Promise<Variant> {
  return inTransaction(db, async (session) => {
    if (expect !== undefined) await assertAdjustment(db, { variantId: id, delta, expect }, session);
    const fits = { _id: id, stock: { $gte: -delta, $lte: MAX_STOCK - delta } };
    const options = { session, returnDocument: 'after' } as const;
    const variants = driverCollection(db.variants);
    const variant = await variants.findOneAndUpdate(fits, { $inc: { stock: delta } }, options);
    if (!variant) throw stockRefusal(await variants.findOne({ _id: id }, { session }), delta);
    const movement = adjustMovement(key, id, delta, reason, by);
    await driverCollection(db.stockMovements).insertOne(movement, { session });
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

const productRefusal = (found: Product | null) =>
  found ? changedMeanwhile(found.title, found.changes) : notFound('Product');
const variantRefusal = (found: Variant | null) =>
  found ? changedMeanwhile(found.sku, found.changes) : notFound('Variant');

type Name = { slug: string } | { sku: string };
const TAKEN = { slug: 'is taken, or was the address of another product before', sku: 'is taken' } as const;
const TAKEN_BY_ARCHIVED = 'is taken by an archived one, which can be restored';

/** Turns a violated unique index into the field's error. Goes around a transaction, because the violation aborts it. */
async function refuseDuplicate<T>(db: Database, name: Name, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const field = 'slug' in name ? 'slug' : 'sku';
    if (!isDuplicateKey(error, 'slug' in name ? 'slugs' : 'sku')) throw error;
    const archivedHolder =
      'slug' in name
        ? await db.products.exists({ slugs: name.slug, archivedAt: { $ne: null } })
        : await driverCollection(db.variants).findOne({ ...name, archivedAt: { $exists: true } });
    throw invalidInput(field, archivedHolder ? TAKEN_BY_ARCHIVED : TAKEN[field]);
  }
}

/** The update of the fields that are given, with its audit entry; null when none is given. */
function edit(changes: Changes<{ [field: string]: string }>, by: CatalogActor, derived: object) {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (given.length === 0) return null;
  const edited = given.map(([field, value]) => {
    // Without the value of a description, which is long.
    return field === 'description' ? field : `${field}: ${value}`;
  });
  return { $set: { ...Object.fromEntries(given), ...derived }, ...auditEntry(`edited ${edited.join(', ')}`, by) };
}

function archiving(by: CatalogActor) {
  return { $set: { archivedAt: by.now }, ...auditEntry('archived', by) };
}
