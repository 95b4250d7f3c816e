import type { Checkpoint } from './checkpoint-document.ts';
import type { Database } from './database.ts';

/** null before the first completed pass. */
export async function findCheckpoint(db: Database, name: string): Promise<Date | null> {
  const checkpoint = await db.checkpoints.findById(name).lean<Checkpoint>();
  return checkpoint?.completedAt ?? null;
}

/** May be repeated and raced: an older time never overwrites a newer one. */
export async function advanceCheckpoint(db: Database, name: string, completedAt: Date): Promise<void> {
  await db.checkpoints.updateOne({ _id: name }, { $max: { completedAt } }, { upsert: true });
}
