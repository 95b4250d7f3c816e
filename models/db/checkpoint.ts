import type { Types } from 'mongoose';
import type { Checkpoint, Round } from './checkpoint-document.ts';
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

/** For staff alone: of several workers the last one's stays. */
export async function saveRound(db: Database, job: string, round: Round): Promise<void> {
  await db.checkpoints.updateOne({ _id: roundId(job) }, { $set: { round } }, { upsert: true });
}

export async function findRound(db: Database, job: string): Promise<Round | null> {
  const checkpoint = await db.checkpoints.findById(roundId(job)).lean<Checkpoint>();
  return checkpoint?.round ?? null;
}

function roundId(job: string): string {
  return `round:${job}`;
}
