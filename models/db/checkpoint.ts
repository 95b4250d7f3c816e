/** Marks of completed passes: when the last whole reconcile pass ended and up to when it looked. One document each. */
import { Schema } from 'mongoose';
import type { Database } from './database.ts';

export interface Checkpoint {
  /** The pass, e.g. `reconcile-paystack`. */
  _id: string;
  completedAt: Date;
}

export const checkpointSchema = new Schema<Checkpoint>(
  { _id: { type: String, required: true }, completedAt: { type: Date, required: true } },
  { collection: 'checkpoints', versionKey: false, strict: 'throw', strictQuery: 'throw' },
);

/** When the pass last ended; null before its first end. */
export async function findCheckpoint(db: Database, name: string): Promise<Date | null> {
  const mark = await db.checkpoints.findById(name).lean<Checkpoint>();
  return mark?.completedAt ?? null;
}

/** Records the end of a pass; an older end never overwrites a younger one. */
export async function advanceCheckpoint(db: Database, name: string, completedAt: Date): Promise<void> {
  await db.checkpoints.updateOne({ _id: name }, { $max: { completedAt } }, { upsert: true });
}
