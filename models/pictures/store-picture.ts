/** The sizes of a picture, stored under the digest of the file that staff sent. */
import mongoose from 'mongoose';
import { PICTURE_WIDTHS } from '../contract/limits.ts';
import { driverCollection } from '../db/connection.ts';
import type { Database } from '../db/database.ts';

/** A width, or the square for emails; a logo has one size of its own. */
export type PictureName = (typeof PICTURE_WIDTHS)[number] | 'mail' | 'logo';

/** Those of a product's picture. */
export const PICTURE_NAMES: readonly PictureName[] = [...PICTURE_WIDTHS, 'mail'];

export interface PictureSize {
  /** That it is served as. */
  name: PictureName;
  bytes: Uint8Array;
  /** In pixels. */
  width: number;
  height: number;
}

/** Staff put a picture into a product within minutes of sending it. */
const UNUSED_MS = 24 * 3600_000;

/** May be repeated and raced: the id is the content's, and a size that is stored stays as it is. */
export async function storePicture(
  db: Database,
  pictureId: string,
  sizes: readonly PictureSize[],
  now: Date,
): Promise<void> {
  const pictures = driverCollection(db.pictures);
  const expiresAt = new Date(now.getTime() + UNUSED_MS);
  await pictures.bulkWrite(
    sizes.map(({ name, bytes, width, height }) => ({
      updateOne: {
        filter: { _id: pictureKey(pictureId, name) },
        update: { $setOnInsert: { bytes: new mongoose.mongo.Binary(bytes), width, height, expiresAt } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
  // An unused one from before is about to be used again.
  const keys = { _id: { $in: sizes.map(({ name }) => pictureKey(pictureId, name)) } };
  await pictures.updateMany({ ...keys, expiresAt: { $exists: true } }, { $set: { expiresAt } });
  await pictures.updateMany({ ...keys, unusedSince: { $exists: true } }, { $set: { unusedSince: now } });
}

/** The bytes of one size: JPEG for emails, PNG of a logo, otherwise WebP; null for an unknown picture. */
export async function findPicture(db: Database, pictureId: string, name: PictureName): Promise<Uint8Array | null> {
  const picture = await driverCollection(db.pictures).findOne({ _id: pictureKey(pictureId, name) });
  return picture?.bytes.value() ?? null;
}

/**
 * Keeps a logo for ever, because emails that were sent show it, and returns its size; null for one that is not stored. May
 * be repeated.
 */
export async function keepLogo(db: Database, pictureId: string): Promise<Pick<PictureSize, 'width' | 'height'> | null> {
  return driverCollection(db.pictures).findOneAndUpdate(
    { _id: pictureKey(pictureId, 'logo') },
    { $unset: { expiresAt: 1 } },
    { projection: { _id: 0, width: 1, height: 1 } },
  );
}

export function keysOf(pictureId: string): string[] {
  return PICTURE_NAMES.map((name) => pictureKey(pictureId, name));
}

export function pictureKey(pictureId: string, name: PictureName): string {
  return `${pictureId}/${name}`;
}
