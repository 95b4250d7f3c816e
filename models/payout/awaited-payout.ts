/** The money that is captured and in no payout yet, as the last pass over the payouts has counted it. */
import type { AwaitedMoney, Checkpoint } from '../db/checkpoint-document.ts';
import type { Database } from '../db/database.ts';

/** Of one currency: what Paystack holds, in subunits, before its fees. */
export type AwaitedSum = AwaitedMoney;

export interface AwaitedPayout {
  countedAt: Date;
  sums: AwaitedSum[];
}

const CHECKPOINT = 'payouts:awaited';

/** May be raced: of several workers the one that counted last wins. */
export async function saveAwaitedPayout(db: Database, { countedAt, sums }: AwaitedPayout): Promise<void> {
  const update = { $set: { completedAt: countedAt, awaited: sums } };
  await db.checkpoints.updateOne({ _id: CHECKPOINT }, update, { upsert: true });
}

/** Null before the first pass. */
export async function findAwaitedPayout(db: Database): Promise<AwaitedPayout | null> {
  const checkpoint = await db.checkpoints.findById(CHECKPOINT).lean<Checkpoint>();
  if (checkpoint?.completedAt === undefined) return null;
  return { countedAt: checkpoint.completedAt, sums: checkpoint.awaited ?? [] };
}
