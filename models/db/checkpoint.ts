/** Reading and advancing the checkpoints of passes. */
import type { Checkpoint } from './checkpoint-document.ts';
import type { Database } from './database.ts';

/** When the pass last ended; null before its first end. */
export async function findCheckpoint(db: Database, name: string): Promise<Date | null> {
  const mark = await db.checkpoints.findById(name).lean<Checkpoint>();
  return mark?.completedAt ?? null;
}

/** Records the end of a pass; an older end never overwrites a younger one. */
export async function advanceCheckpoint(db: Database, name: string, completedAt: Date): Promise<void> {
  await db.checkpoints.updateOne({ _id: name }, { $max: { completedAt } }, { upsert: true });
}
