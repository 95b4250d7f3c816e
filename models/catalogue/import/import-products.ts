/** Imports products from the rows of a file: each product wholly or not at all, in a transaction of its own. */
import type { ClientSession } from 'mongoose';
import { toActionKey } from '../../action-key.ts';
import type { ImportedProduct, ImportInput } from '../../contract/desk/product-import.ts';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { isDuplicateKey } from '../../db/mongo-errors.ts';
import { inTransaction } from '../../db/transaction.ts';
import { auditEntry, type CatalogActor } from '../catalogue-change.ts';
import { variantUpdate } from '../prices/variant-update.ts';
import type { Product } from '../product.ts';
import { categoryKeyOf } from '../search/words.ts';
import { rememberWords, writeProductSearch } from '../search/write-product-search.ts';
import { adjustMovement, adjustMovementId } from '../stock-movement.ts';
import { insertVariant, newProduct, newVariant } from './insert-product.ts';
import { type ImportPlan, type ImportRules, planImport, type Stored } from './plan-import.ts';
import { type ReadProduct, readImport } from './read-import.ts';

type Rows = Pick<ImportInput, 'file' | 'rows'>;

/** Writes nothing. */
export async function previewImport(
  db: Database,
  { file, rows }: Rows,
  rules: ImportRules,
): Promise<ImportedProduct[]> {
  const read = readImport(rows);
  const stored = await readStored(db, file, read);
  return read.map((product) => toShown(planImport(product, stored(product), rules)));
}

export interface ProductOutcome extends ImportedProduct {
  outcome: 'done' | 'same' | 'fault' | 'outdated';
}

/**
 * May be repeated: what stands already is left, and a row of the same file changes the stock once. `expected`: the digests
 * of the preview, by slug; a product that has another one is left as it is.
 */
export async function importProducts(
  db: Database,
  { file, rows }: Rows,
  expected: ReadonlyMap<string, string>,
  rules: ImportRules,
  by: CatalogActor,
): Promise<ProductOutcome[]> {
  const outcomes: ProductOutcome[] = [];
  for (const read of readImport(rows)) outcomes.push(await importProduct(db, file, read, expected, rules, by));
  return outcomes;
}

async function importProduct(
  db: Database,
  file: string,
  read: ReadProduct,
  expected: ReadonlyMap<string, string>,
  rules: ImportRules,
  by: CatalogActor,
): Promise<ProductOutcome> {
  const { title, category, description } = read.texts;
  const words = read.variants.flatMap((variant) => [variant.sku, variant.title]);
  if (read.faults.length === 0) await rememberWords(db, [title, category, description, ...words]);
  const attempt = () =>
    inTransaction(db, async (session): Promise<ProductOutcome> => {
      const plan = planImport(read, (await readStored(db, file, [read], session))(read), rules);
      const shown = toShown(plan);
      if (plan.change === 'fault' || plan.change === 'same') return { ...shown, outcome: plan.change };
      if ((expected.get(plan.product) ?? plan.digest) !== plan.digest) return { ...shown, outcome: 'outdated' };
      await writePlan(db, file, plan, by, session);
      return { ...shown, outcome: 'done' };
    });
  try {
    return await attempt();
  } catch (error) {
    // Somebody else has made the product or one of its variants meanwhile: the second reading sees it.
    if (!isDuplicateKey(error)) throw error;
    return attempt();
  }
}

async function writePlan(db: Database, file: string, plan: ImportPlan, by: CatalogActor, session: ClientSession) {
  const productId = await writeProduct(db, plan, by, session);
  if (productId === null) return;
  for (const one of plan.newVariants) await insertVariant(db, newVariant({ ...one, productId }, by), by, session);
  const variants = driverCollection(db.variants);
  for (const { variant, changes } of plan.edits) {
    const update = variantUpdate('imported', changes, variant.currency, by);
    if (update !== null) await variants.updateOne({ _id: variant._id }, update, { session });
  }
  for (const { row, variant, delta } of plan.stock) {
    // The transaction conflicts with a sale: then the whole of it runs again and sees the new stock.
    await variants.updateOne({ _id: variant._id }, { $inc: { stock: delta } }, { session });
    const key = toActionKey(stockKey(file, row), { sku: variant.sku });
    const movement = adjustMovement(key, variant._id, delta, 'imported from a file', by);
    await driverCollection(db.stockMovements).insertOne(movement, { session });
  }
  await writeProductSearch(db, productId, session);
}

async function writeProduct(db: Database, plan: ImportPlan, by: CatalogActor, session: ClientSession) {
  if (plan.made !== null) {
    const product = newProduct(plan.made, by);
    await db.products.create([product], { session });
    return product._id;
  }
  const { texts, product: slug } = plan;
  const fields = Object.keys(texts);
  const { category } = texts;
  const change = {
    $set: { ...texts, ...(category === undefined ? {} : { categoryKey: categoryKeyOf(category) }) },
    ...auditEntry(`imported ${fields.join(', ')}`, by),
  };
  const found = await db.products
    .findOneAndUpdate({ slug }, fields.length === 0 ? {} : change, { session })
    .lean<Pick<Product, '_id'>>();
  return found?._id ?? null;
}

function stockKey(file: string, row: number): string {
  return `${file}.${row}`;
}

/** Reads the stored documents that the products of the file are about, all of them by three commands. */
async function readStored(
  db: Database,
  file: string,
  read: readonly ReadProduct[],
  session?: ClientSession,
): Promise<(product: ReadProduct) => Stored> {
  const options = session === undefined ? {} : { session };
  const rows = read.flatMap(({ variants }) => variants);
  const products = await db.products
    .find({ slugs: { $in: read.map(({ slug }) => slug) } })
    .session(session ?? null)
    .lean<Product[]>();
  const variants = await driverCollection(db.variants)
    .find({ sku: { $in: rows.map(({ sku }) => sku) } }, options)
    .toArray();
  const keys = rows.filter(({ stock }) => stock !== undefined).map(({ row }) => stockKey(file, row));
  const movements = await driverCollection(db.stockMovements)
    .find({ _id: { $in: keys.map((id) => adjustMovementId({ id })) } }, { projection: { _id: 1 }, ...options })
    .toArray();
  const bySku = new Map(variants.map((variant) => [variant.sku, variant]));
  const stockedRows = new Set(movements.map(({ _id }) => Number(_id.slice(_id.lastIndexOf('.') + 1))));
  return ({ slug }) => ({
    product: products.find(({ slugs }) => slugs.includes(slug)),
    variants: bySku,
    stockedRows,
  });
}

function toShown({ product, rows, change, effects, faults, digest }: ImportPlan): ImportedProduct {
  return { product, rows, change, effects, faults, digest };
}
