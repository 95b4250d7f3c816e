import type { Types } from 'mongoose';
import { auditEntry, type CatalogActor, changedMeanwhile, hasRev } from '../catalogue/catalogue-change.ts';
import type { Product, ProductPicture } from '../catalogue/product.ts';
import { PICTURE_WIDTHS } from '../contract/limits.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';
import { invalidInput, notFound } from '../errors.ts';
import { markRemoved } from './clear-pictures.ts';
import { keysOf, PICTURE_NAMES, pictureKey } from './store-picture.ts';

export interface ChosenPicture {
  pictureId: string;
  /** The product's title when missing. */
  text?: string | undefined;
}

/**
 * Replaces a product's pictures. May be repeated. The pictures lose their end first, so that none of a product's is ever
 * deleted. Throws NOT_FOUND for the product, INVALID_INPUT for a picture that is not stored, PREVIEW_OUTDATED when the
 * product's `rev` is another.
 */
export async function setPictures(
  db: Database,
  productId: Types.ObjectId,
  chosen: readonly ChosenPicture[],
  by: CatalogActor,
  rev?: number,
): Promise<Product> {
  const found = await db.products.findById(productId).lean<Product>();
  if (!found) throw notFound('Product');
  const kept = await keepPictures(db, productId, chosen);
  const pictures = kept.map((picture) => ({ ...picture, text: picture.text ?? found.title }));
  const change = pictures.length === 0 ? 'removed the pictures' : `changed the pictures, now ${pictures.length}`;
  const update = pictures.length === 0 ? { $unset: { pictures: 1 } } : { $set: { pictures } };
  const before = await db.products
    .findOneAndUpdate({ _id: productId, ...hasRev(rev) }, { ...update, ...auditEntry(change, by) })
    .lean<Product>();
  if (!before) throw changedMeanwhile(found.title, (await db.products.findById(productId).lean<Product>())?.changes);
  const removed = (before.pictures ?? []).filter((old) => !kept.some(({ pictureId }) => pictureId === old.pictureId));
  await markRemoved(
    db,
    removed.map(({ pictureId }) => pictureId),
    by.now,
  );
  return { ...before, pictures, rev: (before.rev ?? 0) + 1 };
}

async function keepPictures(
  db: Database,
  productId: Types.ObjectId,
  chosen: readonly ChosenPicture[],
): Promise<(Omit<ProductPicture, 'text'> & ChosenPicture)[]> {
  const ids = chosen.map(({ pictureId }) => pictureId);
  const stored = driverCollection(db.pictures);
  const keys = { _id: { $in: ids.flatMap(keysOf) } };
  const { matchedCount } = await stored.updateMany(keys, {
    $unset: { expiresAt: 1, unusedSince: 1 },
    $addToSet: { productIds: productId },
  });
  const largest = await stored
    .find<{ _id: string; width: number; height: number }>(
      { _id: { $in: ids.map((id) => pictureKey(id, PICTURE_WIDTHS[2])) } },
      { projection: { width: 1, height: 1 } },
    )
    .toArray();
  const sizes = new Map(largest.map((size) => [size._id, size]));
  if (matchedCount < ids.length * PICTURE_NAMES.length || sizes.size < ids.length)
    throw invalidInput('pictures', 'holds one that is no longer here; send its file once more');
  return chosen.flatMap(({ pictureId, text }) => {
    const size = sizes.get(pictureKey(pictureId, PICTURE_WIDTHS[2]));
    return size === undefined ? [] : [{ pictureId, width: size.width, height: size.height, text }];
  });
}
