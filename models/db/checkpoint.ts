import type { Types } from 'mongoose';
import type { Checkpoint } from './checkpoint-document.ts';
import type { Database } from './database.ts';

/** The last id that a pass has reached; null where it begins. */
export async function findPosition(db: Database, name: string): Promise<Types.ObjectId | null> {
  const checkpoint = await db.checkpoints.findById(name).lean<Checkpoint>();
  return checkpoint?.position ?? null;
}

/** Raced by another worker, either position stays: both passes repeat what they have done. */
export async function savePosition(
  db: Database,
  name: string,
  position: Types.ObjectId | null,
  now: Date,
): Promise<void> {
  const place = position === null ? { $unset: { position: 1 } } : { $set: { position } };
  await db.checkpoints.updateOne({ _id: name }, { ...place, $max: { completedAt: now } }, { upsert: true });
}
