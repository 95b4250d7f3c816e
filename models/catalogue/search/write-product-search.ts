import type { ClientSession, Types } from 'mongoose';
import { driverCollection } from '../../db/connection.ts';
import type { Database } from '../../db/database.ts';
import { areDuplicateKeys } from '../../db/mongo-errors.ts';
import { inTransaction } from '../../db/transaction.ts';
import { NOT_ARCHIVED } from '../availability.ts';
import type { Product } from '../product.ts';
import type { Variant } from '../variant.ts';
import { toProductTokens } from './product-tokens.ts';
import { LEAST_TYPO_WORD, shortenedForms, wordsOf } from './words.ts';

/**
 * Writes the product's search row from the product and its variants as the transaction sees them; an archived product has
 * none. Two changes of one product conflict on the row, and the later one is made again.
 */
export async function writeProductSearch(db: Database, productId: Types.ObjectId, session: ClientSession) {
  const rows = driverCollection(db.productSearch);
  const product = await db.products
    .findOne({ _id: productId, ...NOT_ARCHIVED })
    .session(session)
    .lean<Product>();
  if (!product) {
    await rows.deleteOne({ _id: productId }, { session });
    return;
  }
  const variants = await driverCollection(db.variants)
    .find<Pick<Variant, 'sku' | 'title'>>(
      { productId, archivedAt: { $exists: false } },
      { session, projection: { sku: 1, title: 1 } },
    )
    .toArray();
  const t = toProductTokens(product, variants);
  await rows.updateOne({ _id: productId }, { $set: { t } }, { session, upsert: true });
}

/** Remembers the words of these texts for typing errors. Not for use inside a transaction. May be repeated and raced. */
export async function rememberWords(db: Database, texts: readonly (string | undefined)[]): Promise<void> {
  const words = new Set(texts.flatMap((text) => (text === undefined ? [] : wordsOf(text))));
  // A word of one letter less may be meant by a word of the least length.
  const known = [...words].filter((word) => word.length >= LEAST_TYPO_WORD - 1);
  if (known.length === 0) return;
  const writes = known.map((word) => ({
    updateOne: {
      filter: { _id: word },
      update: { $setOnInsert: { shortened: shortenedForms(word) } },
      upsert: true,
    },
  }));
  try {
    await driverCollection(db.searchWords).bulkWrite(writes, { ordered: false });
  } catch (error) {
    // Another writer has inserted the same word.
    if (!areDuplicateKeys(error)) throw error;
  }
}

const BATCH_SIZE = 200;

/** Writes the search rows and words of all products. May be killed and repeated, and runs beside the shop. */
export async function rebuildProductSearch(db: Database): Promise<number> {
  let written = 0;
  for (let after: Types.ObjectId | null = null; ; ) {
    const products: Product[] = await db.products
      .find(after === null ? {} : { _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(BATCH_SIZE)
      .lean<Product[]>();
    const ids = products.map(({ _id }) => _id);
    const variants = await driverCollection(db.variants)
      .find({ productId: { $in: ids } })
      .toArray();
    const texts = products.flatMap(({ title, category, description }) => [title, category, description]);
    await rememberWords(db, [...texts, ...variants.flatMap(({ sku, title }) => [sku, title])]);
    for (const id of ids) await inTransaction(db, (session) => writeProductSearch(db, id, session));
    written += ids.length;
    after = ids.at(-1) ?? null;
    if (after === null) return written;
  }
}
