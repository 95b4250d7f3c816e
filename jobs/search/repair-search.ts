import { findPosition, savePosition } from '../../models/db/checkpoint.ts';
import { repairNewestSearch, repairSearchAfter } from '../../models/search/repair-search.ts';
import type { JobContext } from '../context.ts';

const CHECKPOINT = 'repair-search';

/**
 * Writes the search rows that a process left out when it died after a commit. Each call checks the newest orders, and the
 * next slice of all orders; after the last slice it begins again. Orders changed within `lowerAgeMs` are left to their
 * process. Returns how many rows were written.
 */
export async function repairSearch(
  { db, clock }: Pick<JobContext, 'db' | 'clock'>,
  lowerAgeMs: number,
): Promise<number> {
  const now = clock.now();
  const changedBefore = new Date(now.getTime() - lowerAgeMs);
  const newest = await repairNewestSearch(db, changedBefore);
  const slice = await repairSearchAfter(db, await findPosition(db, CHECKPOINT), changedBefore);
  await savePosition(db, CHECKPOINT, slice.last, now);
  return newest.repaired + slice.repaired;
}
